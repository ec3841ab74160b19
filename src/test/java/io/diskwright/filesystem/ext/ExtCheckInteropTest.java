package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.ImageException;
import io.diskwright.source.FileSource;
import io.diskwright.volume.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes damaged with debugfs: what {@code e2fsck -fn} finds wrong, the check finds wrong. */
@Tag("interop")
@Tag("root")
class ExtCheckInteropTest {

  @TempDir private Path folder;

  /** Whether it would change nothing: some of what it would change does not count as an error. */
  private static boolean isSound(Path volume) throws Exception {
    String told = Tool.run("sh", "-c", "e2fsck -fn " + volume + " 2>&1; echo code $?");
    return told.endsWith("code 0\n") && !told.contains("? no");
  }

  private static List<Problem> problems(Path volume) throws Exception {
    try (FileSource source = FileSource.open(volume)) {
      return ExtVolumes.check(ExtVolumes.open(source));
    } catch (ImageException e) {
      return List.of(Problem.of(e));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set_inode_field file links_count 5",
        "set_inode_field file blocks 2",
        "set_inode_field file size 1",
        "set_inode_field file mode 040755",
        "set_inode_field directory links_count 9",
        "set_inode_field directory size 4096",
        "set_inode_field scattered block[2] 5",
        "clri file",
        "clri directory",
        "clri many",
        "unlink file",
        "unlink directory",
        "unlink hard",
        "link directory many/again",
        "link file another",
        "freeb 500 200",
        "setb 1900 10",
        "freei file",
        "seti <200>",
        "mknod pipe p",
        "set_super_value free_blocks_count 5",
        "set_super_value free_inodes_count 5",
        "set_block_group 0 free_blocks_count 7",
        "set_block_group 0 free_inodes_count 7",
        "set_block_group 0 used_dirs_count 7",
        "set_inode_field directory/inner file_acl 0",
        "set_inode_field fast size 3",
        "set_inode_field file dtime 1000",
        "set_inode_field file generation 77",
        "set_inode_field file uid 77",
        "rm file",
        "kill_file far",
        "punch far 0 2",
        "rmdir directory/below",
        "mkdir new",
      })
  void agreesWithE2fsck(String damage) throws Exception {
    List<String> differing = new ArrayList<>();
    for (String name : List.of("ext2", "plain", "summed")) {
      Path volume = folder.resolve(name);
      Files.write(volume, TestVolume.of(name).array());
      Tool.run("debugfs", "-w", "-R", damage, volume.toString());
      List<Problem> problems = problems(volume);
      if (isSound(volume) != problems.isEmpty()) {
        String told = Tool.run("sh", "-c", "e2fsck -fn " + volume + " 2>&1 || true");
        differing.add(name + ": " + problems + " but " + told);
      }
    }
    assertThat(differing).isEmpty();
  }

  /** The index of a directory of 120 names, on a volume without checksums. */
  @ParameterizedTest
  @CsvSource({"28, 9", "30, 5", "32, 3", "34, 1", "40, 7", "44, 0", "48, 0xffffffff", "52, 99"})
  void agreesWithE2fsckOnAnIndex(int at, String value) throws Exception {
    TestVolume damaged = TestVolume.of("plain");
    long place = damaged.firstBlock("many") + at;
    if (at < 40) {
      damaged.put8(place, Integer.decode(value));
    } else {
      damaged.put32(place, Long.decode(value));
    }
    Path volume = folder.resolve("volume");
    Files.write(volume, damaged.array());
    assertThat(isSound(volume)).isFalse();
    assertThat(problems(volume)).isNotEmpty();
  }
}
