package io.diskwright.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same verdict on damage, all checksums right, as {@code xfs_repair -n} gives. */
@Tag("interop")
class XfsDamageInteropTest {

  private static final int CORE = 176;
  private static final int LEAVES = 1 << 25;

  @TempDir private Path folder;

  private enum Damage {
    NONE(false),
    ACCESS_TIME(false),
    FREE_BLOCKS_OF_A_GROUP(true),
    FREE_BLOCKS_OF_ALL(true),
    INODES_OF_A_GROUP(true),
    LINKS_OF_A_FILE(true),
    LINKS_OF_A_DIRECTORY(true),
    BLOCK_USED_TWICE(true),
    BLOCKS_OF_AN_INODE(true),
    EXTENTS_OF_AN_INODE(true),
    EXTENT_PAST_THE_END(true),
    ENTRY_TO_NOWHERE(true),
    KIND_IN_AN_ENTRY(true),
    PARENT_OF_A_DIRECTORY(true),
    HASH_IN_AN_INDEX(true),
    MODE_OF_A_FILE(true),
    COUNT_OF_A_SHORT_DIRECTORY(true),
    LENGTH_OF_A_LINK(true),
    OWNER_OF_A_DIRECTORY_BLOCK(true),
    ROOT_OF_FREE_SPACE(true);

    private final boolean found;

    Damage(boolean found) {
      this.found = found;
    }

    private void apply(TestVolume v) throws IOException {
      switch (this) {
        case NONE -> {}
        case ACCESS_TIME -> v.put64(v.at("file") + 32, 12345678);
        case FREE_BLOCKS_OF_A_GROUP -> add(v, 512 + 52, 1);
        case FREE_BLOCKS_OF_ALL -> add(v, 148, 7);
        case INODES_OF_A_GROUP -> add(v, 1024 + 16, 64);
        case LINKS_OF_A_FILE -> add(v, v.at("file") + 16, 1);
        case LINKS_OF_A_DIRECTORY -> add(v, v.at("local") + 16, 1);
        case BLOCK_USED_TWICE -> add(v, v.at("unwritten") + CORE + 12, 0x200000);
        case BLOCKS_OF_AN_INODE -> add(v, v.at("file") + 68, 1);
        case EXTENTS_OF_AN_INODE -> add(v, v.at("file") + 76, 1);
        case EXTENT_PAST_THE_END -> v.put32(v.at("file") + CORE + 8, 0x7fffffff);
        case ENTRY_TO_NOWHERE -> v.put64(v.block("leaf", 0) + 64 + 32, 77777);
        case KIND_IN_AN_ENTRY -> add(v, v.block("leaf", 0) + 64 + 32 + 9 + 61 - 3, 1);
        case PARENT_OF_A_DIRECTORY ->
            v.put64(v.block("leaf", 0) + 64 + 16, v.inode("node").number());
        case HASH_IN_AN_INDEX -> add(v, v.block("leaf", LEAVES) + 64 + 8, 1);
        case MODE_OF_A_FILE -> v.put16(v.at("file") + 2, 0140644);
        case COUNT_OF_A_SHORT_DIRECTORY -> v.put8(v.at("local") + CORE, 2);
        case LENGTH_OF_A_LINK -> v.put64(v.at("slow") + 56, 2000);
        case OWNER_OF_A_DIRECTORY_BLOCK -> add(v, v.block("block", 0) + 44, 1);
        case ROOT_OF_FREE_SPACE -> add(v, 512 + 16, 1);
      }
    }

    private static void add(TestVolume volume, int at, int value) {
      volume.put32(at, volume.buffer().getInt(at) + value);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isJudgedAsTheToolJudgesIt(Damage damage) throws Exception {
    var volume = new TestVolume();
    damage.apply(volume);
    assertThat(volume.check().isEmpty()).isEqualTo(!damage.found);
    Path image = Files.write(folder.resolve("image"), volume.bytes());
    assertThat(isSound(image)).isEqualTo(!damage.found);
  }

  private static boolean isSound(Path image) throws Exception {
    try {
      Tool.run("xfs_repair", "-n", "-f", image.toString());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
