package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsistencyCheckTest {

  private final TestFat fat = new TestFat(FatKind.FAT16);

  @BeforeEach
  void fill() {
    fat.directory(fat.root(0), "DIRECTRY   ", 5, 0);
    fat.entry(fat.root(1), "FILE       ", 0, 10, 1500).chain(10, 11, 12);
    fat.entry(fat.cluster(5) + 64, "INSIDE     ", 0, 20, 100).chain(20);
  }

  @ParameterizedTest
  @EnumSource(FatKind.class)
  void findsNothingInSoundVolumes(FatKind kind) throws Exception {
    assertThat(new TestFat(kind).check()).isEmpty();
    assertThat(fat.check()).isEmpty();
  }

  @Test
  void findsLostClusters() throws Exception {
    fat.chain(30, 31).fat(40, 0xfff7);
    assertThat(fat.check()).containsExactly("FAT: 2 clusters in use by no file, the first is 30");
  }

  @Test
  void findsCrossLinks() throws Exception {
    fat.fat(20, 11);
    assertThat(fat.check())
        .anyMatch(line -> line.contains("cluster 11, which is in another chain"))
        .hasSize(1);
  }

  @Test
  void findsWrongParents() throws Exception {
    fat.u16(fat.cluster(5) + 32 + 26, 20);
    assertThat(fat.check()).containsExactly("directory 5 '..': directory 20");
    fat.u8(fat.cluster(5), 'X');
    assertThat(fat.check()).contains("directory 5 first entries: other names than '.' and '..'");
  }

  @Test
  void findsDirectoriesWithASize() throws Exception {
    fat.u32(fat.root(0) + 28, 512);
    assertThat(fat.check()).containsExactly("directory 5: size 512 (0x200)");
  }

  @Test
  void findsTablesThatDiffer() throws Exception {
    fat.fat(1, 4000, 1);
    assertThat(fat.check()).containsExactly("FAT 1: another byte than in FAT 0 at 8000 (0x1f40)");
  }

  @Test
  void findsBadAndDoubleNames() throws Exception {
    fat.entry(fat.root(2), "A*B        ", 0, 0, 0).entry(fat.root(3), "FILE       ", 0, 0, 0);
    assertThat(fat.check())
        .containsExactlyInAnyOrder(
            "root directory short name: character 42 (0x2a)", "root directory: 'FILE' again");
  }

  @Test
  void findsAWrongCountOfFreeClusters() throws Exception {
    var large = new TestFat(FatKind.FAT32);
    assertThat(large.check()).isEmpty();
    large.u32(TestFat.SECTOR + 488, 500);
    assertThat(large.check()).containsExactly("FSInfo FSI_Free_Count: 500 (0x1f4)");
  }

  @Test
  void readsSharedClustersOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      fat.directory(fat.root(2 + i), String.format("D%-10d", i), 100 + i, 0).fat(100 + i, 1000);
    }
    for (int i = 1000; i < 4000; i++) {
      fat.fat(i, i + 1);
      for (int j = 0; j < 16; j++) {
        fat.entry(fat.cluster(i) + j * 32, String.format("F%-10d", i * 16 + j), 0, 0, 0);
      }
    }
    fat.fat(4000, TestFat.END);
    for (int i = 100; i < 400; i++) {
      fat.bytes.put(fat.cluster(i) + 64, new byte[448]).put(fat.cluster(i) + 64, filler(), 0, 448);
    }
    assertThat(fat.check().stream().filter(line -> line.contains("in another chain"))).hasSize(299);
  }

  /** Deleted entries, since a slot never used would end the directory. */
  private static byte[] filler() {
    byte[] bytes = new byte[448];
    for (int i = 0; i < bytes.length; i += 32) {
      bytes[i] = (byte) ShortEntry.DELETED;
    }
    return bytes;
  }
}
