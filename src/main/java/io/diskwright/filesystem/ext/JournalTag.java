package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of a block of a transaction where it belongs.
 *
 * @param block the filesystem's block
 * @param checksum all 32 bits in version 3, else the lower 16
 * @param escaped whether its first four bytes are zeros that stand for the journal's magic
 */
record JournalTag(long block, int checksum, boolean escaped) {

  private static final int FLAG_ESCAPE = 1;
  private static final int FLAG_SAME_UUID = 2;
  private static final int FLAG_LAST = 8;
  private static final int UUID = 16;

  /** How tags are laid out, as the journal's features say. */
  record Layout(boolean wide, boolean v2, boolean v3) {

    boolean checksummed() {
      return v2 || v3;
    }

    int tagLength() {
      if (v3) {
        return 16;
      }
      return (v2 ? 14 : 12) - (wide ? 0 : 4);
    }
  }

  /** The tags of a descriptor block. */
  static List<JournalTag> all(ByteView view, int start, int end, Layout layout)
      throws CorruptImage {
    List<JournalTag> tags = new ArrayList<>();
    int at = start;
    while (layout.tagLength() <= end - at) {
      long low = view.u32(at);
      int flags = layout.v3() ? (int) view.u32(at + 4) : view.u16(at + 6);
      long high = layout.wide() ? view.u32(at + 8) : 0;
      int checksum = layout.v3() ? (int) view.u32(at + 12) : view.u16(at + 4);
      tags.add(new JournalTag(low | high << 32, checksum, (flags & FLAG_ESCAPE) != 0));
      if ((flags & FLAG_LAST) != 0) {
        break;
      }
      at += layout.tagLength() + ((flags & FLAG_SAME_UUID) != 0 ? 0 : UUID);
    }
    return tags;
  }
}
