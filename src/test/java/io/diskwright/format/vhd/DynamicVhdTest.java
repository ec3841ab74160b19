package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DynamicVhdTest {

  @TempDir Path folder;

  private static List<Kind> kinds(DiskImage image) {
    return image.info().anomalies().stream().map(Anomaly::kind).toList();
  }

  private static List<String> extents(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    var found = new ArrayList<String>();
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      found.add(
          switch (e) {
            case Extent.Data d -> d.start() + "+" + d.length() + " at " + d.sourceOffset();
            case Extent.Zero z -> z.start() + "+" + z.length() + (z.explicit() ? " zero" : " hole");
            case Extent.Encoded x -> "encoded";
          });
    }
    return found;
  }

  @Test
  void readsBlocksWhereTheTableSaysAndZerosElsewhere() throws Exception {
    TestVhd vhd = TestVhd.dynamic();
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(image.size()).isEqualTo(TestVhd.DISK);
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      assertThat(image.info().anomalies()).isEmpty();
      assertThat(image.info().subformat()).isEqualTo("dynamic");
      assertThat(image.info().clusterSize()).isEqualTo(OptionalLong.of(TestVhd.BLOCK));
      // a bitmap of 512 bytes comes before the data of each block
      assertThat(extents(image))
          .containsExactly(
              "0+4096 at 7168",
              "4096+8192 hole",
              "12288+4096 at 2560",
              "16384+20480 hole",
              "36864+2048 at 11776");
    }
  }

  /** The bitmap decides nothing in a dynamic image, so blocks are whole whatever it says. */
  @Test
  void ignoresTheSectorBitmap() throws Exception {
    TestVhd vhd = TestVhd.dynamic().fill(TestVhd.DATA, 512, 0xA5);
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
    }
  }

  /** Blocks of 16 MiB have bitmaps of eight sectors. */
  @Test
  void theBitmapGrowsWithTheBlock() throws Exception {
    TestVhd vhd = TestVhd.dynamic().header32(32, 16 << 20).footer64(48, 8192).entry(0, 4).sealed();
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(extents(image)).containsExactly("0+8192 at " + (2048 + 4096));
    }
  }

  @Test
  void theLastBlockMayEndWithTheDisk() throws Exception {
    TestVhd whole = TestVhd.dynamic();
    TestVhd vhd = TestVhd.dynamic();
    // the footer moves into the half of block 9 that the guest does not see
    int cut = vhd.footer() - 2048;
    vhd.bytes.put(cut, whole.bytes.array(), whole.footer(), 512);
    try (DiskImage image = TestVhd.open(vhd.write(folder, cut + 512))) {
      assertThat(TestVhd.content(image)).isEqualTo(whole.disk);
    }
  }

  @Test
  void moreEntriesThanTheDiskNeedsAreNotLookedAt() throws Exception {
    TestVhd vhd = TestVhd.dynamic().header32(28, 11).entry(10, 0).sealed();
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
    }
  }

  static Stream<Arguments> oneGoodCopy() {
    int footer = TestVhd.dynamic().footer();
    return Stream.of(
        oneGoodCopy("head copy garbage", v -> v.fill(0, 512, 0xEE), 0, "footer copy"),
        oneGoodCopy("head copy zero", v -> v.fill(0, 512, 0), 0, "footer copy"),
        oneGoodCopy("head copy one bit", v -> v.fill(300, 1, 1), 0, "footer copy"),
        oneGoodCopy("tail one bit", v -> v.fill(v.footer() + 300, 1, 1), footer, "footer"),
        oneGoodCopy("tail zero", v -> v.fill(v.footer(), 512, 0), footer + 512, "footer"),
        oneGoodCopy("tail garbage", v -> v.fill(v.footer(), 512, 0xEE), footer + 512, "footer"));
  }

  private static Arguments oneGoodCopy(
      String name, UnaryOperator<TestVhd> damage, long offset, String structure) {
    return Arguments.of(Named.of(name, damage), offset, structure);
  }

  @ParameterizedTest
  @MethodSource
  void oneGoodCopy(UnaryOperator<TestVhd> damage, long offset, String structure) throws Exception {
    TestVhd vhd = damage.apply(TestVhd.dynamic());
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      assertThat(kinds(image)).containsExactly(Kind.DAMAGED_COPY);
      assertThat(image.info().anomalies().getFirst().structure()).isEqualTo(structure);
      assertThat(image.info().anomalies().getFirst().offset()).isEqualTo(offset);
    }
  }

  @Test
  void aMissingFooterIsReplacedByItsCopy() throws Exception {
    TestVhd vhd = TestVhd.dynamic();
    try (DiskImage image = TestVhd.open(vhd.write(folder, vhd.footer()))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      assertThat(kinds(image)).containsExactly(Kind.DAMAGED_COPY);
    }
  }

  @Test
  void copiesThatDifferInLittleAreReported() throws Exception {
    TestVhd vhd = TestVhd.dynamic();
    vhd.bytes.putInt(24, 5);
    try (DiskImage image = TestVhd.open(vhd.sealFooterOnly(0).write(folder))) {
      assertThat(kinds(image)).containsExactly(Kind.DAMAGED_COPY);
      assertThat(image.info().details()).containsEntry("created", "2000-01-02T00:00:00Z");
    }
  }

  static Stream<Arguments> refusals() {
    long max = 0xFFFF_FFFFL;
    return Stream.of(
        // both copies of the footer
        corrupt(
            "both footers damaged",
            v -> v.fill(300, 1, 1).fill(v.footer() + 300, 1, 1),
            "footer checksum at offset 0x3e40"),
        corrupt(
            "copy of another size",
            v -> at(v.bytes.putLong(48, 4096), v).sealFooterOnly(0),
            "footer copy current size at offset 0x30"),
        corrupt(
            "copy of another type",
            v -> at(v.bytes.putInt(60, 4), v).sealFooterOnly(0),
            "footer copy disk type at offset 0x3c"),
        corrupt(
            "copy of another header",
            v -> at(v.bytes.putLong(16, 1024), v).sealFooterOnly(0),
            "footer copy data offset at offset 0x10"),
        // sizes
        corrupt("size zero", v -> v.footer64(48, 0).sealed(), "current size at offset 0x3e30"),
        corrupt("size max", v -> v.footer64(48, -1).sealed(), "current size at offset 0x3e30"),
        corrupt(
            "size 2^63-512",
            v -> v.footer64(48, Long.MAX_VALUE - 511).sealed(),
            "dynamic header max table entries at offset 0x21c"),
        corrupt(
            "size not 512",
            v -> v.footer64(48, TestVhd.DISK - 1).sealed(),
            "current size at offset 0x3e30"),
        // the header's place
        corrupt(
            "data offset self",
            v -> v.footer64(16, 0).sealed(),
            "footer data offset at offset 0x3e10"),
        corrupt("data offset in copy", v -> v.footer64(16, 511).sealed(), "footer data offset"),
        corrupt("data offset beyond", v -> v.footer64(16, 1 << 20).sealed(), "footer data offset"),
        corrupt("data offset max", v -> v.footer64(16, -1).sealed(), "footer data offset"),
        corrupt(
            "data offset before the footer",
            v -> v.footer64(16, v.footer() - 1000).sealed(),
            "footer data offset"),
        corrupt(
            "data offset wrong",
            v -> v.footer64(16, 1024).sealed(),
            "dynamic header cookie at offset 0x400"),
        // the header
        corrupt(
            "header cookie",
            v -> v.header32(0, 0).sealed(),
            "dynamic header cookie at offset 0x200"),
        corrupt(
            "header checksum", v -> v.header32(40, 1), "dynamic header checksum at offset 0x224"),
        corrupt(
            "header version",
            v -> v.header32(24, 0x20000).sealed(),
            "dynamic header header version at offset 0x218"),
        corrupt(
            "table offset zero",
            v -> v.header64(16, 0).sealed(),
            "block allocation table at offset 0x0"),
        corrupt(
            "table offset in header",
            v -> v.header64(16, 1024).sealed(),
            "block allocation table at offset 0x400"),
        corrupt(
            "table offset beyond",
            v -> v.header64(16, 1 << 20).sealed(),
            "dynamic header table offset at offset 0x210"),
        corrupt(
            "table offset max",
            v -> v.header64(16, -1).sealed(),
            "dynamic header table offset at offset 0x210"),
        corrupt(
            "table into the footer",
            v -> v.header64(16, v.footer() - 20).sealed(),
            "block allocation table at offset 0x3dec"),
        corrupt(
            "max table entries zero",
            v -> v.header32(28, 0).sealed(),
            "dynamic header max table entries at offset 0x21c"),
        corrupt(
            "max table entries few",
            v -> v.header32(28, 9).sealed(),
            "dynamic header max table entries at offset 0x21c"),
        corrupt(
            "max table entries max",
            v -> v.header32(28, max).sealed(),
            "block allocation table at offset 0x600"),
        blockSize(0),
        blockSize(1),
        blockSize(3),
        blockSize(511),
        blockSize(3 << 20),
        blockSize(max),
        corrupt(
            "block size 512",
            v -> v.header32(32, 512).sealed(),
            "dynamic header max table entries at offset 0x21c"),
        refusal(
            LimitExceeded.class,
            "block size 2^31",
            v -> v.header32(32, 1L << 31).sealed(),
            "dynamic header block size at offset 0x220"),
        // the table's entries
        corrupt(
            "entry beyond",
            v -> v.entry(3, 1 << 20),
            "block allocation table entry 3 at offset 0x60c"),
        corrupt(
            "entry nearly max",
            v -> v.entry(3, max - 1),
            "block allocation table entry 3 at offset 0x60c"),
        corrupt(
            "entry half beyond",
            v -> v.entry(3, v.footer() / 512 - 8),
            "block allocation table entry 3 at offset 0x60c"),
        corrupt(
            "entry in the footer copy",
            v -> v.entry(0, 0),
            "block allocation table entry 0 at offset 0x600"),
        corrupt("entry in the header", v -> v.entry(0, 1), "in the dynamic header"),
        corrupt("entry in the table", v -> v.entry(0, 3), "in the block allocation table"),
        corrupt(
            "entry twice",
            v -> v.entry(5, v.bytes.getInt(TestVhd.TABLE)),
            "block allocation table entry 5 at offset 0x614"),
        corrupt(
            "entry overlaps half",
            v -> v.entry(0, v.bytes.getInt(TestVhd.TABLE) - 4),
            "block allocation table entry 0 at offset 0x600"));
  }

  private static TestVhd at(Object ignored, TestVhd vhd) {
    return vhd;
  }

  private static Arguments corrupt(String name, UnaryOperator<TestVhd> damage, String message) {
    return refusal(CorruptImage.class, name, damage, message);
  }

  private static Arguments refusal(
      Class<?> type, String name, UnaryOperator<TestVhd> damage, String message) {
    return Arguments.of(Named.of(name, damage), type, message);
  }

  private static Arguments blockSize(long size) {
    return corrupt(
        "block size " + size,
        v -> v.header32(32, size).sealed(),
        "dynamic header block size at offset 0x220");
  }

  @ParameterizedTest
  @MethodSource
  void refusals(UnaryOperator<TestVhd> damage, Class<?> type, String message) throws IOException {
    Path file = damage.apply(TestVhd.dynamic()).write(folder);
    assertThatThrownBy(() -> TestVhd.open(file))
        .isInstanceOf(type)
        .hasMessageContaining("a.vhd: ")
        .hasMessageContaining(message);
  }

  /** Wherever a file ends, it is refused or yields the whole disk. */
  @Test
  void refusesEveryTruncationThatLosesBytes() throws Exception {
    TestVhd vhd = TestVhd.dynamic();
    // without the half of block 9 that the guest does not see, the bytes are all there
    int enough = vhd.footer() - 2048;
    for (int length = 512; length < vhd.footer(); length += 256) {
      Path file = vhd.write(folder, length);
      if (length < enough) {
        assertThatThrownBy(() -> TestVhd.open(file))
            .as("%d bytes", length)
            .isInstanceOf(CorruptImage.class);
      } else {
        try (DiskImage image = TestVhd.open(file)) {
          assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
        }
      }
    }
  }

  @Test
  void closesTheFileWhenItRefusesTheImage() throws IOException {
    Path file = TestVhd.dynamic().entry(3, 0).write(folder);
    assertThatThrownBy(() -> TestVhd.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openFiles()).isNotEmpty().doesNotContain(file.toRealPath());
  }

  @Test
  void closesTheFileWithTheImage() throws IOException {
    Path file = TestVhd.dynamic().write(folder);
    DiskImage image = TestVhd.open(file);
    assertThat(openFiles()).contains(file.toRealPath());
    image.close();
    assertThat(openFiles()).doesNotContain(file.toRealPath());
  }

  private static List<Path> openFiles() throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          files.add(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException e) {
          continue; // the descriptor that the listing itself used
        }
      }
    }
    return files;
  }
}
