package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.io.IOException;

/**
 * The header of an allocation group about its inodes (AGI).
 *
 * @param count inodes there are, in use or not
 * @param freecount inodes not in use
 */
record AgInodes(
    ByteView view,
    long length,
    long count,
    long root,
    long level,
    long freecount,
    long freeRoot,
    long freeLevel) {

  /** Lists of inodes that lost their names while they were open. */
  static final int UNLINKED_BUCKETS = 64;

  private static final String MAGIC = "XAGI";
  private static final int UNLINKED_AT = 40;
  private static final int CRC_AT = 312;

  static AgInodes read(Metadata metadata, long ag) throws IOException {
    ByteView view = AgHeaders.read(metadata, ag, AgHeaders.INODES, "AGI", MAGIC, CRC_AT);
    if (metadata.isV5()) {
      metadata.checkUuid(view, 296);
    }
    return new AgInodes(
        view,
        view.u32(12),
        view.u32(16),
        view.u32(20),
        view.u32(24),
        view.u32(28),
        view.u32(328),
        view.u32(332));
  }

  /** The first inode of a list, by its number in the group; {@link Inode#NULL_AG_INODE}: none. */
  long unlinked(int bucket) throws CorruptImage {
    return view.u32(UNLINKED_AT + 4 * bucket);
  }
}
