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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparseExtentTest {

  private static final long CAPACITY = 16 * 1030 + 5;

  @TempDir Path folder;

  private DiskImage open(byte[] image) throws IOException {
    return Disks.open(Files.write(folder.resolve("disk.vmdk"), image));
  }

  /** Grains in three tables, next to each other and apart, and a last one that the disk cuts. */
  private static SparseImage some(Layout layout) {
    return new SparseImage(layout, CAPACITY, 16)
        .grain(0)
        .grain(1)
        .grain(2)
        .grain(7)
        .grain(511)
        .grain(512)
        .grain(1030);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void bothWaysOfReadingGiveTheDisk(Layout layout) throws IOException {
    SparseImage image = some(layout);
    try (DiskImage disk = open(image.build())) {
      assertThat(disk.size()).isEqualTo(CAPACITY * 512);
      assertThat(Disks.read(disk)).isEqualTo(image.content());
      assertThat(Disks.walk(disk)).isEqualTo(image.content());
      assertThat(disk.info().anomalies()).isEmpty();
      assertThat(disk.info().clusterSize()).hasValue(8192);
      assertThat(disk.info().externalFiles()).isEmpty();
    }
  }

  @Test
  void adjacentGrainsAreOneExtent() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    try (DiskImage disk = open(image.build())) {
      List<Extent> extents = Disks.extents(disk);
      assertThat(extents.getFirst())
          .isInstanceOf(Extent.Data.class)
          .returns(3L * 8192, Extent::length);
      assertThat(disk.extentAt(8192 + 100, 50)).returns(50L, Extent::length);
      assertThat(disk.extentAt(8192 + 100, 8192 * 9)).returns(8192L * 2 - 100, Extent::length);
    }
  }

  @Test
  void anUnallocatedGrainIsAHoleAndAZeroedOneIsExplicit() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    image.version = 2;
    image.flags = 7;
    image.zeroed.addAll(List.of(8L, 9L, 600L));
    try (DiskImage disk = open(image.build())) {
      assertThat(disk.extentAt(8 * 8192 + 1, 1 << 20))
          .isEqualTo(new Extent.Zero(8 * 8192 + 1, 2 * 8192 - 1, true));
      assertThat(disk.extentAt(3 * 8192, 1 << 20))
          .isEqualTo(new Extent.Zero(3 * 8192, 4 * 8192, false));
      assertThat(Disks.walk(disk)).isEqualTo(image.content());
    }
  }

  @Test
  void aZeroedEntryWithoutTheFlagPointsAmongTheMetadata() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    image.zeroed.add(8L);
    try (DiskImage disk = open(image.build())) {
      assertThatThrownBy(() -> disk.extentAt(8 * 8192, 512))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("grain table entry")
          .hasMessageContaining("descriptor");
    }
  }

  @Test
  void emptyDirectoryEntriesAreSkippedAtOnce() throws IOException {
    // 64 GiB in grain tables of 4 MiB: 16,384 directory entries, one of them used.
    SparseImage image = new SparseImage(Layout.PLAIN, 1L << 27, 16).grain(512L * 9000 + 3);
    try (DiskImage disk = open(image.build())) {
      var calls = new AtomicInteger();
      long at = 0;
      while (at < disk.size()) {
        at = disk.extentAt(at, disk.size() - at).end();
        calls.incrementAndGet();
      }
      assertThat(calls).hasValueLessThan(10);
      ByteBuffer grain = ByteBuffer.allocate(8192);
      disk.read((512L * 9000 + 3) * 8192, grain);
      assertThat(grain.array()).isEqualTo(image.grains.firstEntry().getValue());
    }
  }

  @Test
  void uncleanShutdownIsReported() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    image.unclean = true;
    try (DiskImage disk = open(image.build())) {
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.DIRTY, Anomaly::kind)
          .returns(72L, Anomaly::offset);
      assertThat(Disks.read(disk)).isEqualTo(image.content());
    }
  }

  @Test
  void aDamagedRedundantTableIsReportedAndThePrimaryUsed() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    byte[] bytes = image.build();
    int entry = image.copyAt(1L) + 4 * 5;
    SparseImage.patch(bytes, entry, 4, 77);
    try (DiskImage disk = open(bytes)) {
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.DAMAGED_COPY, Anomaly::kind)
          .returns((long) entry, Anomaly::offset);
      assertThat(Disks.read(disk)).isEqualTo(image.content());
    }
  }

  @Test
  void aRedundantDirectoryOutsideTheFileIsReported() throws IOException {
    SparseImage image = some(Layout.PLAIN);
    byte[] bytes = SparseImage.patch(image.build(), 48, 8, 1L << 40);
    try (DiskImage disk = open(bytes)) {
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.DAMAGED_COPY, Anomaly::kind)
          .returns(48L, Anomaly::offset);
    }
  }

  @Test
  void anExtentWithoutDescriptorAsksForTheDescriptor() {
    SparseImage image = some(Layout.PLAIN);
    image.withDescriptor = false;
    assertThatThrownBy(() -> open(image.build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("one part of a disk")
        .hasMessageContaining("Name the disk's descriptor");
  }

  @Test
  void aBlankEmbeddedDescriptorIsNone() {
    SparseImage image = some(Layout.PLAIN);
    image.descriptor = "";
    assertThatThrownBy(() -> open(image.build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("Name the disk's descriptor");
  }
}
