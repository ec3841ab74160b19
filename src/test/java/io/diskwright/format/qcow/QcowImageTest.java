package io.diskwright.format.qcow;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading sound images of version 1. */
class QcowImageTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"9, 6", "9, 13", "10, 7", "12, 9", "14, 6", "16, 13"})
  void readsEveryShape(int clusterBits, int l2Bits) throws IOException {
    int cluster = 1 << clusterBits;
    byte[] expected = new byte[(cluster * 3 << 6) + 700];
    var image = new QcowBuilder(clusterBits, l2Bits, expected.length);
    long last = expected.length / cluster;
    for (long at : new long[] {last, 0, 1, 3, 70, 71}) {
      byte[] data = TestImages.random(cluster, at);
      int length = (int) Math.min(cluster, expected.length - at * cluster);
      System.arraycopy(data, 0, expected, (int) at * cluster, length);
      image.data(at, data);
    }
    check(image, expected);
  }

  @Test
  void readsCompressedClusters() throws IOException {
    byte[] expected = TestImages.compressible(5 * C, 1);
    Arrays.fill(expected, 2 * C, 3 * C, (byte) 0);
    var image = new QcowBuilder(12, 9, 5 * C);
    image.compressed(0, QcowBuilder.deflate(Arrays.copyOfRange(expected, 0, C)));
    image.compressed(1, QcowBuilder.deflate(Arrays.copyOfRange(expected, C, 2 * C)));
    image.data(3, Arrays.copyOfRange(expected, 3 * C, 4 * C));
    image.compressed(4, QcowBuilder.deflate(Arrays.copyOfRange(expected, 4 * C, 5 * C)));
    check(image, expected);
    try (DiskImage disk = open(image)) {
      ByteBuffer part = ByteBuffer.allocate(3000);
      disk.read(C - 1000, part);
      assertThat(part.array()).isEqualTo(Arrays.copyOfRange(expected, C - 1000, C + 2000));
    }
  }

  @Test
  void readsThroughABackingFile() throws IOException {
    byte[] below = TestImages.random(2 * C + 700, 1);
    byte[] data = TestImages.random(C, 2);
    Files.write(dir.resolve("base"), below);
    byte[] expected = Arrays.copyOf(below, 4 * C);
    System.arraycopy(data, 0, expected, C, C);
    var image = new QcowBuilder(12, 9, 4 * C, "base").data(1, data);
    check(image, expected);
    try (DiskImage disk = open(image)) {
      assertThat(disk.info().externalFiles())
          .containsExactly(new ExternalFile("backing", dir.toRealPath().resolve("base")));
      assertThat(disk.info().details()).containsExactly(Map.entry("backing file", "base"));
    }
    check(new QcowBuilder(12, 9, C, "base"), Arrays.copyOf(below, C));
    check(new QcowBuilder(12, 9, C, "base").u32(16, 0), new byte[C]);
    check(new QcowBuilder(12, 9, C).u32(16, 77), new byte[C]);
  }

  @Test
  void recognisesTheBackingFileByItsContent() throws IOException {
    byte[] data = TestImages.random(C, 1);
    new QcowBuilder(12, 9, 2 * C).data(0, data).writeTo(dir.resolve("base"));
    check(new QcowBuilder(12, 9, 2 * C, "base"), Arrays.copyOf(data, 2 * C));
  }

  @Test
  void joinsWhatLiesTogether() throws IOException {
    var image = new QcowBuilder(9, 12, 1000 * 512);
    int first = image.entryOffset(0);
    for (int i = 100; i < 150; i++) {
      image.data(i, TestImages.random(512, i));
    }
    try (DiskImage disk = open(image)) {
      assertThat(disk.extentAt(0, 1000 * 512)).isEqualTo(new Extent.Zero(0, 100 * 512, false));
      assertThat(disk.extentAt(100 * 512 + 7, 900 * 512 - 7))
          .isInstanceOfSatisfying(
              Extent.Data.class, data -> assertThat(data.length()).isEqualTo(50 * 512 - 7));
      assertThat(disk.extentAt(150 * 512, 850 * 512))
          .isEqualTo(new Extent.Zero(150 * 512, 850 * 512, false));
    }
    assertThat(first).isPositive();
  }

  @Test
  void mapsAHugeEmptyDiskInOneStep() throws IOException {
    long size = 1L << 40;
    try (DiskImage disk = open(new QcowBuilder(16, 13, size))) {
      assertThat(disk.extentAt(0, size)).isEqualTo(new Extent.Zero(0, size, false));
    }
  }

  @Test
  void saysWhatItIs() throws IOException {
    Path file = new QcowBuilder(12, 9, 1 << 20).writeTo(dir.resolve("image.bin"));
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      assertThat(disk.info().format()).isEqualTo("qcow");
      assertThat(disk.info().subformat()).isEqualTo("v1");
      assertThat(disk.info().virtualSize()).isEqualTo(1 << 20);
      assertThat(disk.info().clusterSize()).hasValue(4096);
      assertThat(disk.info().snapshots()).isEmpty();
      assertThat(disk.info().anomalies()).isEqualTo(List.<Anomaly>of());
      assertThat(disk.describe()).isEqualTo(file.toString());
    }
  }

  private void check(QcowBuilder image, byte[] expected) throws IOException {
    try (DiskImage disk = open(image)) {
      assertThat(disk.size()).isEqualTo(expected.length);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }

  private DiskImage open(QcowBuilder image) throws IOException {
    return Formats.open(image.writeTo(dir.resolve("image")), OpenOptions.defaults());
  }
}
