package io.diskwright.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32;

/** Builds small disks and their tables field by field, by the specifications' offsets alone. */
public final class DiskBuilder {

  /** The type of Linux data, {@code 0FC63DAF-8483-4772-8E79-3D69D8477DE4}, as it lies on disk. */
  public static final byte[] LINUX_DATA = {
    (byte) 0xAF,
    0x3D,
    (byte) 0xC6,
    0x0F,
    (byte) 0x83,
    (byte) 0x84,
    0x72,
    0x47,
    (byte) 0x8E,
    0x79,
    0x3D,
    0x69,
    (byte) 0xD8,
    0x47,
    0x7D,
    (byte) 0xE4
  };

  private final byte[] bytes;
  private final ByteBuffer buffer;

  /** An empty disk of {@code size} bytes. */
  public DiskBuilder(int size) {
    bytes = new byte[size];
    buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The disk so far; later changes show in it. */
  public MemoryDisk disk() {
    return new MemoryDisk(bytes);
  }

  /** The bytes themselves. */
  public byte[] bytes() {
    return bytes;
  }

  public DiskBuilder u8(int at, int value) {
    buffer.put(at, (byte) value);
    return this;
  }

  public DiskBuilder u16(int at, int value) {
    buffer.putShort(at, (short) value);
    return this;
  }

  public DiskBuilder u32(int at, long value) {
    buffer.putInt(at, (int) value);
    return this;
  }

  public DiskBuilder u64(int at, long value) {
    buffer.putLong(at, value);
    return this;
  }

  public DiskBuilder u32be(int at, long value) {
    buffer.putInt(at, Integer.reverseBytes((int) value));
    return this;
  }

  public DiskBuilder text(int at, String text) {
    buffer.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public DiskBuilder put(int at, byte[] value) {
    buffer.put(at, value);
    return this;
  }

  public DiskBuilder fill(int at, int length, int value) {
    for (int i = at; i < at + length; i++) {
      bytes[i] = (byte) value;
    }
    return this;
  }

  /** Ends the sector in 55 AA. */
  public DiskBuilder sign(int lba) {
    return u8(lba * 512 + 510, 0x55).u8(lba * 512 + 511, 0xAA);
  }

  /** Writes the entry {@code index}, 1 to 4, of the boot record in sector {@code lba}. */
  public DiskBuilder entry(int lba, int index, int status, int type, long first, long sectors) {
    int at = lba * 512 + 446 + (index - 1) * 16;
    return sign(lba).u8(at, status).u8(at + 4, type).u32(at + 8, first).u32(at + 12, sectors);
  }

  /** Writes the one entry that protects a GPT. */
  public DiskBuilder protectiveMbr() {
    return entry(0, 1, 0, 0xEE, 1, bytes.length / 512 - 1L);
  }

  /** Writes both copies of a GPT with 128 entries, and the protective MBR; no partitions. */
  public DiskBuilder gpt() {
    int last = bytes.length / 512 - 1;
    protectiveMbr();
    header(1, last, 2);
    header(last, 1, last - 32);
    return checksums();
  }

  /** Writes a header without checksums. */
  public DiskBuilder header(int lba, int alternate, int array) {
    int at = lba * 512;
    return text(at, "EFI PART")
        .u32(at + 8, 0x00010000)
        .u32(at + 12, 92)
        .u64(at + 24, lba)
        .u64(at + 32, alternate)
        .u64(at + 40, 34)
        .u64(at + 48, bytes.length / 512 - 34)
        .u64(at + 56, 0x1111222233334444L)
        .u64(at + 64, 0x5555666677778888L)
        .u64(at + 72, array)
        .u32(at + 80, 128)
        .u32(at + 84, 128);
  }

  /** Writes an entry into both arrays; checksums must be made anew. */
  public DiskBuilder gptEntry(int index, long first, long last, long attributes, String name) {
    for (int header : headers()) {
      int at = (int) buffer.getLong(header * 512 + 72) * 512 + (index - 1) * 128;
      put(at, LINUX_DATA)
          .u64(at + 16, new UUID(1, index).getLeastSignificantBits())
          .u64(at + 32, first)
          .u64(at + 40, last)
          .u64(at + 48, attributes)
          .put(at + 56, name.getBytes(StandardCharsets.UTF_16LE));
    }
    return this;
  }

  /** Makes the checksums of both copies right. */
  public DiskBuilder checksums() {
    for (int header : headers()) {
      checksums(header);
    }
    return this;
  }

  /** Makes the checksums of the copy right whose header lies in the sector. */
  public DiskBuilder checksums(int header) {
    int at = header * 512;
    int array = (int) buffer.getLong(at + 72) * 512;
    int length = buffer.getInt(at + 80) * buffer.getInt(at + 84);
    return u32(at + 88, crc(array, length)).headerChecksum(header);
  }

  /** Makes the checksum of a header right, whatever its array is. */
  public DiskBuilder headerChecksum(int header) {
    int at = header * 512;
    return u32(at + 16, 0).u32(at + 16, crc(at, 92));
  }

  private int[] headers() {
    return new int[] {1, bytes.length / 512 - 1};
  }

  private long crc(int at, int length) {
    var crc = new CRC32();
    crc.update(bytes, at, length);
    return crc.getValue();
  }
}
