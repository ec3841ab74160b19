package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * What stands before each compressed grain.
 *
 * @param lba the grain's first sector, counted from the start of the extent's part of the disk
 * @param size bytes of compressed data that follow
 */
record GrainMarker(long lba, long size) {

  /** Bytes of the marker. */
  static final int LENGTH = 12;

  /** Where {@link #size} stands, in bytes. */
  static final int SIZE_AT = 8;

  /** Reads the first {@link #LENGTH} bytes. */
  static GrainMarker parse(ByteView view) throws CorruptImage {
    return new GrainMarker(view.u64(0), view.u32(SIZE_AT));
  }
}
