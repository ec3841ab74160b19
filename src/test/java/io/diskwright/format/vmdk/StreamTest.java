package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stream-optimized disks in both dialects, the footer one as VMware writes it. */
class StreamTest {

  private static final long CAPACITY = 16 * 600 + 5;

  @TempDir Path folder;

  private DiskImage open(byte[] image) throws IOException {
    return Disks.open(Files.write(folder.resolve("disk.vmdk"), image));
  }

  private static SparseImage some(Layout layout) {
    byte[] random = new byte[16 * 512];
    new Random(7).nextBytes(random);
    return new SparseImage(layout, CAPACITY, 16).grain(0).grain(1, random).grain(5).grain(600);
  }

  @ParameterizedTest
  @CsvSource({"STREAM_FRONT, false", "STREAM_FRONT, true", "STREAM_FOOTER, true"})
  void grainsAreDecodedAlsoTheOneTheDiskCuts(Layout layout, boolean shortLast) throws IOException {
    SparseImage image = some(layout);
    image.shortLastGrain = shortLast;
    try (DiskImage disk = open(image.build())) {
      assertThat(disk.info().subformat()).isEqualTo("streamOptimized");
      assertThat(Disks.read(disk)).isEqualTo(image.content());
      assertThat(Disks.walk(disk)).isEqualTo(image.content());
    }
  }

  @Test
  void aGrainIsOneReadBoundedByTheNext() throws IOException {
    SparseImage image = some(Layout.STREAM_FOOTER);
    byte[] bytes = image.build();
    try (DiskImage disk = open(bytes)) {
      assertThat(disk.extentAt(100, 1000))
          .isInstanceOfSatisfying(
              Extent.Encoded.class,
              e -> {
                assertThat(e.encodedLength()).isEqualTo(image.grainAt(1L) - image.grainAt(0L));
                assertThat(e.skip()).isEqualTo(100);
                assertThat(e.length()).isEqualTo(1000);
                assertThat(e.blockLength()).isEqualTo(8192);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 5 * 512, 100_000})
  void zeroPaddingAfterTheEndOfTheStreamIsLookedBehind(int padding) throws IOException {
    SparseImage image = some(Layout.STREAM_FOOTER);
    byte[] bytes = image.build();
    try (DiskImage disk = open(Arrays.copyOf(bytes, bytes.length + padding))) {
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.IGNORED_CONTENT, Anomaly::kind)
          .returns((long) bytes.length, Anomaly::offset);
      assertThat(Disks.read(disk)).isEqualTo(image.content());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 513, 1024, 1025, 1536, 6000})
  void aStreamThatLostItsEndIsTruncated(int lost) {
    byte[] bytes = some(Layout.STREAM_FOOTER).build();
    assertThatThrownBy(() -> open(Arrays.copyOf(bytes, bytes.length - lost)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("stream footer")
        .hasMessageContaining("truncated");
  }

  @ParameterizedTest
  @EnumSource(value = Layout.class, names = "STREAM_.*", mode = EnumSource.Mode.MATCH_ANY)
  void aGrainOfAnotherPlaceIsRefusedHoweverItIsRead(Layout layout) throws IOException {
    SparseImage image = some(layout);
    byte[] bytes = image.build();
    // Grain 1's entry repeats grain 0's.
    SparseImage.patch(bytes, image.tableAt(0L) + 4, 4, image.grainAt(0L) / 512);
    try (DiskImage disk = open(bytes)) {
      disk.read(0, ByteBuffer.allocate(512)); // leaves grain 0 in the cache
      assertThatThrownBy(() -> disk.read(8192, ByteBuffer.allocate(512)))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("grain marker lba")
          .hasMessageContaining("allowed: sector 16");
      assertThatThrownBy(() -> Disks.walk(disk)).isInstanceOf(CorruptImage.class);
    }
  }

  @Test
  void aBadLastBlockIsNotHiddenByItsCutEnd() throws IOException {
    SparseImage image = some(Layout.STREAM_FOOTER);
    byte[] bytes = image.build();
    int at = image.grainAt(600L);
    int size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 8);
    bytes[at + 12 + size - 1] ^= 1; // the checksum, which only a whole decode sees
    try (DiskImage disk = open(bytes)) {
      assertThatThrownBy(() -> Disks.read(disk))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("compressed grain of sector 9600");
    }
  }

  @Test
  void compressedGrainsInAPlainDiskAreRefused() {
    SparseImage image = some(Layout.STREAM_FRONT);
    image.descriptor =
        SparseImage.descriptor("monolithicSparse", "RW " + CAPACITY + " SPARSE \"x.vmdk\"\n");
    assertThatThrownBy(() -> open(image.build()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("monolithicSparse");
  }

  @Test
  void compressedGrainsWithoutMarkersAreRefused() {
    SparseImage image = some(Layout.STREAM_FRONT);
    image.flags = 0x10001;
    assertThatThrownBy(() -> open(image.build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("markers");
  }
}
