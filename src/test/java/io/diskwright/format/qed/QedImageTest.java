package io.diskwright.format.qed;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading sound images. */
class QedImageTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"4096, 1", "4096, 16", "8192, 2", "65536, 4", "1048576, 1"})
  void readsEveryShape(int cluster, int tableSize) throws IOException {
    byte[] expected = new byte[5 * cluster + 1024];
    var image = new QedBuilder(cluster, tableSize, expected.length);
    for (int at : new int[] {5, 0, 1, 3}) {
      byte[] data = TestImages.random(cluster, at);
      int length = Math.min(cluster, expected.length - at * cluster);
      System.arraycopy(data, 0, expected, at * cluster, length);
      image.data(at, data);
    }
    check(image, expected);
  }

  @Test
  void readsSeveralTablesInAnyOrder() throws IOException {
    byte[] expected = new byte[1200 * C];
    var image = new QedBuilder(C, 1, expected.length);
    for (int at : new int[] {1150, 3, 511, 512, 600}) {
      byte[] data = TestImages.random(C, at);
      System.arraycopy(data, 0, expected, at * C, C);
      image.data(at, data);
    }
    check(image, expected);
  }

  @Test
  void tellsZerosFromHoles() throws IOException {
    byte[] below = TestImages.random(4 * C, 1);
    Files.write(dir.resolve("base"), below);
    byte[] expected = below.clone();
    Arrays.fill(expected, C, 3 * C, (byte) 0);
    check(new QedBuilder(C, 1, 4 * C).backing("base", true).entry(1, 1).entry(2, 1), expected);
    try (DiskImage disk = open(new QedBuilder(C, 1, 4 * C).entry(1, 1).entry(2, 1))) {
      assertThat(TestImages.extents(disk))
          .containsExactly(
              new Extent.Zero(0, C, false),
              new Extent.Zero(C, 2 * C, true),
              new Extent.Zero(3 * C, C, false));
    }
  }

  @Test
  void readsThroughABackingFile() throws IOException {
    byte[] below = TestImages.random(2 * C + 700, 1);
    byte[] data = TestImages.random(C, 2);
    Files.write(dir.resolve("base"), below);
    byte[] expected = Arrays.copyOf(below, 4 * C);
    System.arraycopy(data, 0, expected, C, C);
    var image = new QedBuilder(C, 1, 4 * C).data(1, data);
    check(image.backing("base", false), expected);
    check(image.backing("base", true), expected);
    try (DiskImage disk = open(image)) {
      assertThat(disk.info().externalFiles())
          .containsExactly(new ExternalFile("backing", dir.toRealPath().resolve("base")));
      assertThat(disk.info().details())
          .containsEntry("backing file", "base")
          .containsEntry("backing format", "raw");
    }
    check(new QedBuilder(C, 1, C).u32(56, 64).u32(60, 4), new byte[C]);
  }

  @Test
  void probesTheBackingFileUnlessItIsSaidToBeRaw() throws IOException {
    byte[] data = TestImages.random(C, 1);
    Path base = new QedBuilder(C, 1, C).data(0, data).writeTo(dir.resolve("base"));
    check(new QedBuilder(C, 1, C).backing("base", false), data);
    byte[] container = Arrays.copyOf(Files.readAllBytes(base), C);
    check(new QedBuilder(C, 1, C).backing("base", true), container);
  }

  @Test
  void readsAnImageThatNeedsACheck() throws IOException {
    byte[] data = TestImages.random(C, 1);
    try (DiskImage disk = open(new QedBuilder(C, 1, C).data(0, data).features(2))) {
      assertThat(TestImages.read(disk)).isEqualTo(data);
      assertThat(disk.info().anomalies())
          .containsExactly(
              new Anomaly(
                  Anomaly.Kind.DIRTY,
                  "features",
                  16,
                  "the need-check bit",
                  "an image closed cleanly"));
    }
  }

  @Test
  void ignoresBitsThatMayBeIgnored() throws IOException {
    byte[] data = TestImages.random(C, 1);
    check(new QedBuilder(C, 1, C).data(0, data).u64(24, -1).u64(32, -1), data);
  }

  @Test
  void readsALongerHeader() throws IOException {
    var image = new QedBuilder(C, 4, C).u32(8, 1).u32(12, 2).u64(40, 2 * C);
    check(image, new byte[C]);
  }

  @Test
  void mapsTheLargestDiskInOneStep() throws IOException {
    Path file = dir.resolve("image");
    long size = Long.MAX_VALUE - 511;
    new QedBuilder(C, 1, size).u32(4, 1 << 26).u32(8, 16).u64(40, 1 << 26).writeTo(file);
    try (var raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.setLength((1L << 26) * 17);
    }
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      assertThat(disk.extentAt(0, size)).isEqualTo(new Extent.Zero(0, size, false));
      assertThat(disk.extentAt(512, size - 512)).isEqualTo(new Extent.Zero(512, size - 512, false));
    }
  }

  @Test
  void saysWhatItIs() throws IOException {
    Path file = new QedBuilder(1 << 16, 4, 1 << 20).writeTo(dir.resolve("image.bin"));
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      assertThat(disk.info().format()).isEqualTo("qed");
      assertThat(disk.info().subformat()).isEmpty();
      assertThat(disk.info().virtualSize()).isEqualTo(1 << 20);
      assertThat(disk.info().clusterSize()).hasValue(65536);
      assertThat(disk.info().anomalies()).isEmpty();
      assertThat(disk.info().details()).containsEntry("table size", "4 clusters");
    }
  }

  private void check(QedBuilder image, byte[] expected) throws IOException {
    try (DiskImage disk = open(image)) {
      assertThat(disk.size()).isEqualTo(expected.length);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }

  private DiskImage open(QedBuilder image) throws IOException {
    return Formats.open(image.writeTo(dir.resolve("image")), OpenOptions.defaults());
  }
}
