package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;

/**
 * The header of an allocation group about its free space (AGF).
 *
 * @param freeblks free blocks of the trees
 * @param flcount blocks kept for the trees' growth
 * @param btreeblks blocks that the trees of free space take, but for their roots
 */
record AgFreeSpace(
    ByteView view,
    long length,
    long bnoRoot,
    long cntRoot,
    long rmapRoot,
    long bnoLevel,
    long cntLevel,
    long rmapLevel,
    long flfirst,
    long fllast,
    long flcount,
    long freeblks,
    long longest,
    long btreeblks,
    long refcountRoot,
    long refcountLevel) {

  private static final String MAGIC = "XAGF";
  private static final int CRC_AT = 216;

  static AgFreeSpace read(Metadata metadata, long ag) throws IOException {
    ByteView view = AgHeaders.read(metadata, ag, AgHeaders.FREE_SPACE, "AGF", MAGIC, CRC_AT);
    if (metadata.isV5()) {
      metadata.checkUuid(view, 64);
    }
    return parse(view);
  }

  private static AgFreeSpace parse(ByteView view) throws ImageException {
    return new AgFreeSpace(
        view,
        view.u32(12),
        view.u32(16),
        view.u32(20),
        view.u32(24),
        view.u32(28),
        view.u32(32),
        view.u32(36),
        view.u32(40),
        view.u32(44),
        view.u32(48),
        view.u32(52),
        view.u32(56),
        view.u32(60),
        view.u32(88),
        view.u32(92));
  }
}
