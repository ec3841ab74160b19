package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node of a directory's index, in the root attribute or in a block: entries in the order of their
 * names, the last without a name.
 */
record IndexNode(List<IndexEntry> entries) {

  /**
   * An entry.
   *
   * @param reference of the file
   * @param key empty in the last entry
   * @param child the VCN of the node with the names before this one, -1 when there is none
   */
  record IndexEntry(long reference, Optional<FileName> key, long child) {}

  static final long NO_CHILD = -1;

  private static final int HAS_CHILD = 1;
  private static final int LAST = 2;
  private static final int ENTRY_HEADER = 16;

  /**
   * @param header where the node's header starts in the view
   */
  static IndexNode parse(ByteView view, int header) throws CorruptImage {
    long first = view.u32(header);
    long length = view.u32(header + 4);
    if (first > length || length > view.length() - header) {
      throw view.corrupt(
          "index length",
          header + 4,
          Fault.number(length),
          first + " to " + (view.length() - header));
    }
    List<IndexEntry> entries = new ArrayList<>();
    int at = header + (int) first;
    int end = header + (int) length;
    while (end - at >= ENTRY_HEADER) {
      int entryLength = view.u16(at + 8);
      int keyLength = view.u16(at + 10);
      int flags = view.u16(at + 12);
      boolean child = (flags & HAS_CHILD) != 0;
      int least = ENTRY_HEADER + (child ? 8 : 0);
      if (entryLength < least || entryLength % 8 != 0 || entryLength > end - at) {
        throw view.corrupt(
            "entry length", at + 8, Integer.toString(entryLength), least + " to " + (end - at));
      }
      boolean last = (flags & LAST) != 0;
      if (!last && keyLength > entryLength - least) {
        throw view.corrupt(
            "key length", at + 10, Integer.toString(keyLength), "at most " + (entryLength - least));
      }
      if (!last && keyLength < FileName.length(view, at + ENTRY_HEADER)) {
        throw view.corrupt(
            "key length",
            at + 10,
            Integer.toString(keyLength),
            "at least " + FileName.length(view, at + ENTRY_HEADER) + ", for its name");
      }
      entries.add(
          new IndexEntry(
              view.u64(at),
              last ? Optional.empty() : Optional.of(FileName.parse(view, at + ENTRY_HEADER)),
              child ? view.u64(at + entryLength - 8) : NO_CHILD));
      if (last) {
        return new IndexNode(List.copyOf(entries));
      }
      at += entryLength;
    }
    throw view.corrupt("entries", at, "no last entry", "one without a name at the end");
  }
}
