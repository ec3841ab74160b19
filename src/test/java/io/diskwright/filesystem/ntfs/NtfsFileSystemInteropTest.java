package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.filesystem.TreeFiller.Part;
import io.diskwright.source.FileSource;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes made by mkntfs and filled through ntfs-3g, compared with what ntfs-3g shows of them. */
@Tag("interop")
@Tag("root")
class NtfsFileSystemInteropTest {

  private static final String HOLES =
      """
      import os, sys
      os.chdir(sys.argv[1])
      def write(name, size, *places):
          with open(name, 'wb') as f:
              for at in places: f.seek(at); f.write(b'at %d' % at)
              f.truncate(size)
      write('hole-first', 100003, 100000); write('hole-last', 1234567, 0)
      write('all-hole', 5555555); write('holes', 100 << 20, 0, 30 << 20, (70 << 20) + 12345)
      """;

  /** Files that fill the volume, of which every other one makes room for the table to grow. */
  private static final String SCATTERED =
      """
      import os, sys
      os.chdir(sys.argv[1])
      def fill(name, size):
          n = 0
          try:
              while True:
                  f = os.open(name + str(n), os.O_CREAT | os.O_WRONLY)
                  n += 1
                  try: os.write(f, b'x' * size)
                  finally: os.close(f)
          except OSError: return n
      for i in range(0, fill('fill', 1536), 2): os.remove('fill%d' % i)
      fill('new', 1)
      """;

  private static final String COMPRESSED =
      """
      import os, random, subprocess, sys
      os.chdir(sys.argv[1])
      os.mkdir('c')
      subprocess.check_call(['setfattr', '-h', '-v', '0x00000800', '-n', 'system.ntfs_attrib_be', 'c'])
      random.seed(3)
      text = b''.join(b'line %d of %x\\n' % (i, random.getrandbits(i % 40 + 1)) for i in range(9000))
      noise = random.randbytes(200000)
      def write(name, data): open('c/' + name, 'wb').write(data)
      write('text', text); write('zeros', bytes(300000)); write('noise', noise)
      write('mixed', text + noise + bytes(200000) + text); write('small', b'x' * 1000)
      for n in (4095, 4096, 4097, 65535, 65536, 65537): write('%d' % n, text[:n])
      with open('c/holes', 'wb') as f:
          f.write(text[:5000]); f.seek(500000); f.write(text); f.seek(2000000); f.write(b'end')
      with open('c/appended', 'wb', 0) as f:
          for i in range(100): f.write(text[i * 100:i * 100 + 777])
      """;

  private static final String ATTRIBUTES =
      """
      import os, subprocess, sys
      os.chdir(sys.argv[1])
      for value in range(8):
          for size in range(3):
              name = '%d-%d' % (value, size)
              open(name, 'wb').write(b'x' * size)
              subprocess.check_call(['setfattr', '-h', '-v', '0x%08x' % value, '-n',
                                     'system.ntfs_attrib_be', name])
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "512, 512, 100, SIZES+MANY+ODD_NAMES+ATTRIBUTES",
    "4096, 512, 120, SIZES+DEEP+LINKS+SPECIAL+FRAGMENTED",
    "4096, 4096, 60, LINKS+SPECIAL+ODD_NAMES",
    "65536, 512, 600, SIZES",
    "2097152, 512, 1200, SIZES"
  })
  void showsWhatNtfs3gShows(int clusterSize, int sectorSize, int megabytes, String parts)
      throws Exception {
    Path volume = volume(megabytes, clusterSize, sectorSize);
    try (Mount mount = mount(volume, "rw")) {
      TreeFiller.fill(
          mount.point(), Arrays.stream(parts.split("\\+")).map(Part::valueOf).toArray(Part[]::new));
      run(mount.point(), HOLES);
      // What is not the user's it hides from this mount's owner; we show it.
      Tool.run("sh", "-c", "rm -f " + mount.point() + "/attributes/[45]");
    }
    compare(volume);
  }

  @Test
  void lists100000Entries() throws Exception {
    Path volume = volume(160, 4096, 512);
    List<String> expected;
    try (Mount mount = mount(volume, "rw")) {
      TreeFiller.fill(mount.point(), Part.HUNDRED_THOUSAND);
      String folder = mount.point().resolve("100000").toString();
      expected = Tool.run("ls", "-A", folder).lines().toList();
    }
    try (FileSource source = FileSource.open(volume)) {
      NtfsFileSystem tree = NtfsFileSystem.open(source).orElseThrow();
      Node directory = tree.root().child("100000").orElseThrow();
      List<String> names = new ArrayList<>();
      EntryCursor entries = directory.entries();
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        names.add(entry.name());
        assertThat(directory.child(entry.name()).orElseThrow().number())
            .isEqualTo(entry.node().number());
      }
      assertThat(names).isEqualTo(expected).hasSize(100_000);
      List<Problem> problems = new ArrayList<>();
      tree.check(problems::add);
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void readsATableOfFilesThatLiesInManyPieces() throws Exception {
    Path volume = volume(16, 512, 512);
    try (Mount mount = mount(volume, "rw")) {
      run(mount.point(), SCATTERED);
    }
    try (FileSource source = FileSource.open(volume)) {
      NtfsFileSystem tree = NtfsFileSystem.open(source).orElseThrow();
      NtfsNode table = (NtfsNode) tree.root().child("$MFT").orElseThrow();
      assertThat(table.file().first(Attribute.ATTRIBUTE_LIST)).isPresent();
    }
    compare(volume);
  }

  @Test
  void decodesWhatNtfs3gCompresses() throws Exception {
    Path volume = volume(60, 4096, 512);
    try (Mount mount = mount(volume, "rw,compression")) {
      run(mount.point(), COMPRESSED);
    }
    compare(volume);
  }

  @Test
  void showsLinksAndSpecialFilesOfWindows() throws Exception {
    Path volume = volume(20, 1024, 512);
    try (Mount mount = mount(volume, "rw,special_files=wsl")) {
      TreeFiller.fill(mount.point(), Part.LINKS, Part.SPECIAL);
      run(mount.point(), ATTRIBUTES);
    }
    // This mount shows special files of Windows' subsystem for Linux without any permissions.
    compare(volume, EnumSet.complementOf(EnumSet.of(Column.MODE)));
  }

  private Path volume(int megabytes, int clusterSize, int sectorSize) throws Exception {
    Path volume = folder.resolve("volume.raw");
    RawFile.create(volume, (long) megabytes << 20);
    Tool.run(
        "mkntfs",
        "-F",
        "-q",
        "-f",
        "-L",
        "Läbel",
        "-s",
        "" + sectorSize,
        "-p",
        "63",
        "-H",
        "255",
        "-S",
        "63",
        "-c",
        "" + clusterSize,
        volume.toString());
    return volume;
  }

  private static Mount mount(Path volume, String options) throws Exception {
    return Mount.of(volume, "ntfs-3g", options + ",streams_interface=xattr");
  }

  private static void run(Path mountPoint, String script) throws Exception {
    Tool.runWithInput(script, List.of("python3", "-", mountPoint.toString()));
  }

  private static void compare(Path volume) throws Exception {
    compare(volume, EnumSet.allOf(Column.class));
  }

  private static void compare(Path volume, Set<Column> columns) throws Exception {
    try (FileSource source = FileSource.open(volume);
        Mount mount = mount(volume, "ro")) {
      NtfsFileSystem tree = NtfsFileSystem.open(source).orElseThrow();
      KernelView.assertSame(tree, mount.point(), columns);
      FilesystemFacts facts = tree.facts();
      assertThat(facts.label()).isEqualTo("Läbel");
      assertThat(facts.uuid())
          .isEqualTo(
              Tool.run("blkid", "-p", "-o", "value", "-s", "UUID", volume.toString()).trim());
      assertThat(facts.clean()).isTrue();
      assertThat(facts.recovery()).isEqualTo(Recovery.NOT_NEEDED);
      assertThat(facts.freeBlocks())
          .isEqualTo(
              Long.parseLong(Tool.run("stat", "-f", "-c", "%f", mount.point().toString()).trim()));
      List<Problem> problems = new ArrayList<>();
      tree.check(problems::add);
      assertThat(problems).isEmpty();
    }
  }
}
