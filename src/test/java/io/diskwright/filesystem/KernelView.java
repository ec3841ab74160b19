package io.diskwright.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a mounted filesystem shows, compared with what our reader gives of the same volume: a line
 * for each path, made by Python of the mount and by us of the tree. The listing goes through {@code
 * java.nio.file}, and each directory's entries are also looked up by name.
 */
public final class KernelView {

  /** A column of a line; a filesystem that does not keep something leaves its column out. */
  public enum Column {
    TYPE,
    MODE,
    UID,
    GID,
    LINKS,
    /** Of everything but directories. */
    SIZE,
    /** Of directories, which not every kernel driver tells as the disk does. */
    DIRECTORY_SIZE,
    MODIFIED,
    CHANGED,
    DEVICE,
    TARGET,
    CONTENT,
    ATTRIBUTES
  }

  /** Content larger than this is hashed by its blocks that are not zero, for sparse files' sake. */
  private static final long WHOLE = 64 << 20;

  private static final int BLOCK = 1 << 16;

  private static final String SCRIPT =
      """
      import hashlib, os, stat, sys
      top = os.fsencode(sys.argv[1])
      def escape(b):
          return ''.join(chr(c) if 32 < c < 127 and c != 37 else '%%%02x' % c for c in b)
      def content(path, size):
          h = hashlib.sha256()
          with open(path, 'rb', buffering=0) as f:
              if size <= (64 << 20):
                  while True:
                      block = f.read(1 << 20)
                      if not block: return h.hexdigest()
                      h.update(block)
              zeros = bytes(1 << 16)
              at = 0
              while at < size:
                  try: at = os.lseek(f.fileno(), at, os.SEEK_DATA) & ~0xffff
                  except OSError: break
                  os.lseek(f.fileno(), at, os.SEEK_SET)
                  block = f.read(1 << 16)
                  if block and block != zeros[:len(block)]:
                      h.update(b'%d:' % at); h.update(block)
                  at += 1 << 16
          return h.hexdigest()
      def attributes(path):
          try: names = os.listxattr(path, follow_symlinks=False)
          except OSError: return ''
          return ','.join(sorted(escape(os.fsencode(n)) + '=' + hashlib.sha256(
              os.getxattr(path, n, follow_symlinks=False)).hexdigest()[:16] for n in names
              if not n.startswith('system.ntfs')))
      def line(relative):
          path = os.path.join(top, relative) if relative else top
          s = os.lstat(path)
          kind = stat.S_IFMT(s.st_mode)
          print('\\t'.join([
              '/' + escape(relative),
              stat.filemode(s.st_mode)[0],
              '%o' % (s.st_mode & 0o7777), str(s.st_uid), str(s.st_gid), str(s.st_nlink),
              str(s.st_size) if kind != stat.S_IFDIR else '-',
              str(s.st_size) if kind == stat.S_IFDIR else '-',
              str(s.st_mtime_ns), str(s.st_ctime_ns),
              '%d:%d' % (os.major(s.st_rdev), os.minor(s.st_rdev)),
              escape(os.readlink(path)) if kind == stat.S_IFLNK else '-',
              content(path, s.st_size) if kind == stat.S_IFREG else '-',
              attributes(path)]))
      line(b'')
      stack = [b'']
      while stack:
          folder = stack.pop()
          for entry in os.scandir(os.path.join(top, folder) if folder else top):
              relative = folder + b'/' + entry.name if folder else entry.name
              line(relative)
              if entry.is_dir(follow_symlinks=False): stack.append(relative)
      """;

  private KernelView() {}

  /** The Python that prints a mount's lines; its argument is the mount point. */
  public static String script() {
    return SCRIPT;
  }

  /** The lines of what is mounted at a folder, by path. */
  public static Map<String, String> ofMount(Path mountPoint)
      throws IOException, InterruptedException {
    return ofOutput(Tool.runWithInput(SCRIPT, List.of("python3", "-", mountPoint.toString())));
  }

  /** The lines that {@link #script} printed, by path. */
  public static Map<String, String> ofOutput(String output) {
    Map<String, String> lines = new TreeMap<>();
    for (String line : output.split("\n")) {
      lines.put(line.substring(0, line.indexOf('\t')), line);
    }
    return lines;
  }

  /** The lines of a tree, by path. */
  public static Map<String, String> ofTree(FileTree tree) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    var fileSystem = new TreeFileSystem(tree);
    walk(fileSystem.root(), "", lines);
    return lines;
  }

  /** Compares a tree with a mount in the columns named. */
  public static void assertSame(FileTree tree, Path mountPoint, Set<Column> columns)
      throws IOException, InterruptedException {
    assertSame(tree, ofMount(mountPoint), columns);
  }

  /** Compares a tree with the lines of a mount in the columns named. */
  public static void assertSame(FileTree tree, Map<String, String> mount, Set<Column> columns)
      throws IOException {
    List<String> expected = only(mount, columns);
    List<String> actual = only(ofTree(tree), columns);
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(Set.copyOf(actual));
    List<String> surplus = new ArrayList<>(actual);
    surplus.removeAll(Set.copyOf(expected));
    assertThat(surplus.stream().limit(10).toList())
        .as(
            "lines that only we have, of %d; only the kernel: %s",
            surplus.size(), missing.stream().limit(10).toList())
        .isEmpty();
    assertThat(missing.stream().limit(10).toList()).as("lines that only the kernel has").isEmpty();
    assertThat(actual).hasSameSizeAs(expected);
  }

  private static List<String> only(Map<String, String> lines, Set<Column> columns) {
    return lines.values().stream()
        .map(line -> {
          String[] fields = line.split("\t", -1);
          var kept = new StringBuilder(fields[0]);
          for (Column column : Column.values()) {
            kept.append('\t').append(columns.contains(column) ? fields[column.ordinal() + 1] : "");
          }
          return kept.toString();
        })
        .toList();
  }

  private static void walk(Path start, String name, Map<String, String> lines) throws IOException {
    var pending = new ArrayList<Path>();
    lines.put("/" + name, line(start, "/" + name));
    pending.add(start);
    while (!pending.isEmpty()) {
      Path directory = pending.removeLast();
      Node node = TreeFileSystem.node(directory);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          String path = escape(EntryNames.encode(entry.toString()));
          String previous = lines.put(path, line(entry, path));
          assertThat(previous).as("listed twice").isNull();
          Node found = node.child(entry.getFileName().toString()).orElseThrow();
          assertThat(found.number()).as("lookup of %s", entry).isEqualTo(itself(entry).number());
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            pending.add(entry);
          }
        }
      }
    }
  }

  private static String line(Path path, String escaped) throws IOException {
    Node node = itself(path);
    NodeAttributes a = node.attributes();
    boolean directory = a.kind() == FileKind.DIRECTORY;
    return String.join(
        "\t",
        escaped,
        String.valueOf(a.kind().letter()),
        Integer.toOctalString(a.permissions()),
        Long.toString(a.uid()),
        Long.toString(a.gid()),
        Long.toString(a.links()),
        directory ? "-" : Long.toString(a.size()),
        directory ? Long.toString(a.size()) : "-",
        nanos(a.times().modified()),
        nanos(a.times().changed()),
        a.deviceMajor() + ":" + a.deviceMinor(),
        a.kind() == FileKind.SYMBOLIC_LINK ? escape(EntryNames.encode(node.linkTarget())) : "-",
        a.kind() == FileKind.REGULAR ? content(node.content()) : "-",
        attributes(node));
  }

  /** The node of a path itself, links not followed. */
  private static Node itself(Path path) throws IOException {
    TreePath tree = (TreePath) path;
    return tree.getFileSystem().locate(tree, false).node();
  }

  private static String nanos(Instant time) {
    return Long.toString(
        Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()));
  }

  private static String attributes(Node node) throws IOException {
    List<String> shown = new ArrayList<>();
    for (Map.Entry<String, ByteSource> attribute : node.extendedAttributes().entrySet()) {
      ByteBuffer value = ByteBuffer.allocate((int) attribute.getValue().size());
      attribute.getValue().read(0, value);
      shown.add(
          escape(EntryNames.encode(attribute.getKey()))
              + "="
              + HexFormat.of().formatHex(sha256().digest(value.array())).substring(0, 16));
    }
    return shown.stream().sorted().collect(Collectors.joining(","));
  }

  private static String content(ByteSource content) throws IOException {
    MessageDigest digest = sha256();
    long size = content.size();
    boolean whole = size <= WHOLE;
    byte[] zeros = new byte[BLOCK];
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long at = 0; at < size; at += BLOCK) {
      if (!whole) {
        Run run = content.runAt(at, size - at);
        if (run.hole() && run.length() >= BLOCK) {
          at += (run.length() / BLOCK - 1) * BLOCK;
          continue;
        }
      }
      block.clear().limit((int) Math.min(BLOCK, size - at));
      content.read(at, block);
      block.flip();
      if (whole) {
        digest.update(block);
      } else if (block.mismatch(ByteBuffer.wrap(zeros, 0, block.limit())) >= 0) {
        digest.update((at + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(block);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String escape(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      int c = Byte.toUnsignedInt(b);
      if (c > 32 && c < 127 && c != '%') {
        text.append((char) c);
      } else {
        text.append(String.format(Locale.ROOT, "%%%02x", c));
      }
    }
    return text.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
