package io.diskwright.format.vhdx;

import static io.diskwright.format.vhdx.TestVhdx.BAT;
import static io.diskwright.format.vhdx.TestVhdx.DATA;
import static io.diskwright.format.vhdx.TestVhdx.FULL;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_1;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_2;
import static io.diskwright.format.vhdx.TestVhdx.MIB;
import static io.diskwright.format.vhdx.TestVhdx.REGIONS_1;
import static io.diskwright.format.vhdx.TestVhdx.REGIONS_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.FakeContext;
import io.diskwright.format.OpenContext;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixed and dynamic images that are read. */
class VhdxImageTest {

  @TempDir Path folder;

  @Test
  void readsBlocksWhereTheTableSaysAndZerosElsewhere() throws Exception {
    TestVhdx vhdx = TestVhdx.dynamic();
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(image.size()).isEqualTo(4 * MIB + 1536);
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
      assertThat(TestVhdx.extents(image))
          .containsExactly(
              "0+1048576 at " + (DATA + MIB),
              "1048576+1048576 hole",
              "2097152+1048576 at " + DATA,
              "3145728+1048576 zero",
              "4194304+1536 at " + (DATA + 2 * MIB));
    }
  }

  @Test
  void saysWhatItIs() throws Exception {
    try (DiskImage image = TestVhdx.open(TestVhdx.dynamic().write(folder))) {
      assertThat(image.info().format()).isEqualTo("vhdx");
      assertThat(image.info().subformat()).isEqualTo("dynamic");
      assertThat(image.info().clusterSize()).isEqualTo(OptionalLong.of(MIB));
      assertThat(image.info().creator()).contains("test 1.0");
      assertThat(image.info().anomalies()).isEmpty();
      assertThat(image.info().externalFiles()).isEmpty();
      assertThat(image.info().details())
          .containsEntry("virtual disk id", "90112233-4455-6677-8899-aabbccddeeff")
          .containsEntry("data write guid", TestVhdx.DATA_WRITE.toString())
          .containsEntry("logical sector size", "512")
          .containsEntry("physical sector size", "4096")
          .containsEntry("blocks", "3 of 5 allocated")
          .containsEntry("log", "empty")
          .doesNotContainKey("sector size note");
    }
  }

  @Test
  void joinsBlocksThatLieTogether() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(4 * MIB, 4).stored(0, 1).stored(1, 2).stored(2, 3).stored(3, 0);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(image.extentAt(512, 4 * MIB - 512).length()).isEqualTo(3 * MIB - 512);
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  @Test
  void aFixedImageDiffersInItsNameOnly() throws Exception {
    TestVhdx vhdx = TestVhdx.dynamic().u32(TestVhdx.PARAMETERS + 4, 1);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(image.info().subformat()).isEqualTo("fixed");
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  /** Undefined and unmapped blocks may keep their old place; their old bytes are not shown. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5})
  void statesWithoutContentAreZeros(int state) throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 1).stored(0, 0).entry(0, state, 4);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.extents(image)).containsExactly("0+1048576 hole");
      assertThat(image.info().details().containsKey("blocks unmapped as in version 0.95"))
          .isEqualTo(state == 5);
    }
  }

  /** qemu leaves anything at all in the bitmap entries of images that have no bitmaps. */
  @Test
  void bitmapEntriesSayNothingInADynamicImage() throws Exception {
    TestVhdx vhdx = bigBlocks(512).u64(BAT + 8 * 16, -1);
    Path file = vhdx.write(folder.resolve("a.vhdx"), 8L * MIB + (256L << 20));
    try (DiskImage image = TestVhdx.open(file)) {
      assertThat(image.info().details()).containsEntry("blocks", "1 of 18 allocated");
    }
  }

  /** After each 16 blocks of 256 MiB the table has an entry for their bitmap. */
  @Test
  void countsTheBitmapEntriesBetweenChunks() throws Exception {
    Path file = bigBlocks(512).write(folder.resolve("a.vhdx"), 8L * MIB + (256L << 20));
    try (DiskImage image = TestVhdx.open(file)) {
      long block17 = 17L * 256 * MIB;
      assertThat(image.size()).isEqualTo(block17 + MIB);
      assertThat(TestVhdx.extents(image))
          .containsExactly("0+" + block17 + " hole", block17 + "+" + MIB + " at " + 8 * MIB);
    }
  }

  /** With sectors of 4 KiB a bitmap, and so a chunk, is eight times as large. */
  @Test
  void countsTheBitmapEntriesOfLargeSectors() throws Exception {
    TestVhdx vhdx = bigBlocks(4096).u64(BAT + 8 * 18, 0).entry(17, FULL, 8);
    Path file = vhdx.write(folder.resolve("a.vhdx"), 8L * MIB + (256L << 20));
    try (DiskImage image = TestVhdx.open(file)) {
      long block17 = 17L * 256 * MIB;
      assertThat(TestVhdx.extents(image))
          .containsExactly("0+" + block17 + " hole", block17 + "+" + MIB + " at " + 8 * MIB);
    }
  }

  /** 17 blocks of 256 MiB and 1 MiB, of which only the last is stored, at 8 MiB. */
  private static TestVhdx bigBlocks(int sectorSize) {
    TestVhdx vhdx = TestVhdx.empty(MIB, 5).u32(TestVhdx.PARAMETERS, 256 << 20);
    vhdx.u64(TestVhdx.DISK_SIZE, 17L * (256 << 20) + MIB).u32(TestVhdx.LOGICAL, sectorSize);
    return vhdx.pattern(8 * MIB, MIB, 1).entry(18, FULL, 8);
  }

  @Test
  void saysWhatLargeSectorsMean() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(2 * MIB, 1).stored(1, 0).u32(TestVhdx.LOGICAL, 4096);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
      assertThat(image.info().details())
          .containsEntry("logical sector size", "4096")
          .containsKey("sector size note");
    }
  }

  @Test
  void readsTheLargestDisk() throws Exception {
    long size = 64L << 40;
    TestVhdx vhdx = TestVhdx.empty(MIB, 3).u32(TestVhdx.PARAMETERS, 256 << 20);
    vhdx.u64(TestVhdx.DISK_SIZE, size);
    // 262,144 blocks and 16,383 bitmaps take 2.1 MiB, so the table moves behind everything else
    vhdx.regions64(16 + 16, 4 * MIB).regions32(16 + 24, 3 * MIB).sealed();
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.extents(image)).containsExactly("0+" + size + " hole");
    }
    Path tooShort = vhdx.regions32(16 + 24, 2 * MIB).sealed().write(folder);
    assertThatThrownBy(() -> TestVhdx.open(tooShort))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("BAT region Length");
  }

  @Test
  void trailingGarbageIsNotLookedAt() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 2).stored(0, 0).fill(5 * MIB, MIB, 0xA5);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder.resolve("a.vhdx"), 6 * MIB - 100))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  /** The writer cannot have put more of the last block there than there is of the disk. */
  @Test
  void theLastBlockMayEndWithTheDisk() throws Exception {
    TestVhdx vhdx = TestVhdx.dynamic();
    Path file = vhdx.write(folder.resolve("a.vhdx"), DATA + 2 * MIB + 1536);
    try (DiskImage image = TestVhdx.open(file)) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  @Test
  void aRegionThatIsNotRequiredMayBeUnknown() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 2).stored(0, 0);
    vhdx.moreRegions(2, "30112233-4455-6677-8899-aabbccddeeff", 5 * MIB, 0).sealed();
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  @Test
  void anItemThatIsNotRequiredMayBeUnknown() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 1).stored(0, 0);
    vhdx.item(5, "30112233-4455-6677-8899-aabbccddeeff", TestVhdx.LOCATOR, 100, 1);
    vhdx.item(6, "30112233-4455-6677-8899-aabbccddeeff", TestVhdx.METADATA, 0, 2);
    vhdx.u16(TestVhdx.METADATA + 10, 7);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
    }
  }

  static Stream<Arguments> oneGoodCopy() {
    return Stream.of(
        oneGoodCopy("header 1 zero", v -> v.fill(HEADER_1, 4096, 0), HEADER_1, "header 1"),
        oneGoodCopy("header 1 bit", v -> v.u8(HEADER_1 + 3000, 1), HEADER_1 + 4, "header 1"),
        oneGoodCopy("header 2 bit", v -> v.u8(HEADER_2 + 3000, 1), HEADER_2 + 4, "header 2"),
        oneGoodCopy("table 1 bit", v -> v.u8(REGIONS_1 + 999, 1), REGIONS_1 + 4, "region table 1"),
        oneGoodCopy("table 2 zero", v -> v.fill(REGIONS_2, 99, 0), REGIONS_2, "region table 2"));
  }

  private static Arguments oneGoodCopy(
      String name, UnaryOperator<TestVhdx> damage, long offset, String structure) {
    return Arguments.of(Named.of(name, damage), offset, structure);
  }

  @ParameterizedTest
  @MethodSource
  void oneGoodCopy(UnaryOperator<TestVhdx> damage, long offset, String structure) throws Exception {
    TestVhdx vhdx = damage.apply(TestVhdx.dynamic());
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
      Anomaly anomaly = image.info().anomalies().getFirst();
      assertThat(image.info().anomalies()).hasSize(1);
      assertThat(anomaly.kind()).isEqualTo(Kind.DAMAGED_COPY);
      assertThat(anomaly.structure()).startsWith(structure);
      assertThat(anomaly.offset()).isEqualTo(offset);
    }
  }

  /** The header with the higher number counts, as unsigned numbers go. */
  @ParameterizedTest
  @ValueSource(longs = {8, -1})
  void theNewerHeaderCounts(long sequence) throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 1).u64(HEADER_1 + 8, sequence);
    vhdx.guid(HEADER_1 + 32, TestVhdx.LOG_GUID).sealed();
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(image.info().details())
          .containsEntry("data write guid", TestVhdx.LOG_GUID.toString());
    }
  }

  @Test
  void equalHeadersAreNoContradiction() throws Exception {
    TestVhdx vhdx = TestVhdx.dynamic().u64(HEADER_1 + 8, 7).sealed();
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
      assertThat(image.info().anomalies()).isEmpty();
    }
  }

  /** Wherever a file ends, it is refused or yields the whole disk. */
  @Test
  void refusesEveryTruncationThatLosesBytes() throws Exception {
    TestVhdx vhdx = TestVhdx.dynamic();
    int enough = DATA + 2 * MIB + 1536;
    for (int length = 8; length < enough + MIB; length += 65536 + 512) {
      Path file = vhdx.write(folder.resolve("a.vhdx"), length);
      if (length < enough) {
        assertThatThrownBy(() -> TestVhdx.open(file))
            .as("%d bytes", length)
            .isInstanceOf(CorruptImage.class);
      } else {
        try (DiskImage image = TestVhdx.open(file)) {
          assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
        }
      }
    }
  }

  @Test
  void refusesAFileLongerThanAnyHonestOne() throws Exception {
    byte[] bytes = TestVhdx.empty(MIB, 0).bytes.array();
    var endless =
        new ByteSource() {
          @Override
          public long size() {
            return (1L << 47) + 1;
          }

          @Override
          public void read(long offset, ByteBuffer target) {
            target.put(bytes, (int) offset, target.remaining());
          }

          @Override
          public String describe() {
            return "endless";
          }
        };
    try (DiskImage unused = TestVhdx.open(TestVhdx.dynamic().write(folder))) {
      OpenContext context = FakeContext.answering(folder.resolve("a.vhdx"), unused);
      assertThatThrownBy(() -> new VhdxFormat().open(endless, context))
          .isInstanceOf(LimitExceeded.class)
          .hasMessageContaining("endless: file");
    }
  }

  /** A hole of the file is none of the disk's business but is found for every format alike. */
  @Test
  void holesOfTheFileAreFound() throws Exception {
    TestVhdx vhdx = TestVhdx.empty(MIB, 1).stored(0, 0).fill(DATA + 65536, 65536, 0);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      Extent first = image.extentAt(0, MIB);
      assertThat(first).isInstanceOf(Extent.Data.class);
      assertThat(first.length()).isIn(65536L, (long) MIB);
    }
  }
}
