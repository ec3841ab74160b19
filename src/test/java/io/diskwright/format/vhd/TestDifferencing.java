package io.diskwright.format.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A differencing VHD made field by field: blocks of 64 KiB, so that a bitmap has two words and 16
 * bytes. What the bitmap says is not stored is filled with {@link #POISON}, which must never be
 * read.
 */
final class TestDifferencing {

  static final int BLOCK = 1 << 16;
  static final int SECTORS = BLOCK / 512;
  static final int HEADER = 512;
  static final int LOCATORS = HEADER + 576;
  static final int TABLE = 1536;
  static final int NAMES = 2048;
  static final int DATA = NAMES + 8 * 512;
  static final int STORED = 512 + BLOCK;
  static final byte POISON = (byte) 0xEE;

  final ByteBuffer bytes;
  final byte[] own;
  final boolean[] stored;
  private final int footer;
  private int slots;

  /**
   * @param disk bytes of the disk
   * @param id its UUID
   * @param parent its parent's UUID
   * @param slots blocks that will be stored
   */
  TestDifferencing(int disk, long id, long parent, int slots) {
    own = new byte[disk];
    stored = new boolean[disk / 512];
    footer = DATA + slots * STORED;
    bytes = ByteBuffer.allocate(footer + 512);
    text(footer, "conectix").bytes.putInt(footer + 8, 2).putInt(footer + 12, 0x10000);
    bytes.putLong(footer + 16, HEADER).putInt(footer + 24, 90_000);
    text(footer + 28, "win ").text(footer + 36, "Wi2k").bytes.putInt(footer + 32, 0x000a_0000);
    bytes.putLong(footer + 40, disk).putLong(footer + 48, disk);
    bytes.putShort(footer + 56, (short) 0xFFFF).putShort(footer + 58, (short) 0x10FF);
    bytes.putInt(footer + 60, 4).putLong(footer + 68, id >>> 32).putLong(footer + 76, id);
    text(HEADER, "cxsparse").bytes.putLong(HEADER + 8, -1).putLong(HEADER + 16, TABLE);
    bytes.putInt(HEADER + 24, 0x10000).putInt(HEADER + 28, 16).putInt(HEADER + 32, BLOCK);
    bytes.putLong(HEADER + 40, parent >>> 32).putLong(HEADER + 48, parent);
    Arrays.fill(bytes.array(), TABLE, NAMES, (byte) 0xFF);
  }

  /** Over the image that {@link TestVhd} makes, which has this UUID. */
  static TestDifferencing overTestVhd(int disk, int slots) {
    var vhd = new TestDifferencing(disk, 7, 0, slots);
    vhd.bytes.putLong(HEADER + 40, 0x0011223344556677L).putLong(HEADER + 48, 0x8899aabbccddeeffL);
    return vhd;
  }

  /** Stores a block with the sectors of it that {@code bits} names. */
  TestDifferencing block(int index, int seed, IntPredicate bits) {
    int start = DATA + slots++ * STORED;
    bytes.putInt(TABLE + 4 * index, start / 512);
    Arrays.fill(bytes.array(), start + 512, start + STORED, POISON);
    for (int i = 0; i < SECTORS; i++) {
      if (!bits.test(i)) {
        continue;
      }
      int at = start + i / 8;
      bytes.put(at, (byte) (bytes.get(at) | 0x80 >> i % 8));
      for (int b = 0; b < 512; b++) {
        bytes.put(start + 512 + i * 512 + b, (byte) (b * 3 + i * 7 + seed * 31 | 1));
      }
      int onDisk = index * BLOCK + i * 512;
      if (onDisk < own.length) {
        stored[onDisk / 512] = true;
        System.arraycopy(bytes.array(), start + 512 + i * 512, own, onDisk, 512);
      }
    }
    return this;
  }

  TestDifferencing locator(int index, String code, String name) {
    return switch (code) {
      case "W2ru", "W2ku" -> locator(index, code, name.getBytes(StandardCharsets.UTF_16LE));
      default -> locator(index, code, name.getBytes(StandardCharsets.UTF_8));
    };
  }

  private TestDifferencing locator(int index, String code, byte[] name) {
    int at = LOCATORS + 24 * index;
    text(at, code).bytes.putInt(at + 4, 512).putInt(at + 8, name.length);
    bytes.putLong(at + 16, NAMES + 512 * index).put(NAMES + 512 * index, name);
    return this;
  }

  TestDifferencing unicodeName(String name) {
    bytes.put(HEADER + 64, name.getBytes(StandardCharsets.UTF_16BE));
    return this;
  }

  TestDifferencing header32(int at, long value) {
    bytes.putInt(HEADER + at, (int) value);
    return this;
  }

  TestDifferencing footer32(int at, long value) {
    bytes.putInt(footer + at, (int) value);
    return this;
  }

  TestDifferencing text(int at, String text) {
    bytes.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** What the guest sees over a parent with these bytes. */
  byte[] over(byte[] parent) {
    byte[] disk = Arrays.copyOf(parent, own.length);
    for (int i = 0; i < stored.length; i++) {
      if (stored[i]) {
        System.arraycopy(own, i * 512, disk, i * 512, 512);
      }
    }
    return disk;
  }

  Path write(Path file) throws IOException {
    seal(footer, 512, 64);
    seal(HEADER, 1024, 36);
    bytes.put(0, bytes.array(), footer, 512);
    return Files.write(file, bytes.array());
  }

  private void seal(int start, int length, int checksumAt) {
    bytes.putInt(start + checksumAt, 0);
    int sum = 0;
    for (int i = start; i < start + length; i++) {
      sum += bytes.get(i) & 0xFF;
    }
    bytes.putInt(start + checksumAt, ~sum);
  }
}
