package io.diskwright.source.compressed;

import net.jpountz.xxhash.StreamingXXHash32;

/**
 * The decoded end of an lz4 frame: the block that is being handed out, and before it what the next
 * one may refer to.
 */
final class Lz4Window {

  /** How far back a block refers at most, in bytes. */
  private static final int HISTORY = 1 << 16;

  /** Room for several small blocks, so that the history is not moved for each. */
  private static final int MIN_ROOM = 1 << 20;

  private byte[] bytes = new byte[0];
  private int maxBlock;
  private int from;
  private int to;

  /**
   * Forgets the frame before.
   *
   * @param maxDecoded bytes of a decoded block at most, of this frame
   */
  void start(int maxDecoded) {
    maxBlock = maxDecoded;
    from = 0;
    to = 0;
    int wanted = HISTORY + Math.max(MIN_ROOM, maxDecoded);
    if (bytes.length < wanted) {
      bytes = new byte[wanted];
    }
  }

  /**
   * Decodes the next block, when all of the last was handed out.
   *
   * @param block the block, from index 0 on
   * @param length its bytes, at most the frame's block size
   * @param independent whether it may not refer to blocks before it
   * @return whether it decodes
   */
  boolean decode(byte[] block, int length, boolean independent) {
    makeRoom();
    int end = Lz4Block.decode(block, length, bytes, to, to + maxBlock, independent ? to : 0);
    if (end < 0) {
      return false;
    }
    to = end;
    return true;
  }

  /** The same for a block that is not compressed. */
  void add(byte[] block, int length) {
    makeRoom();
    System.arraycopy(block, 0, bytes, to, length);
    to += length;
  }

  /** Bytes not handed out yet. */
  int remaining() {
    return to - from;
  }

  /** Hashes the bytes not handed out yet. */
  void hash(StreamingXXHash32 hash) {
    hash.update(bytes, from, to - from);
  }

  /** Hands out bytes; returns how many, 0 when there are none left. */
  int hand(byte[] target, int offset, int length) {
    int count = Math.min(length, to - from);
    System.arraycopy(bytes, from, target, offset, count);
    from += count;
    return count;
  }

  private void makeRoom() {
    if (maxBlock > bytes.length - to) {
      int kept = Math.min(HISTORY, to);
      System.arraycopy(bytes, to - kept, bytes, 0, kept);
      from = kept;
      to = kept;
    }
  }
}
