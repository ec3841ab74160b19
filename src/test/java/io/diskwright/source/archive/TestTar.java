package io.diskwright.source.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Builds tar archives block by block, honest ones and others. */
final class TestTar {

  static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A regular file with a POSIX header. */
  TestTar file(String name, byte[] content) {
    return member(name, '0', content, h -> {});
  }

  TestTar file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A member of any type. */
  TestTar member(String name, char type, byte[] content) {
    return member(name, type, content, h -> {});
  }

  /** A member whose header is changed before it is summed up. */
  TestTar member(String name, char type, byte[] content, Consumer<byte[]> change) {
    return header(name, type, content.length, change).data(content);
  }

  /** A header alone. */
  TestTar header(String name, char type, long size, Consumer<byte[]> change) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format(Locale.ROOT, "%011o\0", size));
    put(header, 136, "00000000000\0");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    change.accept(header);
    sum(header);
    bytes.writeBytes(header);
    return this;
  }

  /** Data with its padding. */
  TestTar data(byte[] content) {
    bytes.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
    return this;
  }

  /** An extended header with these records. */
  TestTar pax(char type, String... records) {
    var content = new ByteArrayOutputStream();
    for (String record : records) {
      content.writeBytes((length(record) + " " + record + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return member("pax", type, content.toByteArray());
  }

  private static int length(String record) {
    int own = record.getBytes(StandardCharsets.UTF_8).length + 2;
    int length = own + 1;
    while (length != own + String.valueOf(length).length()) {
      length = own + String.valueOf(length).length();
    }
    return length;
  }

  /** The archive with the blocks that end it, filled up as tar does. */
  byte[] end() {
    bytes.writeBytes(new byte[2 * BLOCK]);
    return Arrays.copyOf(bytes.toByteArray(), (bytes.size() + 10239) / 10240 * 10240);
  }

  /** What there is, without an end. */
  byte[] open() {
    return bytes.toByteArray();
  }

  static void put(byte[] header, int at, String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(value, 0, header, at, value.length);
  }

  /** A number of base 256. */
  static void put256(byte[] header, int at, int length, long value) {
    Arrays.fill(header, at, at + length, value < 0 ? (byte) 0xff : 0);
    ByteBuffer.wrap(header).putLong(at + length - 8, value);
    header[at] |= (byte) 0x80;
  }

  static void sum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
  }
}
