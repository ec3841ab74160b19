package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A node of a directory's index, hidden behind records that look empty.
 *
 * @param entriesAt where limit, count and the entries lie in the block
 */
record IndexNode(int entriesAt, int limit, int count) {

  /** Where the root's information lies: behind the records of {@code .} and {@code ..}. */
  static final int ROOT_INFO = 24;

  static final int MAX_LEVELS = 3;

  private static final int DOT = 12;
  private static final int ENTRY = 8;
  private static final int INFO_LENGTH = 8;

  /** The node in a block; empty when the block is none. */
  static Optional<IndexNode> of(ByteView view) throws CorruptImage {
    int at;
    int length = view.length();
    boolean root =
        view.u16(4) == DOT
            && DirectoryEntry.length(view.u16(DOT + 4), length) == length - DOT
            && view.u32(ROOT_INFO) == 0
            && view.u8(ROOT_INFO + 5) == INFO_LENGTH;
    if (root) {
      at = ROOT_INFO + INFO_LENGTH;
    } else if (view.u32(0) == 0 && DirectoryEntry.length(view.u16(4), length) == length) {
      at = 8;
    } else {
      return Optional.empty();
    }
    int limit = view.u16(at);
    int count = view.u16(at + 2);
    boolean possible = count >= 1 && count <= limit && limit <= (length - at) / ENTRY;
    return possible ? Optional.of(new IndexNode(at, limit, count)) : Optional.empty();
  }

  /** The block below which a hash lies. */
  long child(ByteView view, long hash) throws CorruptImage {
    int low = 1;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (hash(view, middle) <= hash) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return block(view, high);
  }

  /** The least hash below an entry; the first has none. */
  long hash(ByteView view, int entry) throws CorruptImage {
    return view.u32(entriesAt + ENTRY * entry);
  }

  /** The directory's block that an entry leads to. */
  long block(ByteView view, int entry) throws CorruptImage {
    return view.u32(entriesAt + ENTRY * entry + 4) & 0x0fffffff;
  }

  void verify(ByteView view, Checksums checksums) throws CorruptImage {
    int tail = entriesAt + ENTRY * limit;
    if (tail + ENTRY > view.length()) {
      throw view.corrupt(
          "limit", entriesAt, Integer.toString(limit), "entries that leave 8 bytes for a checksum");
    }
    int expected =
        checksums.of(
            ByteBuffer.wrap(view.bytes(0, entriesAt + ENTRY * count)),
            ByteBuffer.wrap(view.bytes(tail, 4)),
            ByteBuffer.allocate(4));
    ExtVolume.verify(view, "dt_checksum", tail + 4, (int) view.u32(tail + 4), expected);
  }
}
