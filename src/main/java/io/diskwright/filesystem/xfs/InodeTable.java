package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The inodes there are, 64 by 64, in ascending order, and what a check learned of each. */
final class InodeTable {

  /** Inodes of a chunk, for each of which a word has a bit. */
  static final int CHUNK = 64;

  /** Inodes whose links are counted: 5 bytes each. */
  private static final int MAX_CHUNKS = (1 << 24) / CHUNK;

  private static final FileKind[] KINDS = FileKind.values();

  private long[] starts = new long[64];
  private long[] free = new long[64];
  private long[] missing = new long[64];
  private int count;
  private byte[] kinds = new byte[0];
  private int[] references = new int[0];

  /** Whether there are more than can be kept track of. */
  boolean isFull() {
    return count == MAX_CHUNKS;
  }

  /**
   * Adds a chunk, whose number is above those before.
   *
   * @param freeMask a bit for each inode that is not in use
   * @param missingMask a bit for each inode that does not exist
   */
  void add(long start, long freeMask, long missingMask) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      free = Arrays.copyOf(free, 2 * count);
      missing = Arrays.copyOf(missing, 2 * count);
    }
    starts[count] = start;
    free[count] = freeMask;
    missing[count] = missingMask;
    count++;
  }

  /** Ends adding. */
  void complete() {
    kinds = new byte[count * CHUNK];
    references = new int[count * CHUNK];
  }

  /** How many places for inodes there are. */
  int slots() {
    return count * CHUNK;
  }

  long number(int slot) {
    return starts[slot / CHUNK] + slot % CHUNK;
  }

  boolean exists(int slot) {
    return (missing[slot / CHUNK] >>> slot % CHUNK & 1) == 0;
  }

  boolean isFree(int slot) {
    return (free[slot / CHUNK] >>> slot % CHUNK & 1) != 0;
  }

  /** The chunk that starts with an inode; negative when there is none. */
  int chunk(long start) {
    return Arrays.binarySearch(starts, 0, count, start);
  }

  long freeMask(int chunk) {
    return free[chunk];
  }

  /** How many chunks from one on have inodes that are not in use. */
  int chunksWithFree(int from) {
    int with = 0;
    for (int i = from; i < count; i++) {
      with += (free[i] & ~missing[i]) != 0 ? 1 : 0;
    }
    return with;
  }

  int chunks() {
    return count;
  }

  /** The place of an inode; negative when there is no such inode. */
  int slot(long number) {
    int chunk = chunk(number);
    if (chunk < 0) {
      chunk = -chunk - 2;
    }
    if (chunk < 0 || number - starts[chunk] >= CHUNK) {
      return -1;
    }
    int slot = chunk * CHUNK + (int) (number - starts[chunk]);
    return exists(slot) ? slot : -1;
  }

  void kind(int slot, FileKind kind) {
    kinds[slot] = (byte) (1 + kind.ordinal());
  }

  /** What a sound inode in use is; null of others. */
  @Nullable FileKind kind(int slot) {
    return kinds[slot] == 0 ? null : KINDS[kinds[slot] - 1];
  }

  void refer(int slot) {
    references[slot]++;
  }

  int references(int slot) {
    return references[slot];
  }
}
