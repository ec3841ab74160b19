package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Members of a ZFS pool: two labels at the start and two at the end, each with a list of names and
 * values and a ring of uberblocks.
 */
final class ZfsProbe {

  private static final int LABEL = 256 << 10;
  private static final int LIST = 16 << 10;
  private static final int LIST_BYTES = 112 << 10;
  private static final int RING = 128 << 10;
  private static final int UBERBLOCK = 1024;
  private static final long UBERBLOCK_MAGIC = 0x00BAB10CL;

  /** blkid's number: fewer may be what a reformatted disk still has. */
  private static final int MIN_UBERBLOCKS = 4;

  private static final long TYPE_UINT64 = 8;
  private static final long TYPE_STRING = 9;

  private ZfsProbe() {}

  static Optional<VolumeContent> detect(Window window) throws IOException {
    long end = window.length() / LABEL * LABEL;
    if (end < 4L * LABEL) {
      return Optional.empty();
    }
    for (long at : new long[] {0, LABEL, end - 2L * LABEL, end - LABEL}) {
      if (uberblocks(window, at + RING) >= MIN_UBERBLOCKS) {
        ByteView list = window.big(at + LIST, LIST_BYTES).orElseThrow();
        return Optional.of(content(list));
      }
    }
    return Optional.empty();
  }

  private static int uberblocks(Window window, long at) throws IOException {
    ByteView ring = window.little(at, LABEL - RING).orElseThrow();
    int count = 0;
    for (int i = 0; i < ring.length(); i += UBERBLOCK) {
      long magic = ring.u64(i);
      if (magic == UBERBLOCK_MAGIC || Long.reverseBytes(magic) == UBERBLOCK_MAGIC) {
        count++;
      }
    }
    return count;
  }

  /** Walks the outermost list; its numbers are big-endian, its pairs state their own length. */
  private static VolumeContent content(ByteView list) throws IOException {
    String label = "";
    String uuid = "";
    int at = 12;
    while (at <= list.length() - 12) {
      long size = list.u32(at);
      long nameLength = list.u32(at + 8);
      // A name, its padding, a type and a count are the least there can be.
      if (size > list.length() - at || nameLength > 64 || size < 24 + padded(nameLength)) {
        break;
      }
      String name = list.text(at + 12, (int) nameLength, StandardCharsets.US_ASCII);
      int value = at + 12 + (int) padded(nameLength);
      long type = list.u32(value);
      int room = at + (int) size - value - 8;
      if (name.equals("name") && type == TYPE_STRING && room >= 4) {
        int length = (int) Math.min(list.u32(value + 8), room - 4);
        label = list.text(value + 12, length, StandardCharsets.UTF_8);
      } else if (name.equals("pool_guid") && type == TYPE_UINT64 && room >= 8) {
        uuid = Long.toUnsignedString(list.u64(value + 8));
      }
      at += (int) size;
    }
    return new VolumeContent("zfs_member", label, uuid);
  }

  private static long padded(long length) {
    return (length + 3) & ~3L;
  }
}
