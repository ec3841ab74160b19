package io.diskwright.extract;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file or a tree of a guest as a tar archive, with owners, modes, times, links and
 * devices, for what the host's file system cannot hold without root. Names are kept byte for byte.
 * Sockets are left out, since tar has none; extended attributes too.
 */
public final class TarStream {

  private static final int BUFFER = 1 << 18;

  /** Written at once; the archive is filled up to it. By default each record of 512 bytes is. */
  private static final int BLOCK = 1 << 16;

  private final TarArchiveOutputStream out;
  private final Skipped skipped;
  private final byte[] buffer = new byte[BUFFER];
  private final Map<Key, String> linked = new HashMap<>();

  private TarStream(TarArchiveOutputStream out, Skipped skipped) {
    this.out = out;
    this.skipped = skipped;
  }

  /** A node with several names, of which the first was written. */
  private record Key(Object tree, long number) {}

  /** A directory whose entries are being written. */
  private record Open(DirectoryStream<Path> stream, Iterator<Path> entries, String name) {}

  /**
   * Writes the whole archive.
   *
   * @param source a path of a {@link TreeFileSystem}; a link that it names itself is followed
   * @param target stays open
   */
  public static void write(Path source, OutputStream target, Skipped skipped) throws IOException {
    // Latin-1 takes each byte of a name for a character, and GNU's long names are made so too.
    var out = new TarArchiveOutputStream(target, BLOCK, StandardCharsets.ISO_8859_1.name());
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    Path real = source.toRealPath();
    Path name = real.getFileName();
    new TarStream(out, skipped).all(real, name == null ? "." : bytes(name.toString()));
    out.finish();
    out.flush();
  }

  private static String bytes(String name) {
    return new String(EntryNames.encode(name), StandardCharsets.ISO_8859_1);
  }

  private void all(Path source, String name) throws IOException {
    Deque<Open> open = new ArrayDeque<>();
    Open first = one(source, name);
    if (first != null) {
      open.push(first);
    }
    while (!open.isEmpty()) {
      Open directory = open.element();
      Path entry = next(directory);
      if (entry == null) {
        directory.stream.close();
        open.pop();
        continue;
      }
      Open inner = one(entry, directory.name + "/" + bytes(String.valueOf(entry.getFileName())));
      if (inner != null) {
        open.push(inner);
      }
    }
  }

  private static @Nullable Path next(Open directory) throws IOException {
    try {
      return directory.entries.hasNext() ? directory.entries.next() : null;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Writes a node; a directory comes back to be gone through. */
  private @Nullable Open one(Path source, String name) throws IOException {
    Node node = TreeFileSystem.node(source, LinkOption.NOFOLLOW_LINKS);
    NodeAttributes attributes = node.attributes();
    if (attributes.kind() == FileKind.SOCKET) {
      skipped.skipped(source.toString(), "it is a socket");
      return null;
    }
    boolean directory = attributes.kind() == FileKind.DIRECTORY;
    if (!directory && attributes.links() > 1) {
      String first = linked.putIfAbsent(new Key(node.tree(), node.number()), name);
      if (first != null) {
        TarArchiveEntry link = entry(name, TarConstants.LF_LINK, attributes);
        link.setLinkName(first);
        header(link);
        return null;
      }
    }
    switch (attributes.kind()) {
      case DIRECTORY -> header(entry(name + "/", TarConstants.LF_DIR, attributes));
      case SYMBOLIC_LINK -> {
        TarArchiveEntry link = entry(name, TarConstants.LF_SYMLINK, attributes);
        link.setLinkName(bytes(node.linkTarget()));
        header(link);
      }
      case CHARACTER_DEVICE -> device(entry(name, TarConstants.LF_CHR, attributes), attributes);
      case BLOCK_DEVICE -> device(entry(name, TarConstants.LF_BLK, attributes), attributes);
      case FIFO -> header(entry(name, TarConstants.LF_FIFO, attributes));
      default -> file(name, attributes, node.content());
    }
    if (!directory) {
      return null;
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(source);
    return new Open(stream, stream.iterator(), name);
  }

  private static TarArchiveEntry entry(String name, byte kind, NodeAttributes attributes) {
    var entry = new TarArchiveEntry(name, kind, true);
    entry.setMode(attributes.permissions());
    entry.setUserId(attributes.uid());
    entry.setGroupId(attributes.gid());
    entry.setLastModifiedTime(FileTime.from(attributes.times().modified()));
    return entry;
  }

  private void device(TarArchiveEntry entry, NodeAttributes attributes) throws IOException {
    entry.setDevMajor(attributes.deviceMajor());
    entry.setDevMinor(attributes.deviceMinor());
    header(entry);
  }

  private void header(TarArchiveEntry entry) throws IOException {
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  private void file(String name, NodeAttributes attributes, ByteSource content) throws IOException {
    TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, attributes);
    entry.setSize(content.size());
    out.putArchiveEntry(entry);
    long position = 0;
    while (position < content.size()) {
      int length = (int) Math.min(BUFFER, content.size() - position);
      content.read(position, ByteBuffer.wrap(buffer, 0, length));
      out.write(buffer, 0, length);
      position += length;
    }
    out.closeArchiveEntry();
  }
}
