package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Internal snapshots: listed, not read. */
class Qcow2SnapshotTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  @Test
  void listsNamesAndSizes() throws IOException {
    var image = Qcow2Builder.v3(12, 8 * C).data(0, Images.random(C, 1));
    byte[] entries =
        Images.join(entry(image, "one", 24, 3L * C), entry(image, "zwei ü", 0, 0), new byte[8]);
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
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int length = 40 + extra + 1 + text.length;
    ByteBuffer entry = ByteBuffer.allocate((length + 7) / 8 * 8);
    entry.putLong(image.l1Offset()).putInt(1).putShort((short) 1).putShort((short) text.length);
    entry.putInt(0).putInt(0).putLong(0).putInt(0).putInt(extra);
    if (extra > 0) {
      entry.putLong(0).putLong(diskSize).putLong(-1);
    }
    return entry.put((byte) '1').put(text).array();
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return Images.open(image.writeTo(dir.resolve("image")));
  }
}
