package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.join;
import static io.diskwright.format.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.io.LimitExceeded;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading sound images that hold their own data. */
class Qcow2ImageTest {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21})
  void readsEveryClusterSize(int clusterBits) throws IOException {
    int cluster = 1 << clusterBits;
    byte[] first = random(cluster, 1);
    byte[] last = random(cluster, 2);
    var image = Qcow2Builder.v3(clusterBits, 5L * cluster).data(0, first).entry(2, 1);
    check(image.data(4, last), join(first, new byte[3 * cluster], last));
  }

  @Test
  void readsVersion2() throws IOException {
    byte[] data = random(65536, 1);
    check(Qcow2Builder.v2(16, 3 << 16).data(1, data), join(new byte[65536], data, new byte[65536]));
  }

  @Test
  void readsSeveralTablesInAnyOrder() throws IOException {
    byte[] a = random(512, 1);
    byte[] b = random(512, 2);
    byte[] expected = new byte[200 * 512];
    System.arraycopy(a, 0, expected, 150 * 512, 512);
    System.arraycopy(b, 0, expected, 3 * 512, 512);
    check(Qcow2Builder.v3(9, 200 * 512).data(150, a).data(3, b), expected);
  }

  @Test
  void readsASizeThatEndsInsideACluster() throws IOException {
    byte[] data = random(4096, 1);
    var image = Qcow2Builder.v3(12, 4096 + 1536 + 7).data(1, data);
    byte[] expected = join(new byte[4096], Arrays.copyOf(data, 1543));
    check(image, expected);

    Path cut = image.truncatedTo(dir.resolve("cut"), image.end() - 4096 + 1543);
    try (DiskImage disk = Images.open(cut)) {
      assertThat(TestImages.read(disk)).isEqualTo(expected);
    }
  }

  @Test
  void readsAnEmptyDisk() throws IOException {
    try (DiskImage disk = open(Qcow2Builder.v3(16, 0))) {
      assertThat(disk.size()).isZero();
      assertThat(TestImages.extents(disk)).isEmpty();
    }
  }

  @Test
  void readsPartsOfClusters() throws IOException {
    byte[] data = random(3 * 512, 1);
    var image = Qcow2Builder.v3(9, 3 * 512);
    for (int i = 2; i >= 0; i--) {
      image.data(i, Arrays.copyOfRange(data, i * 512, i * 512 + 512));
    }
    try (DiskImage disk = open(image)) {
      ByteBuffer part = ByteBuffer.allocate(700);
      disk.read(400, part);
      assertThat(part.array()).isEqualTo(Arrays.copyOfRange(data, 400, 1100));
    }
  }

  @Test
  void tellsHolesFromZeros() throws IOException {
    var image = Qcow2Builder.v3(12, 4 << 12).entry(1, 1);
    image.entry(2, image.cluster(random(4096, 1)) | 1);
    try (DiskImage disk = open(image)) {
      assertThat(TestImages.extents(disk))
          .containsExactly(
              new Extent.Zero(0, 4096, false),
              new Extent.Zero(4096, 8192, true),
              new Extent.Zero(12288, 4096, false));
    }
  }

  @Test
  void joinsDataThatLiesTogether() throws IOException {
    var image = Qcow2Builder.v3(12, 100 << 12);
    image.entryOffset(0);
    long at = image.end();
    for (int i = 10; i < 60; i++) {
      image.data(i, random(4096, i));
    }
    try (DiskImage disk = open(image)) {
      assertThat(disk.extentAt(11 << 12, 89 << 12))
          .isInstanceOfSatisfying(
              Extent.Data.class,
              data -> {
                assertThat(data.length()).isEqualTo(49 << 12);
                assertThat(data.sourceOffset()).isEqualTo(at + 4096);
              });
    }
  }

  @Test
  void mapsAnEmptyDiskInOneStep() throws IOException {
    long size = 500L << 30;
    try (DiskImage disk = open(Qcow2Builder.v3(16, size))) {
      assertThat(disk.extentAt(0, size)).isEqualTo(new Extent.Zero(0, size, false));
    }
  }

  /** As large as a disk can be: 32 MiB of L1 table, nearly all of it a hole of the file. */
  @Test
  void mapsTheLargestDiskInBoundedSteps() throws IOException {
    long size = 1L << 61;
    Path file = Qcow2Builder.v3(21, 1).u64(24, size).u32(36, 1 << 22).writeTo(dir.resolve("image"));
    try (var raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.setLength((3L << 21) + (32 << 20));
    }
    try (DiskImage disk = Images.open(file)) {
      int steps = 0;
      for (long at = 0; at < size; steps++) {
        Extent extent = disk.extentAt(at, size - at);
        assertThat(extent).isInstanceOf(Extent.Zero.class);
        at = extent.end();
      }
      assertThat(steps).isLessThan(100);
    }
    Qcow2Builder larger = Qcow2Builder.v3(21, 1).u64(24, size + 1).u32(36, (1 << 22) + 1);
    assertThatThrownBy(() -> open(larger))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("l1_size at offset 0x24: found 4194305");
  }

  @Test
  void endsAGapAtTheNextAllocatedCluster() throws IOException {
    byte[] data = random(4096, 1);
    long size = 100L << 21;
    long cluster = 70 * 512 + 5;
    try (DiskImage disk = open(Qcow2Builder.v3(12, size).entry(3, 1).data(cluster, data))) {
      assertThat(disk.extentAt(4 << 12, size - (4 << 12)).end()).isEqualTo(cluster << 12);
      assertThat(disk.extentAt(cluster << 12, 4096)).isInstanceOf(Extent.Data.class);
      assertThat(disk.extentAt(100, 1000)).isEqualTo(new Extent.Zero(100, 1000, false));
    }
  }

  @Test
  void reportsWhatTheHeaderSays() throws IOException {
    var image = Qcow2Builder.v3(13, 1 << 20).u64(80, 1).u32(96, 3).incompatible(3);
    try (DiskImage disk = open(image)) {
      ImageInfo info = disk.info();
      assertThat(info.format()).isEqualTo("qcow2");
      assertThat(info.subformat()).isEqualTo("v3");
      assertThat(info.virtualSize()).isEqualTo(1 << 20);
      assertThat(info.clusterSize()).hasValue(8192);
      assertThat(info.externalFiles()).isEmpty();
      assertThat(info.details())
          .containsEntry("compat", "1.1")
          .containsEntry("refcount bits", "8")
          .containsEntry("compression type", "zlib")
          .containsEntry("extended l2", "false")
          .containsEntry("lazy refcounts", "true")
          .doesNotContainKey("backing file");
      assertThat(info.anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.MARKED_CORRUPT, Anomaly.Kind.DIRTY);
      assertThat(TestImages.read(disk)).containsOnly(0);
    }
    try (DiskImage disk = open(Qcow2Builder.v2(16, 1 << 20))) {
      assertThat(disk.info().subformat()).isEqualTo("v2");
      assertThat(disk.info().details())
          .containsEntry("compat", "0.10")
          .containsEntry("refcount bits", "16");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void readsEveryRefcountOrder(int order) throws IOException {
    byte[] data = random(4096, order);
    check(Qcow2Builder.v3(12, 4096).data(0, data).u32(96, order), data);
  }

  @Test
  void skipsUnknownExtensionsAndUnknownCompatibleBits() throws IOException {
    byte[] data = random(4096, 1);
    check(
        Qcow2Builder.v3(12, 4096)
            .extension(0x12345678, random(13, 1))
            .extension(0x12345678, random(8, 1))
            .u64(80, -2)
            .u64(88, -2)
            .data(0, data),
        data);
  }

  @Test
  void doesNotFollowReferenceCounts() throws IOException {
    byte[] data = random(4096, 1);
    check(Qcow2Builder.v3(12, 4096).data(0, data).u64(4096, 1L << 50).u64(4104, -1), data);
  }

  @Test
  void recognisesItselfByContent() throws IOException {
    Path file = Qcow2Builder.v3(16, 1 << 20).writeTo(dir.resolve("image.bin"));
    try (DiskImage disk = Formats.open(file, Optional.empty(), ReferencePolicy.deny())) {
      assertThat(disk.info().format()).isEqualTo("qcow2");
    }
  }

  @Test
  void ignoresTrailingBytes() throws IOException {
    byte[] data = random(4096, 1);
    var image = Qcow2Builder.v3(12, 4096).data(0, data);
    image.cluster(random(5000, 2));
    check(image, data);
  }

  @Test
  void reportsBitmapsItDoesNotRead() throws IOException {
    var image = Qcow2Builder.v3(12, 4096);
    long directory = image.cluster(new byte[64]);
    ByteBuffer bitmaps = ByteBuffer.allocate(24).putInt(2).putInt(0).putLong(64).putLong(directory);
    image.extension(0x23852875, bitmaps.array()).u64(88, 1);
    try (DiskImage disk = open(image)) {
      assertThat(disk.info().anomalies())
          .containsExactly(
              new Anomaly(
                  Anomaly.Kind.IGNORED_CONTENT,
                  "bitmap directory",
                  directory,
                  "2 persistent bitmaps",
                  "the active disk alone"));
    }
  }

  @Test
  void ignoresBitmapsThatAreOutOfDate() throws IOException {
    var image = Qcow2Builder.v3(12, 4096).extension(0x23852875, random(5, 1));
    try (DiskImage disk = open(image)) {
      assertThat(disk.info().anomalies()).isEmpty();
    }
  }

  @Test
  void reportsADataFileNameThatDoesNotCount() throws IOException {
    byte[] name = "secret".getBytes(StandardCharsets.UTF_8);
    try (DiskImage disk = open(Qcow2Builder.v3(12, 4096).extension(0x44415441, name))) {
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.IGNORED_CONTENT);
    }
  }

  @Test
  void readsAFileWithHoles() throws IOException {
    var image = Qcow2Builder.v3(16, 4L << 30);
    image.entryOffset(0);
    long at = 1L << 32;
    for (int i = 0; i < 8192; i++) {
      image.entry(i, (at + ((long) i << 16)) | Qcow2Builder.COPIED);
    }
    Path file = image.writeTo(dir.resolve("sparse"));
    byte[] data = random(65536, 1);
    try (var raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.setLength(at + (8192L << 16));
      raf.seek(at + (5000L << 16));
      raf.write(data);
    }
    try (DiskImage disk = Images.open(file)) {
      ByteBuffer read = ByteBuffer.allocate(65536);
      disk.read(5000L << 16, read);
      assertThat(read.array()).isEqualTo(data);
      disk.read(100L << 16, read.clear());
      assertThat(read.array()).containsOnly(0);
    }
  }

  @Test
  void readsFromSeveralThreads() throws Exception {
    byte[] expected = TestImages.compressible(64 << 12, 1);
    var image = Qcow2Builder.v3(12, expected.length);
    for (int i = 0; i < 64; i++) {
      byte[] cluster = Arrays.copyOfRange(expected, i << 12, i + 1 << 12);
      if (i % 3 == 0) {
        image.data(i, cluster);
      } else {
        image.compressed(i, Images.deflate(cluster));
      }
    }
    try (DiskImage disk = open(image);
        var threads = Executors.newFixedThreadPool(4)) {
      var reads = Collections.nCopies(40, (Callable<byte[]>) () -> TestImages.read(disk));
      for (Future<byte[]> read : threads.invokeAll(reads)) {
        assertThat(read.get()).isEqualTo(expected);
      }
    }
  }

  private void check(Qcow2Builder image, byte[] expected) throws IOException {
    try (DiskImage disk = open(image)) {
      assertThat(disk.size()).isEqualTo(expected.length);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return Images.open(image.writeTo(dir.resolve("image")));
  }
}
