package io.diskwright.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * Changes an image as damage and malice would: flipped bits, fields with the values at which
 * arithmetic goes wrong, blocks in the wrong place, a file cut or lengthened. Most changes go where
 * the metadata is; afterwards checksums are mostly made right again, so that more than the first
 * check is reached. The same random numbers give the same bytes.
 */
final class Mutator {

  private static final int HEAD = 1 << 17;
  private static final int TAIL = 2048;
  private static final int MAX_LENGTH = 16 << 20;

  private final Random random;
  private final BitSet metadata;
  private byte[] bytes;

  private Mutator(Random random, BitSet metadata, byte[] bytes) {
    this.random = random;
    this.metadata = metadata;
    this.bytes = bytes;
  }

  /** A changed copy. */
  static byte[] mutate(byte[] image, BitSet metadata, Random random) {
    var mutator = new Mutator(random, metadata, image.clone());
    int changes = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3);
    for (int i = 0; i < changes && mutator.bytes.length > 0; i++) {
      mutator.change();
    }
    if (random.nextInt(5) != 0) {
      Checksums.repair(mutator.bytes);
    }
    return mutator.bytes;
  }

  private void change() {
    switch (random.nextInt(16)) {
      case 0, 1 -> bytes[place()] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[place()] = (byte) random.nextInt(256);
      case 3, 4, 5, 6, 7, 8 -> field();
      case 9 -> nudge();
      case 10 -> copyBlock(false);
      case 11 -> copyBlock(true);
      case 12 -> fill();
      case 13, 14 -> number();
      default -> length();
    }
  }

  /** Where to change something. */
  private int place() {
    int length = bytes.length;
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> {
        // Headers stand at the very front: each doubling of the distance is as likely.
        int limit = Math.min(length, HEAD);
        int reach = 1 << (4 + random.nextInt(14));
        yield random.nextInt(Math.min(limit, reach));
      }
      case 4 -> length - 1 - random.nextInt(Math.min(length, TAIL));
      case 5, 6, 7, 8 -> {
        int page = metadata.isEmpty() ? -1 : nthPage(random.nextInt(metadata.cardinality()));
        int at = page * Seed.PAGE + random.nextInt(Seed.PAGE);
        yield page < 0 || at >= length ? random.nextInt(length) : at;
      }
      default -> random.nextInt(length);
    };
  }

  private int nthPage(int n) {
    int page = metadata.nextSetBit(0);
    for (int i = 0; i < n; i++) {
      page = metadata.nextSetBit(page + 1);
    }
    return page;
  }

  private record Field(int at, int width, ByteOrder order) {}

  private Field someField() {
    int width = 2 << random.nextInt(3);
    int at = place() / width * width;
    return at + width > bytes.length
        ? null
        : new Field(
            at, width, random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private long get(Field field) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(field.order);
    return switch (field.width) {
      case 2 -> buffer.getShort(field.at);
      case 4 -> buffer.getInt(field.at);
      default -> buffer.getLong(field.at);
    };
  }

  private void put(Field field, long value) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(field.order);
    switch (field.width) {
      case 2 -> buffer.putShort(field.at, (short) value);
      case 4 -> buffer.putInt(field.at, (int) value);
      default -> buffer.putLong(field.at, value);
    }
  }

  private void field() {
    Field field = someField();
    if (field != null) {
      put(field, boundary());
    }
  }

  private long boundary() {
    long size = bytes.length;
    return switch (random.nextInt(20)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> -1;
      case 3 -> Integer.MAX_VALUE;
      case 4 -> 1L << 31;
      case 5 -> Long.MAX_VALUE;
      case 6 -> Long.MIN_VALUE;
      case 7 -> size;
      case 8 -> size - 1;
      case 9 -> size + 1;
      case 10 -> size / 512;
      case 11 -> size / 512 - 1;
      case 12 -> 1L << random.nextInt(64);
      case 13 -> (1L << random.nextInt(64)) - 1;
      case 14 -> (1L << random.nextInt(64)) + (1L << random.nextInt(32));
      case 15 -> 65536L * random.nextInt(64);
      case 16 -> 512L * random.nextInt(64);
      case 17 -> size & -(512L << random.nextInt(12));
      case 18 -> random.nextInt(256);
      default -> random.nextLong();
    };
  }

  private void nudge() {
    Field field = someField();
    if (field != null) {
      long value = get(field);
      put(
          field,
          switch (random.nextInt(6)) {
            case 0 -> value + 1;
            case 1 -> value - 1;
            case 2 -> value << 1;
            case 3 -> value >>> 1;
            case 4 -> -value;
            default -> value ^ (1L << random.nextInt(8 * field.width));
          });
    }
  }

  private void copyBlock(boolean swap) {
    int size = Math.min(bytes.length, 4 << random.nextInt(15));
    int a = Math.min(place() / size * size, bytes.length - size);
    int b = Math.min(place() / size * size, bytes.length - size);
    byte[] first = Arrays.copyOfRange(bytes, a, a + size);
    byte[] second = Arrays.copyOfRange(bytes, b, b + size);
    System.arraycopy(first, 0, bytes, b, size);
    if (swap) {
      System.arraycopy(second, 0, bytes, a, size);
    }
  }

  private void fill() {
    int from = place();
    int to = Math.min(bytes.length, from + (1 << random.nextInt(13)));
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(bytes, from, to, (byte) 0);
      case 1 -> Arrays.fill(bytes, from, to, (byte) -1);
      default -> {
        for (int i = from; i < to; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
    }
  }

  /** Changes text: a number of a descriptor, or a character, or a line given twice. */
  private void number() {
    int from = place();
    for (int i = from; i < Math.min(bytes.length, from + 2048); i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9' && i > 0 && isText(bytes[i - 1])) {
        int end = i;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
          end++;
        }
        replace(i, end, text());
        return;
      }
    }
    nudge();
  }

  private static boolean isText(byte b) {
    return b == ' ' || b == '"' || b == '=' || b == '\n' || b >= 'A' && b <= 'z';
  }

  private String text() {
    return switch (random.nextInt(8)) {
      case 0 -> Long.toString(boundary());
      case 1 -> Long.toUnsignedString(boundary());
      case 2 -> "99999999999999999999999";
      case 3 -> "\"";
      case 4 -> "";
      case 5 -> "0x7fffffff";
      case 6 -> "../" + random.nextInt(10);
      default -> Long.toString(random.nextInt(1000));
    };
  }

  /** Puts text in the place of other text; what follows moves up to the end of its 2 KiB only. */
  private void replace(int from, int to, String text) {
    byte[] inserted = text.getBytes(StandardCharsets.US_ASCII);
    int end = Math.min(bytes.length, from + 2048);
    byte[] rest = Arrays.copyOfRange(bytes, Math.min(to, end), end);
    int at = from;
    for (byte[] part : new byte[][] {inserted, rest}) {
      int count = Math.min(part.length, end - at);
      System.arraycopy(part, 0, bytes, at, count);
      at += count;
    }
    Arrays.fill(bytes, at, end, (byte) 0);
  }

  private void length() {
    int length =
        switch (random.nextInt(5)) {
          case 0 -> random.nextInt(bytes.length + 1);
          case 1 -> bytes.length - Math.min(bytes.length, 1 + random.nextInt(1024));
          case 2 -> bytes.length & -(512 << random.nextInt(8));
          case 3 -> Math.min(MAX_LENGTH, bytes.length + random.nextInt(1 << 20));
          default -> place();
        };
    bytes = Arrays.copyOf(bytes, length);
  }
}
