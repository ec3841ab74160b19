package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * A block group's descriptor.
 *
 * @param blockBitmapCsum all 32 bits, of which only {@link #csumBits} are kept on disk
 */
record GroupDescriptor(
    long blockBitmap,
    long inodeBitmap,
    long inodeTable,
    long freeBlocks,
    long freeInodes,
    long usedDirs,
    int flags,
    long blockBitmapCsum,
    long inodeBitmapCsum,
    long itableUnused,
    int checksum,
    int csumBits) {

  static final int CHECKSUM_AT = 30;

  private static final int INODE_UNINIT = 1;
  private static final int BLOCK_UNINIT = 2;

  /**
   * @param view one descriptor of 32 bytes or, with the feature {@code 64bit}, more
   */
  static GroupDescriptor parse(ByteView view) throws CorruptImage {
    boolean wide = view.length() >= 64;
    return new GroupDescriptor(
        view.u32(0) | (wide ? view.u32(32) << 32 : 0),
        view.u32(4) | (wide ? view.u32(36) << 32 : 0),
        view.u32(8) | (wide ? view.u32(40) << 32 : 0),
        view.u16(12) | (wide ? (long) view.u16(44) << 16 : 0),
        view.u16(14) | (wide ? (long) view.u16(46) << 16 : 0),
        view.u16(16) | (wide ? (long) view.u16(48) << 16 : 0),
        view.u16(18),
        view.u16(24) | (wide ? (long) view.u16(56) << 16 : 0),
        view.u16(26) | (wide ? (long) view.u16(58) << 16 : 0),
        view.u16(28) | (wide ? (long) view.u16(50) << 16 : 0),
        view.u16(CHECKSUM_AT),
        wide ? 32 : 16);
  }

  boolean inodesUninitialized() {
    return (flags & INODE_UNINIT) != 0;
  }

  boolean blocksUninitialized() {
    return (flags & BLOCK_UNINIT) != 0;
  }
}
