package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.filesystem.TreeFiller.Part;
import io.diskwright.source.FileSource;
import io.diskwright.volume.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What not every kernel mounts, filled by mke2fs itself, and what needs a tool of its own. */
@Tag("interop")
@Tag("root")
class ExtFeaturesInteropTest {

  /** What mke2fs copies of a tree. */
  private static final Set<Column> COPIED =
      EnumSet.complementOf(EnumSet.of(Column.DIRECTORY_SIZE, Column.CHANGED, Column.MODIFIED));

  @TempDir private Path folder;

  private Path tree() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    TreeFiller.fill(tree, Part.SIZES, Part.LINKS, Part.ODD_NAMES, Part.BYTE_NAMES, Part.MANY);
    Files.createDirectory(tree.resolve("lost+found"));
    Tool.run("chmod", "700", tree.resolve("lost+found").toString());
    return tree;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t ext4 -b 65536 -N 4096",
        "-t ext4 -b 65536 -N 4096 -O ^metadata_csum,^has_journal,inline_data",
        "-t ext4 -b 16384 -O ^extents,^64bit",
        "-t ext4 -O quota,project -E quotatype=usrquota:grpquota:prjquota",
        "-t ext4 -O casefold -E encoding=utf8",
        "-t ext4 -O casefold,encrypt,verity,large_dir -I 512",
      })
  void whatMke2fsCopiedIsRead(String options) throws Exception {
    Path tree = tree();
    Path volume = ExtVolumes.make(folder.resolve("volume"), options + " -d " + tree, 400 << 20);
    // Makes indexes, and counts what was copied as the quotas' files do.
    Tool.run("sh", "-c", "e2fsck -fyD " + volume + " || test $? -eq 1");
    try (FileSource source = FileSource.open(volume)) {
      ExtFileSystem fileSystem = ExtVolumes.open(source);
      KernelView.assertSame(fileSystem, tree, COPIED);
      Node many = TestVolume.node(fileSystem, "many");
      assertThat(fileSystem.volume().inode(many.number()).has(Inode.FLAG_INDEX)).isTrue();
    }
    ExtVolumes.assertAsTheToolsSay(volume);
  }

  @Test
  void directoriesIgnoreCaseWhereTheySaySo() throws Exception {
    Path tree = tree();
    Path volume =
        ExtVolumes.make(
            folder.resolve("volume"), "-t ext4 -O casefold -E encoding=utf8 -d " + tree, 64 << 20);
    Tool.run("debugfs", "-w", "-R", "set_inode_field odd flags 0x40080000", volume.toString());
    try (FileSource source = FileSource.open(volume)) {
      ExtFileSystem fileSystem = ExtVolumes.open(source);
      Node odd = TestVolume.node(fileSystem, "odd");
      assertThat(odd.attributes().flags()).containsExactly(InodeFlag.CASE_INSENSITIVE);
      for (String[] same :
          new String[][] {
            {"UPPER", "upper"},
            {"MixedCase.Txt", "mIXEDcASE.tXT"},
            {"ümläut", "U\u0308MLÄUT"},
            {"e\u0301", "É"},
          }) {
        long number = odd.child(same[0]).orElseThrow().number();
        assertThat(odd.child(same[1]).orElseThrow().number()).as(same[1]).isEqualTo(number);
      }
      assertThat(odd.child("uppe")).isEmpty();
      assertThat(TestVolume.node(fileSystem, "bytes").child("CaSe")).isEmpty();
    }
  }

  @Test
  void aHundredThousandNamesAreFoundOneByOne() throws Exception {
    Path volume =
        ExtVolumes.make(folder.resolve("volume"), "-t ext4 -I 128 -N 110000 -b 1024", 96 << 20);
    try (Mount mount = Mount.of(volume, "ext4", "loop")) {
      TreeFiller.fill(mount.point(), Part.HUNDRED_THOUSAND);
    }
    ExtVolumes.assertAsTheKernelShows(volume);
    ExtVolumes.assertAsTheToolsSay(volume);
  }

  @Test
  void flagsAreThoseOfLsattr() throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), "-t ext4", 16 << 20);
    try (Mount mount = Mount.of(volume, "ext4", "loop")) {
      ExtVolumes.fillForms(mount.point());
    }
    try (FileSource source = FileSource.open(volume)) {
      ExtFileSystem fileSystem = ExtVolumes.open(source);
      String[][] expected = {
        {"immutable", "IMMUTABLE"},
        {"append", "APPEND_ONLY"},
        {"nodump", "NO_DUMP"},
        {"sync", "SYNCHRONOUS"},
        {"noatime", "NO_ATIME"},
      };
      for (String[] each : expected) {
        assertThat(TestVolume.node(fileSystem, "forms/" + each[0]).attributes().flags())
            .containsExactly(InodeFlag.valueOf(each[1]));
      }
    }
  }

  @Test
  void anUnfinishedVolumeSaysSo() throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), "-t ext4", 16 << 20);
    Tool.run("debugfs", "-w", "-R", "set_super_value state 2", volume.toString());
    try (FileSource source = FileSource.open(volume)) {
      FilesystemFacts facts = ExtVolumes.open(source).facts();
      assertThat(facts.clean()).isFalse();
      assertThat(facts.errors()).isTrue();
    }
  }

  @Test
  void hashesAreThoseOfDebugfs() throws Exception {
    var random = new Random(5);
    var script = new StringBuilder();
    List<String> kinds = List.of("legacy", "half_md4", "tea");
    int[] seed = {0x01234567, 0x89abcdef, 0x55aa55aa, 0x12345678};
    String uuid = "67452301-efcd-ab89-aa55-aa5578563412";
    var expected = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      var name = new StringBuilder();
      for (int length = 1 + random.nextInt(80); length > 0; length--) {
        name.append((char) ('a' + random.nextInt(26)));
      }
      String kind = kinds.get(i % 3);
      script.append("dx_hash -h ").append(kind).append(" -s ").append(uuid).append(' ');
      script.append(name).append('\n');
      byte[] bytes = name.toString().getBytes(StandardCharsets.US_ASCII);
      long hash = NameHash.of(bytes, i % 3, false, seed).orElseThrow();
      expected.append(String.format("Hash of %s is 0x%x%n", name, hash));
    }
    String told = Tool.runWithInput(script.toString(), List.of("debugfs"));
    String hashes =
        told.lines()
            .filter(line -> line.startsWith("Hash of"))
            .map(line -> line.replaceAll(" \\(minor.*", ""))
            .reduce("", (all, line) -> all + line + "\n");
    assertThat(hashes).isEqualTo(expected.toString());
  }
}
