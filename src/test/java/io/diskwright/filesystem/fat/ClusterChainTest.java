package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterChainTest {

  @ParameterizedTest
  @EnumSource(FatKind.class)
  void readsScatteredClusters(FatKind kind) throws Exception {
    var fat = new TestFat(kind);
    int[] clusters = {10, 11, 12, 30, 7, 8, 999, 1001, 1000};
    fat.entry(fat.root(0), "FILE       ", 0, 10, 9 * 512 - 100).chain(clusters);
    for (int i = 0; i < clusters.length; i++) {
      for (int j = 0; j < 512; j++) {
        fat.u8(fat.cluster(clusters[i]) + j, i * 31 + j % 17);
      }
    }
    byte[] content = TestFat.read(fat.find("FILE"));
    assertThat(content).hasSize(9 * 512 - 100);
    for (int i = 0; i < content.length; i++) {
      assertThat(content[i]).isEqualTo((byte) (i / 512 * 31 + i % 512 % 17));
    }
    ByteSource source = fat.find("FILE").content();
    ByteBuffer piece = ByteBuffer.allocate(1000);
    source.read(1500, piece);
    assertThat(piece.array()).isEqualTo(java.util.Arrays.copyOfRange(content, 1500, 2500));
    assertThatThrownBy(() -> source.read(4000, ByteBuffer.allocate(1000)))
        .isInstanceOf(CorruptImage.class);
    assertThat(source.runAt(100, 10_000).length()).isEqualTo(3 * 512 - 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xfff8, 0xfff9, 0xfffc, 0xffff})
  void takesEveryEnd(int end) throws Exception {
    var fat = new TestFat(FatKind.FAT16);
    fat.entry(fat.root(0), "FILE       ", 0, 10, 600).fat(10, 11).fat(11, end);
    assertThat(TestFat.read(fat.find("FILE"))).hasSize(600);
    assertThat(fat.check()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0x0000, 'a free cluster'",
    "0x0001, 'a reserved number'",
    "0xfff7, 'a bad cluster'",
    "0xfff6, 'past the last cluster'",
    "5002, 'past the last cluster'",
    "10, 'earlier in the same chain'",
    "11, 'earlier in the same chain'",
    "12, 'earlier in the same chain'",
    "0xffff, '3 clusters'",
  })
  void refusesChainsThatLeadNowhere(String next, String message) throws Exception {
    var fat = new TestFat(FatKind.FAT16);
    fat.entry(fat.root(0), "FILE       ", 0, 10, 4 * 512);
    fat.fat(10, 11).fat(11, 12).fat(12, Integer.decode(next));
    assertThatThrownBy(() -> fat.find("FILE").content())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(message);
    assertThat(fat.check()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5002, 0xfff7, 0xffff})
  void refusesFirstClusters(int first) throws Exception {
    var fat = new TestFat(FatKind.FAT16);
    fat.entry(fat.root(0), "FILE       ", 0, first, 10);
    assertThatThrownBy(() -> fat.find("FILE").content()).isInstanceOf(CorruptImage.class);
    assertThat(fat.check()).isNotEmpty();
  }

  @Test
  void refusesSizesThatNoChainHas() throws Exception {
    var fat = new TestFat(FatKind.FAT32);
    fat.entry(fat.root(0), "FILE       ", 0, 10, -1).fat(10, TestFat.END);
    assertThat(fat.find("FILE").attributes().size()).isEqualTo(0xffffffffL);
    assertThatThrownBy(() -> fat.find("FILE").content())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("1 clusters");
  }

  @Test
  void ignoresWhatComesAfterTheContent() throws Exception {
    var fat = new TestFat(FatKind.FAT16);
    fat.entry(fat.root(0), "FILE       ", 0, 10, 512).fat(10, 11).fat(11, 0);
    fat.entry(fat.root(1), "EMPTY      ", 0, 20, 0).fat(20, TestFat.END);
    assertThat(TestFat.read(fat.find("FILE"))).hasSize(512);
    assertThat(TestFat.read(fat.find("EMPTY"))).isEmpty();
    assertThat(fat.check())
        .anyMatch(line -> line.endsWith("0, a free cluster"))
        .anyMatch(line -> line.endsWith("2 clusters"))
        .anyMatch(line -> line.endsWith("1 clusters"));
  }

  @Test
  void ignoresTheReservedBits() throws Exception {
    var fat = new TestFat(FatKind.FAT32);
    fat.entry(fat.root(0), "FILE       ", 0, 10, 1024).fat(10, 0xf000000b).fat(11, 0xafffffff);
    assertThat(TestFat.read(fat.find("FILE"))).hasSize(1024);
  }

  @Test
  void refusesContentPastTheVolume() throws Exception {
    var fat = new TestFat(FatKind.FAT16);
    fat.entry(fat.root(0), "FILE       ", 0, 4000, 512).fat(4000, TestFat.END);
    byte[] cut = java.util.Arrays.copyOf(fat.bytes.array(), fat.cluster(3000));
    FatFileSystem open =
        FatFileSystem.open(new io.diskwright.io.MemorySource("cut", cut)).orElseThrow();
    assertThatThrownBy(() -> TestFat.read(open.root().child("FILE").orElseThrow()))
        .isInstanceOf(CorruptImage.class);
    assertThat(open.facts().problems()).hasSize(1);
  }
}
