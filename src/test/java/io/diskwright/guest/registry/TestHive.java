package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A hive laid out byte by byte; offsets of cells count from the start of the bins. */
final class TestHive {

  static final int BINS = 4096;
  static final int ROOT = 0x20;
  static final int NONE = -1;
  static final String NAME = "SOFTWARE";

  private static final int BIN_HEADER = 32;
  private static final int KEY_HEADER = 76;
  private static final int VALUE_HEADER = 20;

  private final ByteBuffer bytes;
  private int next = BIN_HEADER;

  TestHive() {
    this(5, 16 * BINS);
  }

  /**
   * @param minor of the version
   * @param binsSize bytes
   */
  TestHive(int minor, int binsSize) {
    bytes = ByteBuffer.allocate(BINS + binsSize).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, ascii("regf")).putInt(4, 1).putInt(8, 1).putLong(12, 1000);
    bytes.putInt(20, 1).putInt(24, minor).putInt(32, 1).putInt(36, ROOT).putInt(40, binsSize);
    bytes.putInt(44, 1).put(BINS, ascii("hbin")).putInt(BINS + 8, binsSize);
    bytes.putLong(BINS + 20, 1000);
    key(0, "ROOT");
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }

  /** A cell in use; its offset. */
  int cell(byte[] content) {
    int offset = next;
    int length = (content.length + 4 + 7) / 8 * 8;
    bytes.putInt(BINS + offset, -length).put(BINS + offset + 4, content);
    next += length;
    return offset;
  }

  /** A cell of 32-bit numbers behind a signature and a count, if there are such. */
  int offsets(byte[] head, int... offsets) {
    ByteBuffer content = ByteBuffer.allocate(head.length + 4 * offsets.length);
    content.order(ByteOrder.LITTLE_ENDIAN).put(head);
    for (int offset : offsets) {
      content.putInt(offset);
    }
    return cell(content.array());
  }

  /** A key that no list names yet. */
  int key(int parent, String name) {
    boolean compressed = name.chars().allMatch(c -> c < 256);
    byte[] text = compressed ? ascii(name) : utf16(name);
    ByteBuffer content = ByteBuffer.allocate(KEY_HEADER + text.length);
    content.order(ByteOrder.LITTLE_ENDIAN).put(0, ascii("nk"));
    content.putShort(2, (short) (compressed ? 0x20 : 0)).putLong(4, 133_500_000_012_345_678L);
    content.putInt(16, parent).putInt(28, NONE).putInt(32, NONE).putInt(40, NONE);
    content.putInt(44, NONE).putInt(48, NONE).putShort(72, (short) text.length);
    return cell(content.put(KEY_HEADER, text).array());
  }

  /** A list of keys, of the kinds lf, lh, li and, for lists of them, ri. */
  int list(String kind, int... keys) {
    boolean hashes = kind.equals("lf") || kind.equals("lh");
    byte[] head = {(byte) kind.charAt(0), (byte) kind.charAt(1), (byte) keys.length, 0};
    head[3] = (byte) (keys.length >> 8);
    if (!hashes) {
      return offsets(head, keys);
    }
    int[] entries = new int[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      entries[2 * i] = keys[i];
    }
    return offsets(head, entries);
  }

  /** Puts a list below a key. */
  TestHive below(int parent, int count, int list) {
    return set32(parent, 20, count).set32(parent, 28, list);
  }

  /** A key in a list of one below another. */
  int child(int parent, String name) {
    int key = key(parent, name);
    below(parent, 1, list("lh", key));
    return key;
  }

  /** A value, with its data in place when that has 4 bytes or less. */
  int value(String name, int type, byte[] data) {
    if (data.length > 4) {
      return value(name, type, data.length, cell(data));
    }
    int inPlace = 0;
    for (int i = data.length - 1; i >= 0; i--) {
      inPlace = inPlace << 8 | Byte.toUnsignedInt(data[i]);
    }
    return value(name, type, data.length | 0x80000000, inPlace);
  }

  int value(String name, int type, int size, int data) {
    boolean compressed = name.chars().allMatch(c -> c < 256);
    byte[] text = compressed ? ascii(name) : utf16(name);
    ByteBuffer content = ByteBuffer.allocate(VALUE_HEADER + text.length);
    content.order(ByteOrder.LITTLE_ENDIAN).put(0, ascii("vk")).putShort(2, (short) text.length);
    content.putInt(4, size).putInt(8, data).putInt(12, type);
    content.putShort(16, (short) (compressed ? 1 : 0)).put(VALUE_HEADER, text);
    return cell(content.array());
  }

  TestHive values(int key, int... values) {
    return set32(key, 36, values.length).set32(key, 40, offsets(new byte[0], values));
  }

  /** Changes a field of a cell's content. */
  TestHive set32(int cell, int at, int value) {
    bytes.putInt(BINS + cell + 4 + at, value);
    return this;
  }

  TestHive set16(int cell, int at, int value) {
    bytes.putShort(BINS + cell + 4 + at, (short) value);
    return this;
  }

  TestHive cellSize(int cell, int size) {
    bytes.putInt(BINS + cell, size);
    return this;
  }

  /** Changes a field of the base block. */
  TestHive head(int at, int value) {
    bytes.putInt(at, value);
    return this;
  }

  /** The whole, with the checksum that it should have. */
  byte[] bytes() {
    if (next < bytes.limit() - BINS) {
      bytes.putInt(BINS + next, bytes.limit() - BINS - next);
    }
    byte[] whole = bytes.array().clone();
    checksum(whole);
    return whole;
  }

  static void checksum(byte[] head) {
    ByteBuffer words = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int checksum = 0;
    for (int i = 0; i < 508; i += 4) {
      checksum ^= words.getInt(i);
    }
    words.putInt(508, checksum);
  }

  static ByteSource source(byte[] bytes) {
    return new MemorySource(NAME, bytes);
  }

  Hive open() throws IOException {
    return Hive.open(source(bytes()), List.of());
  }
}
