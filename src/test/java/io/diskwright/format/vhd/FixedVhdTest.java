package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.Formats;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedVhdTest {

  @TempDir Path folder;

  private static List<Kind> kinds(DiskImage image) {
    return image.info().anomalies().stream().map(Anomaly::kind).toList();
  }

  @Test
  void isTheBytesBeforeTheFooter() throws Exception {
    TestVhd vhd = TestVhd.fixed();
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(image.size()).isEqualTo(TestVhd.DISK);
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      Extent extent = new ExtentCursor(image, 100, TestVhd.DISK).next();
      assertThat(extent)
          .isInstanceOfSatisfying(
              Extent.Data.class,
              data -> {
                assertThat(data.length()).isEqualTo(TestVhd.DISK - 100);
                assertThat(data.sourceOffset()).isEqualTo(100);
              });
    }
  }

  @Test
  void tellsWhatItsFooterSays() throws Exception {
    try (DiskImage image = TestVhd.open(TestVhd.fixed().write(folder))) {
      assertThat(image.info())
          .isEqualTo(
              new ImageInfo(
                  "vhd",
                  "fixed",
                  TestVhd.DISK,
                  OptionalLong.empty(),
                  Optional.of("vbox 7.1, host Wi2k"),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of(
                      "uuid", "00112233-4455-6677-8899-aabbccddeeff",
                      "created", "2000-01-02T00:00:00Z",
                      "geometry", "1/4/17 (34816 bytes; the current size rules)")));
    }
  }

  @Test
  void readsTheLegacyFooterOf511Bytes() throws Exception {
    TestVhd vhd = TestVhd.fixed();
    try (DiskImage image = TestVhd.open(vhd.write(folder, TestVhd.DISK + 511))) {
      assertThat(image.info().format()).isEqualTo("vhd");
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      assertThat(image.info().anomalies()).isEmpty();
    }
  }

  @Test
  void leavesPaddingBeforeTheFooterOutOfTheDiskAndSaysSo() throws Exception {
    TestVhd vhd = TestVhd.fixed();
    ByteBuffer padded =
        ByteBuffer.allocate(TestVhd.DISK + 1024 + 512)
            .put(vhd.disk)
            .position(TestVhd.DISK + 1024)
            .put(vhd.bytes.array(), vhd.footer(), 512);
    Path file = Files.write(folder.resolve("padded.vhd"), padded.array());
    try (DiskImage image = TestVhd.open(file)) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
      assertThat(kinds(image)).containsExactly(Kind.SIZES_DISAGREE);
      assertThat(image.info().anomalies().getFirst().structure()).isEqualTo("file length");
    }
  }

  @Test
  void aGeometryThatDisagreesIsReportedAndNotFollowed() throws Exception {
    TestVhd vhd = TestVhd.fixed();
    vhd.bytes.putShort(vhd.footer() + 56, (short) 7);
    try (DiskImage image = TestVhd.open(vhd.sealed().write(folder))) {
      assertThat(image.size()).isEqualTo(TestVhd.DISK);
      assertThat(kinds(image)).containsExactly(Kind.SIZES_DISAGREE);
      assertThat(image.info().anomalies().getFirst().offset()).isEqualTo(vhd.footer() + 56);
    }
  }

  /** As qemu-img writes it with force_size, and without, where the size is the geometry's. */
  @ParameterizedTest
  @CsvSource({"65535, 16, 255", "1, 4, 19"})
  void geometriesThatAreNoStatementAreNotReported(int cylinders, int heads, int sectors)
      throws Exception {
    TestVhd vhd = TestVhd.fixed();
    vhd.bytes.putShort(vhd.footer() + 56, (short) cylinders);
    vhd.bytes.put(vhd.footer() + 58, (byte) heads).put(vhd.footer() + 59, (byte) sectors);
    try (DiskImage image = TestVhd.open(vhd.sealed().write(folder))) {
      assertThat(image.info().anomalies()).isEmpty();
    }
  }

  @Test
  void reportsAnotherOriginalSizeAndASavedState() throws Exception {
    TestVhd vhd = TestVhd.fixed().footer64(40, 1 << 20);
    vhd.bytes.put(vhd.footer() + 84, (byte) 1);
    try (DiskImage image = TestVhd.open(vhd.sealed().write(folder))) {
      assertThat(image.size()).isEqualTo(TestVhd.DISK);
      assertThat(kinds(image)).containsExactly(Kind.SIZES_DISAGREE, Kind.DIRTY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, footer current size at offset 0x9830",
    "-1, footer current size at offset 0x9830",
    "9223372036854775296, footer current size at offset 0x9830",
    "-512, footer current size at offset 0x9830",
    "38911, footer current size at offset 0x9830",
    "38913, footer current size at offset 0x9830",
    "39424, footer current size at offset 0x9830",
  })
  void refusesASizeThatTheFileDoesNotHold(long size, String message) throws IOException {
    Path file = TestVhd.fixed().footer64(48, size).sealed().write(folder);
    assertThatThrownBy(() -> TestVhd.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("a.vhd: " + message);
  }

  @Test
  void refusesAFooterWithoutItsData() throws IOException {
    TestVhd vhd = TestVhd.fixed();
    byte[] footer = Arrays.copyOfRange(vhd.bytes.array(), vhd.footer(), vhd.footer() + 512);
    Path file = Files.write(folder.resolve("footer.bin"), footer);
    assertThatThrownBy(() -> TestVhd.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("footer current size at offset 0x30")
        .hasMessageContaining("truncated");
  }

  @Test
  void refusesADamagedFooter() throws IOException {
    Path file = TestVhd.fixed().footer32(200, 1).write(folder);
    assertThatThrownBy(() -> TestVhd.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("footer checksum at offset 0x9840");
  }

  @Test
  void saysWhenAFileForcedToBeAVhdIsNone() throws IOException {
    Path file = TestVhd.fixed().write(folder, TestVhd.DISK);
    assertThatThrownBy(() -> Formats.open(file, Optional.of("vhd"), ReferencePolicy.folder()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("footer at offset 0x9600: found no footer");
  }

  /** The guest may write a footer into its first sector; only another kind of image is in doubt. */
  @Test
  void aFixedFooterAtTheStartIsTheGuests() throws Exception {
    TestVhd vhd = TestVhd.fixed();
    vhd.bytes.put(0, vhd.bytes.array(), vhd.footer(), 512);
    System.arraycopy(vhd.bytes.array(), 0, vhd.disk, 0, 512);
    try (DiskImage image = TestVhd.open(vhd.write(folder))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.disk);
    }
    Path headOnly = vhd.write(folder, TestVhd.DISK);
    assertThatThrownBy(() -> TestVhd.open(headOnly))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("no footer");
  }

  @Test
  void refusesAFixedImageThatStartsAsADynamicOne() throws IOException {
    TestVhd vhd = TestVhd.fixed();
    vhd.bytes.put(0, TestVhd.dynamic().bytes.array(), 0, 512);
    Path file = vhd.write(folder);
    assertThatThrownBy(() -> TestVhd.open(file)).isInstanceOf(AmbiguousImage.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, CorruptImage",
    "1, UnsupportedFeature",
    "5, UnsupportedFeature",
    "6, UnsupportedFeature",
    "7, CorruptImage",
    "-1, CorruptImage",
  })
  void refusesOtherTypes(int type, String exception) throws IOException {
    Path file = TestVhd.fixed().footer32(60, type).sealed().write(folder);
    assertThatThrownBy(() -> TestVhd.open(file))
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(exception))
        .hasMessageContaining("footer disk type at offset 0x983c");
  }
}
