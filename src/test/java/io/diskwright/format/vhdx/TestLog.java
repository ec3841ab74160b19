package io.diskwright.format.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes log entries into a {@link TestVhdx}, byte for byte. */
final class TestLog {

  static final int SECTOR = 4096;

  private final TestVhdx vhdx;
  private long flushed;
  private long last;

  /** A log of an image whose file is as long as it says. */
  TestLog(TestVhdx vhdx) {
    this.vhdx = vhdx;
    flushed = vhdx.bytes.capacity();
    last = flushed;
  }

  /** What the following entries say about the file's length. */
  TestLog lengths(long flushedFileOffset, long lastFileOffset) {
    flushed = flushedFileOffset;
    last = lastFileOffset;
    return this;
  }

  /** A change: a sector of 4 KiB, or {@code length} zeros. */
  record Change(long offset, byte[] sector, long length) {

    static Change data(long offset, byte[] sector) {
      return new Change(offset, sector, 0);
    }

    static Change zero(long offset, long length) {
      return new Change(offset, new byte[0], length);
    }

    private boolean isData() {
      return sector.length > 0;
    }
  }

  /**
   * Puts an entry at a sector of the log, round its end if it is long.
   *
   * @param sector where it starts, in sectors from the start of the log
   * @param tail where the sequence starts, likewise
   * @return the sector behind it
   */
  int entry(int sector, int tail, long sequence, Change... changes) {
    return put(sector, sealed(build(tail, sequence, TestVhdx.LOG_GUID, List.of(changes))));
  }

  /** An entry's bytes without its checksum. */
  byte[] build(int tail, long sequence, UUID guid, List<Change> changes) {
    long dataSectors = changes.stream().filter(Change::isData).count();
    int descriptorSectors = (64 + 32 * changes.size() + SECTOR - 1) / SECTOR;
    int length = (int) (descriptorSectors + dataSectors) * SECTOR;
    ByteBuffer entry = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    ascii(entry, 0, "loge").putInt(8, length).putInt(12, tail * SECTOR).putLong(16, sequence);
    entry.putInt(24, changes.size()).putLong(48, flushed).putLong(56, last);
    entry.putInt(32, (int) (guid.getMostSignificantBits() >>> 32));
    entry.putShort(36, (short) (guid.getMostSignificantBits() >>> 16));
    entry.putShort(38, (short) guid.getMostSignificantBits());
    entry.putLong(40, Long.reverseBytes(guid.getLeastSignificantBits()));
    int data = descriptorSectors * SECTOR;
    int at = 64;
    for (Change change : changes) {
      ascii(entry, at, change.isData() ? "desc" : "zero").putLong(at + 16, change.offset);
      entry.putLong(at + 24, sequence);
      if (change.isData()) {
        entry.put(at + 8, change.sector, 0, 8).put(at + 4, change.sector, SECTOR - 4, 4);
        ascii(entry, data, "data").putInt(data + 4, (int) (sequence >>> 32));
        entry.put(data + 8, change.sector, 8, SECTOR - 12);
        entry.putInt(data + SECTOR - 4, (int) sequence);
        data += SECTOR;
      } else {
        entry.putLong(at + 8, change.length);
      }
      at += 32;
    }
    return entry.array();
  }

  static byte[] sealed(byte[] entry) {
    ByteBuffer bytes = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4, 0).putInt(4, (int) TestVhdx.crc(entry, 0, entry.length));
    return entry;
  }

  /** Puts bytes at a sector of the log of 1 MiB, round its end. */
  int put(int sector, byte[] entry) {
    int sectors = TestVhdx.MIB / SECTOR;
    for (int i = 0; i < entry.length / SECTOR; i++) {
      vhdx.bytes.put(TestVhdx.LOG + (sector + i) % sectors * SECTOR, entry, i * SECTOR, SECTOR);
    }
    return (sector + entry.length / SECTOR) % sectors;
  }

  private static ByteBuffer ascii(ByteBuffer bytes, int at, String text) {
    return bytes.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A BAT sector with one entry for the first payload block. */
  static byte[] table(int state, long mib) {
    return ByteBuffer.allocate(SECTOR)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(mib << 20 | state)
        .array();
  }

  /** Changes that put zeros, one each, into as many places. */
  static List<Change> zeros(int count, long offset, int step) {
    var changes = new ArrayList<Change>();
    for (int i = 0; i < count; i++) {
      changes.add(Change.zero(offset + (long) i * step, SECTOR));
    }
    return changes;
  }
}
