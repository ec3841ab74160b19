package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.TestImages;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Internal snapshots: listed, chosen and read. */
class Qcow2SnapshotTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  @Test
  void listsNamesAndSizes() throws IOException {
    var image = Qcow2Builder.v3(12, 8 * C).data(0, TestImages.random(C, 1));
    byte[] entries =
        TestImages.join(entry(image, "one", 24, 3L * C), entry(image, "zwei ü", 0, 0), new byte[8]);
    long table = image.cluster(entries);
    try (DiskImage disk = open(image.u32(60, 2).u64(64, table))) {
      assertThat(disk.info().snapshots())
          .containsExactly(
              new ImageInfo.Snapshot("one", 3L * C), new ImageInfo.Snapshot("zwei ü", 8L * C));
      assertThat(disk.info().anomalies())
          .containsExactly(
              new Anomaly(
                  Anomaly.Kind.IGNORED_CONTENT,
                  "snapshot table",
                  table,
                  "2 internal snapshots",
                  "the active disk alone"));
    }
  }

  @Test
  void refusesBrokenEntries() {
    refuses(36, 1025, CorruptImage.class, "extra_data_size at offset 0x5024: found 1025");
    refuses(36, -1, CorruptImage.class, "extra_data_size at offset 0x5024: found 4294967295");
    refuses(8, -1, LimitExceeded.class, "l1_size at offset 0x5008");
    refuses(4, 8, CorruptImage.class, "l1_table_offset at offset 0x5000");
    refuses(0, 1 << 20, CorruptImage.class, "l1_table_offset at offset 0x5000");
    refuses(40 + 8, -1, CorruptImage.class, "disk_size at offset 0x5030");
    refuses(12, -1, CorruptImage.class, "snapshot table entry at offset 0x5000");
  }

  @Test
  void refusesATableThatGrowsWithoutEnd() {
    var image = Qcow2Builder.v3(12, C);
    byte[] name = new byte[65528];
    ByteBuffer entries = ByteBuffer.allocate(260 * 65568);
    for (int i = 0; i < 260; i++) {
      entries.putLong(C * 3L).putInt(0).putShort((short) 0).putShort((short) name.length);
      entries.putLong(0).putLong(0).putInt(0).putInt(0).put(name);
    }
    long table = image.cluster(entries.array());
    assertThatThrownBy(() -> open(image.u32(60, 260).u64(64, table)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("snapshot table at offset 0x4000");
  }

  @Test
  void readsASnapshotByIdOrName() throws IOException {
    byte[] now = TestImages.random(C, 1);
    byte[] then = TestImages.random(C, 2);
    var image = Qcow2Builder.v3(12, 3 * C).data(0, now);
    Path file = write(image, snapshot(image, "1", "first", 24, 2 * C, then));
    for (String wanted : List.of("1", "first")) {
      try (DiskImage disk = Images.open(file, wanted)) {
        assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(new byte[C], then));
        assertThat(TestImages.readByExtents(disk)).isEqualTo(TestImages.join(new byte[C], then));
        assertThat(disk.info().virtualSize()).isEqualTo(2 * C);
        assertThat(disk.info().details()).containsEntry("snapshot read", "1 'first'");
        assertThat(disk.info().anomalies())
            .extracting(Anomaly::observed)
            .containsExactly("the active disk");
      }
    }
    try (DiskImage disk = Images.open(file)) {
      assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(now, new byte[2 * C]));
      assertThat(disk.info().details()).doesNotContainKey("snapshot read");
    }
  }

  @Test
  void prefersTheId() throws IOException {
    byte[] first = TestImages.random(C, 1);
    byte[] second = TestImages.random(C, 2);
    var image = Qcow2Builder.v3(12, 2 * C);
    Path file =
        write(
            image,
            snapshot(image, "1", "2", 24, 2 * C, first),
            snapshot(image, "2", "1", 24, 2 * C, second));
    try (DiskImage disk = Images.open(file, "2")) {
      assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(new byte[C], second));
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::observed)
          .containsExactly("the active disk, 1 other snapshots");
    }
  }

  @Test
  void refusesToChooseBetweenSnapshotsOfOneName() {
    var image = Qcow2Builder.v3(12, 2 * C);
    byte[] data = TestImages.random(C, 1);
    Path file =
        write(
            image,
            snapshot(image, "7", "daily", 24, 2 * C, data),
            snapshot(image, "9", "daily", 24, 2 * C, data),
            snapshot(image, "x", "other", 24, 2 * C, data),
            snapshot(image, "x", "third", 24, 2 * C, data));
    assertThatThrownBy(() -> Images.open(file, "daily"))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("2 snapshots 'daily': 7 'daily', 9 'daily', allowed");
    assertThatThrownBy(() -> Images.open(file, "x"))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("2 snapshots 'x': x 'other', x 'third', allowed");
    assertThatThrownBy(() -> Images.open(file, "no\nne"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("no snapshot 'no\\x0ane', allowed: 7 'daily', 9 'daily', x 'other'");
  }

  @Test
  void listsOnlySomeOfManySnapshots() {
    var image = Qcow2Builder.v3(12, C);
    byte[][] entries = new byte[100][];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entry(image.l1Offset(), 1, "" + i, "n" + "a".repeat(1000), 24, C);
    }
    Path file = write(image, entries);
    assertThatThrownBy(() -> Images.open(file, "none"))
        .hasMessageContaining(" 0 'n" + "a".repeat(63) + "…', 1 ")
        .hasMessageContaining("15 'n" + "a".repeat(63) + "…' and 84 more")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
    Path none = Qcow2Builder.v3(12, C).writeTo(dir.resolve("none"));
    assertThatThrownBy(() -> Images.open(none, "one"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("no snapshot 'one', allowed: none, there are no snapshots");
  }

  @Test
  void takesTheActiveSizeInVersion2Only() throws IOException {
    byte[] data = TestImages.random(C, 1);
    var image = Qcow2Builder.v2(12, 2 * C);
    Path file =
        write(
            image,
            snapshot(image, "1", "none", 0, 0, data),
            snapshot(image, "2", "short", 8, 0, data));
    for (String id : List.of("1", "2")) {
      try (DiskImage disk = Images.open(file, id)) {
        assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(new byte[C], data));
      }
    }
    var newer = Qcow2Builder.v3(12, 2 * C);
    Path sizeless = write(newer, snapshot(newer, "1", "none", 8, 0, data));
    assertThatThrownBy(() -> Images.open(sizeless, "1"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("snapshot table entry extra_data_size at offset 0x7024")
        .hasMessageContaining("no disk size of snapshot 1 'none'");
  }

  @Test
  void refusesAnL1TableThatDoesNotFitTheSnapshot() {
    var small = Qcow2Builder.v3(12, C);
    refusesReading(
        small,
        entry(small.l1Offset(), 1, "1", "big", 24, (2L << 20) + 1),
        "l1_size at offset 0x4008: found 1 entries, allowed: at least 2 for size 2097153");
    var none = Qcow2Builder.v3(12, C);
    refusesReading(
        none, entry(none.l1Offset(), 0, "1", "none", 24, C), "l1_size at offset 0x4008: found 0");
    var header = Qcow2Builder.v3(12, C);
    refusesReading(
        header, entry(0, 1, "1", "header", 24, C), "l1_table_offset at offset 0x4000: found 0");
    var refcounts = Qcow2Builder.v3(12, C);
    refusesReading(refcounts, entry(C, 1, "1", "refs", 24, C), "overlaps the L1 table");
  }

  @Test
  void refusesSnapshotTablesThatPointIntoMetadata() {
    var image = Qcow2Builder.v3(12, C);
    long l1 = image.cluster(longs(image.l1Offset()));
    refusesReading(image, entry(l1, 1, "1", "one", 24, C), "inside the L1 table");
    var data = Qcow2Builder.v3(12, C);
    long l2 = data.cluster(longs(data.l1Offset()));
    long other = data.cluster(longs(l2));
    refusesReading(data, entry(other, 1, "1", "one", 24, C), "inside the L1 table");
    var self = Qcow2Builder.v3(12, C);
    long beyond = self.cluster(longs(1L << 40));
    refusesReading(self, entry(beyond, 1, "1", "one", 24, C), "L1 entry at offset 0x4000");
  }

  @Test
  void readsABackingFileInItsActiveState() throws IOException {
    byte[] below = TestImages.random(C, 1);
    byte[] then = TestImages.random(C, 2);
    var base = Qcow2Builder.v3(12, C).data(0, below);
    long table = base.cluster(entry(base.l1Offset(), 1, "1", "one", 24, C));
    base.u32(60, 1).u64(64, table).writeTo(dir.resolve("base"));
    var image = Qcow2Builder.v3(12, 2 * C).backing("base", "qcow2");
    Path file = write(image, snapshot(image, "1", "one", 24, 2 * C, then));
    try (DiskImage disk = Images.open(file, "one")) {
      assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(below, then));
    }
  }

  /** A snapshot whose second cluster holds these bytes. */
  private static byte[] snapshot(
      Qcow2Builder image, String id, String name, int extra, long size, byte[] data) {
    long cluster = image.cluster(data);
    long l2 = image.cluster(Arrays.copyOf(longs(0, cluster), C));
    long l1 = image.cluster(longs(l2));
    return entry(l1, 1, id, name, extra, size);
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }

  private Path write(Qcow2Builder image, byte[]... entries) {
    long table = image.cluster(TestImages.join(entries));
    return image.u32(60, entries.length).u64(64, table).writeTo(dir.resolve("snapshots"));
  }

  private void refusesReading(Qcow2Builder image, byte[] entry, String message) {
    Path file = write(image, entry);
    assertThatThrownBy(
            () -> {
              try (DiskImage disk = Images.open(file, "1")) {
                TestImages.read(disk);
              }
            })
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  private void refuses(int at, int value, Class<? extends ImageException> type, String message) {
    var image = Qcow2Builder.v3(12, C);
    image.entryOffset(0);
    byte[] entry = entry(image, "one", 24, C);
    long table = image.cluster(entry);
    assertThat(table).isEqualTo(0x5000);
    image.u32(60, 1).u64(64, table).u32(table + at, value);
    assertThatThrownBy(() -> open(image)).isInstanceOf(type).hasMessageContaining(message);
  }

  private static byte[] entry(Qcow2Builder image, String name, int extra, long diskSize) {
    return entry(image.l1Offset(), 1, "1", name, extra, diskSize);
  }

  private static byte[] entry(
      long l1Offset, int l1Size, String id, String name, int extra, long diskSize) {
    byte[] idText = id.getBytes(StandardCharsets.UTF_8);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int length = 40 + extra + idText.length + text.length;
    ByteBuffer entry = ByteBuffer.allocate((length + 7) / 8 * 8);
    entry.putLong(l1Offset).putInt(l1Size);
    entry.putShort((short) idText.length).putShort((short) text.length);
    entry.putInt(0).putInt(0).putLong(0).putInt(0).putInt(extra);
    if (extra >= 16) {
      entry.putLong(0).putLong(diskSize);
    }
    return entry.position(40 + extra).put(idText).put(text).array();
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return Images.open(image.writeTo(dir.resolve("image")));
  }
}
