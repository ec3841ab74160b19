package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes with fields that no honest tool writes. */
class ExtHostileTest {

  private static final int I_BLOCK = 40;
  private static final int I_SIZE = 4;
  private static final int I_SIZE_HIGH = 108;

  private static List<String> names(Node directory) throws IOException {
    List<String> names = new ArrayList<>();
    EntryCursor cursor = directory.entries();
    for (var entry = cursor.next(); entry != null; entry = cursor.next()) {
      names.add(entry.name());
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0xffffffff, s_inodes_count",
    "0, 0, s_inodes_count",
    "4, 0, s_blocks_count",
    "0x14, 0xffffffff, s_first_data_block",
    "0x18, 7, s_log_block_size",
    "0x18, 0xffffffff, s_log_block_size",
    "0x20, 0, s_blocks_per_group",
    "0x20, 0xffffffff, s_blocks_per_group",
    "0x24, 1, s_clusters_per_group",
    "0x28, 0, s_inodes_per_group",
    "0x28, 0xffffffff, s_inodes_per_group",
    "0x58, 0, s_inode_size",
    "0x58, 0xffff, s_inode_size",
    "0x58, 96, s_inode_size",
  })
  void superblockFieldsAreChecked(String at, String value, String field) throws Exception {
    TestVolume volume = TestVolume.of("plain");
    boolean wide = !at.equals("0x58");
    long place = TestVolume.SUPERBLOCK + Long.decode(at);
    TestVolume damaged =
        wide ? volume.put32(place, Long.decode(value)) : volume.put16(place, Integer.decode(value));
    if (field.equals("s_clusters_per_group")) {
      // Only with bigalloc does the field count.
      volume.put32(TestVolume.SUPERBLOCK + 0x64, volume.u32(TestVolume.SUPERBLOCK + 0x64) | 0x200);
    }
    assertThatThrownBy(damaged::open)
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(field)
        .hasMessageContaining("e2fsck -b");
  }

  @Test
  void aCopyOfTheSuperblockIsNamed() throws Exception {
    byte[] twoGroups = new byte[9 << 20];
    TestVolume small = TestVolume.of("plain");
    System.arraycopy(small.array(), 0, twoGroups, 0, small.array().length);
    small.put16(TestVolume.SUPERBLOCK + 0x5a, 1);
    System.arraycopy(small.array(), TestVolume.SUPERBLOCK, twoGroups, 8193 * 1024, 1024);
    twoGroups[TestVolume.SUPERBLOCK + 0x20] = 1;
    assertThatThrownBy(() -> ExtFileSystem.open(new MemorySource("volume", twoGroups)))
        .hasMessageContaining("e2fsck -b 8193 -B 1024");
  }

  @Test
  void whatIsNoExtIsNotOpened() throws Exception {
    assertThat(ExtFileSystem.open(TestVolume.of("ext2").put16(1024 + 0x38, 0).source())).isEmpty();
    assertThat(ExtFileSystem.open(new MemorySource("short", new byte[1500]))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, compression", "3, journal_dev", "12, dirdata", "20, bit 20", "31, bit 31"})
  void featuresThatAreNotReadAreNamed(int bit, String name) throws Exception {
    TestVolume volume = TestVolume.of("plain");
    long at = TestVolume.SUPERBLOCK + 0x60;
    volume.put32(at, volume.u32(at) | 1L << bit);
    assertThatThrownBy(volume::open)
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining(name);
  }

  @Test
  void anInodeTableBeyondTheEndIsRefused() throws Exception {
    TestVolume volume = TestVolume.of("plain").put32(2048 + 8, 0x7fffffff);
    assertThatThrownBy(() -> volume.open().root())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("group 0 descriptor inode table");
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void aRootThatIsNoDirectoryIsRefused() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    volume.put16(volume.inode("/"), 0100644);
    assertThatThrownBy(() -> volume.open().root())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("inode 2");
  }

  @ParameterizedTest
  @CsvSource({
    "6, 65535, eh_depth",
    "6, 6, eh_depth",
    "2, 5, eh_entries",
    "4, 65535, eh_max",
    "0, 0, eh_magic",
    "12, 65535, scattered",
  })
  void extentHeadersAreChecked(int at, int value, String field) throws Exception {
    TestVolume volume = TestVolume.of("plain");
    volume.put16(volume.inode("scattered") + I_BLOCK + at, value);
    if (field.equals("scattered")) {
      // The root says that its only child starts later: what lies before is a hole.
      assertThat(volume.content("scattered")[0]).isZero();
      assertThat(volume.check()).isNotEmpty();
    } else {
      assertThatThrownBy(() -> volume.content("scattered"))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining(field);
    }
  }

  @Test
  void extentsBeyondTheEndAreRefused() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    volume.put32(volume.inode("file") + I_BLOCK + 12 + 8, 0xfffffff0L);
    assertThatThrownBy(() -> volume.content("file"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageMatching(".*inode \\d+ extent 0.*");
  }

  @Test
  void anExtentTreeThatLoopsIsRefused() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    long root = volume.inode("scattered") + I_BLOCK;
    long child = volume.u32(root + 12 + 4) * TestVolume.BLOCK;
    // The leaf becomes an index block whose first entry leads to itself.
    volume.put16(root + 6, 2).put16(child + 6, 1).put32(child + 12 + 4, child / TestVolume.BLOCK);
    volume.put16(child + 12 + 8, 0);
    assertThatThrownBy(() -> volume.content("scattered"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("eh_depth");
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void extentsThatOverlapAreRefused() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    long child = volume.u32(volume.inode("scattered") + I_BLOCK + 12 + 4) * TestVolume.BLOCK;
    volume.put16(child + 12 + 4, 4);
    assertThatThrownBy(() -> volume.content("scattered"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("entry 1 ee_block");
  }

  @ParameterizedTest
  @CsvSource({"plain, 0x40000000", "plain, 0x80000000", "ext2, 0x40000000", "ext2, 0xffffffff"})
  void sizesThatNoBlocksCanHoldAreRefused(String name, String high) throws Exception {
    TestVolume volume = TestVolume.of(name);
    volume.put32(volume.inode("far") + I_SIZE_HIGH, Long.decode(high));
    assertThatThrownBy(() -> volume.node("far").content())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("i_size");
  }

  @ParameterizedTest
  @CsvSource({"0, rec_len", "7, rec_len", "65535, rec_len", "1028, rec_len"})
  void recordLengthsAreChecked(int length, String field) throws Exception {
    TestVolume volume = TestVolume.of("ext2");
    volume.put16(volume.firstBlock("directory") + 24 + 4, length);
    assertThatThrownBy(() -> names(volume.node("directory")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(field);
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void namesThatNoPathCanHoldAreRefused() throws Exception {
    for (String name : List.of("in/er", "in\0er")) {
      TestVolume volume = TestVolume.of("ext2");
      volume.putText(volume.firstBlock("directory") + 24 + 8, name);
      assertThatThrownBy(() -> names(volume.node("directory")))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("name");
      assertThat(volume.check()).isNotEmpty();
    }
  }

  @Test
  void entriesForInodesThatAreNotThereAreRefused() throws Exception {
    TestVolume volume = TestVolume.of("ext2");
    long entry = volume.firstBlock("directory") + 24;
    volume.put32(entry, 0xffffffffL);
    assertThatThrownBy(() -> names(volume.node("directory")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("inode");
    volume.put32(entry, 200);
    assertThatThrownBy(() -> volume.node("directory/inner"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("i_links_count");
  }

  @Test
  void aDirectoryThatHoldsItselfIsRefused() throws Exception {
    TestVolume volume = TestVolume.of("ext2");
    long number = volume.node("directory").number();
    volume.put32(volume.firstBlock("directory") + 24 + 16, number);
    var root = new TreeFileSystem(volume.open()).root();
    assertThatThrownBy(() -> Files.size(root.resolve("directory/below/below")))
        .isInstanceOf(ImageException.class);
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void indirectBlocksThatLoopAreBounded() throws Exception {
    TestVolume volume = TestVolume.of("ext2");
    long inode = volume.inode("far");
    long triple = volume.u32(inode + I_BLOCK + 14 * 4);
    for (int i = 0; i < 256; i++) {
      volume.put32(triple * TestVolume.BLOCK + 4L * i, triple);
    }
    volume.put32(inode + I_SIZE, 0).put32(inode + I_SIZE_HIGH, 3);
    assertThat(volume.check()).isNotEmpty();
    ByteSource content = volume.node("far").content();
    content.read(content.size() - 5000, ByteBuffer.allocate(5000));
  }

  @Test
  void indirectBlocksBeyondTheEndAreRefused() throws Exception {
    for (int index : new int[] {0, 12, 13, 14}) {
      TestVolume volume = TestVolume.of("ext2");
      volume.put32(volume.inode("far") + I_BLOCK + 4L * index, 0x7fffffff);
      ByteSource content = volume.node("far").content();
      assertThatThrownBy(() -> content.read(0, ByteBuffer.allocate((int) content.size())))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("0x7fffffff");
    }
  }

  @Test
  void aDirectoryWithoutEndIsRefused() throws Exception {
    TestVolume volume = TestVolume.of("ext2");
    long inode = volume.inode("many");
    long block = volume.u32(inode + I_BLOCK + 4);
    // Three blocks: one full of the directory block's number, and two more levels of that.
    for (long table = 2045; table < 2048; table++) {
      for (int i = 0; i < 256; i++) {
        volume.put32(table * TestVolume.BLOCK + 4L * i, table == 2045 ? block : table - 1);
      }
      volume.put32(inode + I_BLOCK + 4 * (table - 2045 + 12), table);
    }
    volume.put32(inode + I_SIZE, 0x7ffffc00L);
    assertThatThrownBy(() -> names(volume.node("many")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("a directory without end");
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void linksThatLoopEnd() throws Exception {
    var root = new TreeFileSystem(TestVolume.of("plain").open()).root();
    assertThatThrownBy(() -> Files.size(root.resolve("loop-a")))
        .isInstanceOf(FileSystemLoopException.class);
    assertThat(Files.size(root.resolve("out"))).isEqualTo(8000);
  }

  @Test
  void linksWithoutLengthOrWithNulAreRefused() throws Exception {
    for (int size : new int[] {0, 5000}) {
      TestVolume volume = TestVolume.of("plain");
      volume.put32(volume.inode("slow") + I_SIZE, size);
      assertThatThrownBy(() -> volume.node("slow").linkTarget()).isInstanceOf(CorruptImage.class);
    }
    TestVolume volume = TestVolume.of("plain");
    volume.put8(volume.inode("fast") + I_BLOCK, 0);
    assertThatThrownBy(() -> volume.node("fast").linkTarget()).isInstanceOf(CorruptImage.class);
  }

  @Test
  void encryptedAndVerityFilesAreRefusedByName() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    for (String name : List.of("file", "fast", "directory")) {
      long inode = volume.inode(name);
      volume.put32(inode + 32, volume.u32(inode + 32) | 0x800);
    }
    Node directory = volume.node("directory");
    assertThat(directory.attributes().permissions()).isEqualTo(0755);
    assertThat(directory.parentNumber()).hasValue(2);
    for (var call :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> volume.node("file").content(),
            () -> volume.node("fast").linkTarget(),
            directory::entries,
            () -> directory.child("inner"))) {
      assertThatThrownBy(call)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("fscrypt");
    }
    TestVolume verity = TestVolume.of("plain");
    long inode = verity.inode("file");
    verity.put32(inode + 32, verity.u32(inode + 32) | 0x100000);
    assertThatThrownBy(() -> verity.node("file").content())
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("fs-verity");
  }

  @Test
  void orphansThatLoopAreToldOnce() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    volume.put32(TestVolume.SUPERBLOCK + 0xe8, 12).put32(volume.inode("file") + 20, 12);
    volume.put32(TestVolume.SUPERBLOCK + 0xe8, volume.node("file").number());
    volume.put32(volume.inode("file") + 20, volume.node("file").number());
    assertThat(volume.open().facts().orphans()).isEqualTo(1);
    assertThat(volume.open().facts().problems()).hasSize(1);
  }

  @Test
  void attributesAreHeldToTheirPlace() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    long block = volume.u32(volume.inode("directory/inner") + 104) * TestVolume.BLOCK;
    assertThat(volume.u32(block)).isEqualTo(0xea020000L);
    for (long[] damage :
        new long[][] {{block, 1}, {block + 32 + 8, 0xffffff}, {block + 34, 0xffff}}) {
      TestVolume damaged = TestVolume.of("plain").put32(damage[0], damage[1]);
      assertThatThrownBy(() -> damaged.node("directory/inner").extendedAttributes())
          .isInstanceOf(ImageException.class);
      assertThat(damaged.check()).isNotEmpty();
    }
  }
}
