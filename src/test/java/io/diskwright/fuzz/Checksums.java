package io.diskwright.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Makes the checksums of a changed image right again, so that its changes are looked at. */
final class Checksums {

  private static final int SECTOR = 512;
  private static final int MAX_LOG = 1 << 20;

  private Checksums() {}

  static void repair(byte[] image) {
    vhd(image);
    vhdx(image);
    gpt(image);
    tar(image);
  }

  private static boolean has(byte[] image, int at, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    return at >= 0
        && at <= image.length - expected.length
        && Arrays.equals(image, at, at + expected.length, expected, 0, expected.length);
  }

  /** Footers at the end (of 511 bytes, too) and at the front, and the dynamic header. */
  private static void vhd(byte[] image) {
    for (int at : new int[] {0, image.length - SECTOR, image.length - SECTOR + 1}) {
      if (has(image, at, "conectix") && at + 511 <= image.length) {
        long header = ByteBuffer.wrap(image).getLong(at + 16);
        if (header > 0 && header <= image.length - 1024L && has(image, (int) header, "cxsparse")) {
          complement(image, (int) header, 1024, (int) header + 36);
        }
        complement(image, at, Math.min(SECTOR, image.length - at), at + 64);
      }
    }
  }

  private static void complement(byte[] image, int from, int length, int field) {
    ByteBuffer buffer = ByteBuffer.wrap(image).putInt(field, 0);
    int sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += Byte.toUnsignedInt(image[i]);
    }
    buffer.putInt(field, ~sum);
  }

  /** Both headers, both region tables, and every log entry. */
  private static void vhdx(byte[] image) {
    if (!has(image, 0, "vhdxfile")) {
      return;
    }
    for (int at : new int[] {1 << 16, 2 << 16}) {
      if (has(image, at, "head")) {
        crc(new CRC32C(), image, at, 4096, at + 4);
      }
    }
    for (int at : new int[] {3 << 16, 4 << 16}) {
      if (has(image, at, "regi")) {
        crc(new CRC32C(), image, at, 1 << 16, at + 4);
      }
    }
    for (int at = 1 << 20; at <= image.length - 4096; at += 4096) {
      if (has(image, at, "loge")) {
        int length = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 8);
        if (length >= 64 && length <= MAX_LOG) {
          crc(new CRC32C(), image, at, length, at + 4);
        }
      }
    }
  }

  private static void crc(Checksum sum, byte[] image, int from, int length, int field) {
    if (from <= image.length - length) {
      ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(field, 0);
      sum.update(image, from, length);
      buffer.putInt(field, (int) sum.getValue());
    }
  }

  /** The entries' checksum in both headers, then the headers' own. */
  private static void gpt(byte[] image) {
    for (int sector : new int[] {SECTOR, 4096}) {
      for (int at : new int[] {sector, image.length - sector}) {
        if (has(image, at, "EFI PART")) {
          ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
          long entries = buffer.getLong(at + 72);
          long length =
              Integer.toUnsignedLong(buffer.getInt(at + 80))
                  * Integer.toUnsignedLong(buffer.getInt(at + 84));
          if (entries > 0 && entries <= image.length / sector && length <= 1 << 20) {
            int from = (int) entries * sector;
            if (length <= image.length - from) {
              crc(new CRC32(), image, from, (int) length, at + 88);
            }
          }
          int header = buffer.getInt(at + 12);
          if (header >= 92 && header <= sector) {
            crc(new CRC32(), image, at, header, at + 16);
          }
        }
      }
    }
  }

  private static void tar(byte[] image) {
    for (int at = 0; at <= image.length - SECTOR; at += SECTOR) {
      if (has(image, at + 257, "ustar")) {
        Arrays.fill(image, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = at; i < at + SECTOR; i++) {
          sum += Byte.toUnsignedInt(image[i]);
        }
        byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, image, at + 148, 8);
      }
    }
  }
}
