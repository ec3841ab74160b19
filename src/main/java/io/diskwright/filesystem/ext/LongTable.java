package io.diskwright.filesystem.ext;

import java.util.Arrays;

/**
 * Numbers by non-negative numbers, at most a million of them: what a journal holds can be more than
 * boxes have room for.
 */
final class LongTable {

  static final int MOST = 1 << 20;

  private static final long EMPTY = -1;

  private long[] keys = new long[64];
  private long[] values = new long[64];
  private int size;

  LongTable() {
    Arrays.fill(keys, EMPTY);
  }

  int size() {
    return size;
  }

  /** Puts a value in the place of what was there; false when the table is full. */
  boolean put(long key, long value) {
    int slot = slot(keys, key);
    if (keys[slot] == EMPTY) {
      if (size == MOST) {
        return false;
      }
      size++;
      if (size > keys.length / 2) {
        grow();
        slot = slot(keys, key);
      }
    }
    keys[slot] = key;
    values[slot] = value;
    return true;
  }

  /** The value of a key, or what is given when there is none. */
  long get(long key, long absent) {
    int slot = slot(keys, key);
    return keys[slot] == EMPTY ? absent : values[slot];
  }

  /** All keys, in ascending order. */
  long[] sortedKeys() {
    return Arrays.stream(keys).filter(key -> key != EMPTY).sorted().toArray();
  }

  private void grow() {
    long[] newKeys = new long[keys.length * 2];
    long[] newValues = new long[newKeys.length];
    Arrays.fill(newKeys, EMPTY);
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != EMPTY) {
        int slot = slot(newKeys, keys[i]);
        newKeys[slot] = keys[i];
        newValues[slot] = values[i];
      }
    }
    keys = newKeys;
    values = newValues;
  }

  private static int slot(long[] keys, long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9e3779b97f4a7c15L) >>> 40) & mask;
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
