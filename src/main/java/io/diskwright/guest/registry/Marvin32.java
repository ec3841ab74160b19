package io.diskwright.guest.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The hash of log entries, with the seed that the registry uses. */
final class Marvin32 {

  private static final int SEED_LOW = 0x7a4e55c5;
  private static final int SEED_HIGH = 0x82ef4d88;

  private int low = SEED_LOW;
  private int high = SEED_HIGH;

  private Marvin32() {}

  static long of(byte[] bytes, int from, int to) {
    var hash = new Marvin32();
    ByteBuffer words = ByteBuffer.wrap(bytes, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= 4) {
      hash.low += words.getInt();
      hash.mix();
    }
    int rest = 0x80;
    for (int i = to - 1; words.remaining() > 0 && i >= words.position(); i--) {
      rest = rest << 8 | Byte.toUnsignedInt(bytes[i]);
    }
    hash.low += rest;
    hash.mix();
    hash.mix();
    return Integer.toUnsignedLong(hash.high) << 32 | Integer.toUnsignedLong(hash.low);
  }

  private void mix() {
    high ^= low;
    low = Integer.rotateLeft(low, 20) + high;
    high = Integer.rotateLeft(high, 9) ^ low;
    low = Integer.rotateLeft(low, 27) + high;
    high = Integer.rotateLeft(high, 19);
  }
}
