package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * Where the directory of persistent dirty bitmaps lies. Bitmaps are no part of the disk; they are
 * only reported.
 *
 * @param bitmapDirectorySize bytes
 * @param bitmapDirectoryOffset bytes from the start of the file
 */
record BitmapsExtension(long nbBitmaps, long bitmapDirectorySize, long bitmapDirectoryOffset) {

  private static final int LENGTH = 24;
  private static final int NB_BITMAPS_AT = 0;
  private static final int DIRECTORY_SIZE_AT = 8;
  private static final int DIRECTORY_OFFSET_AT = 16;
  private static final int MAX_BITMAPS = 65535;
  private static final long MAX_DIRECTORY = 64 << 20;

  /** Reads an extension that its image says is up to date. */
  static BitmapsExtension parse(ByteView view, int clusterSize) throws ImageException {
    if (view.length() != LENGTH) {
      throw view.corrupt("length", 0, Fault.number(view.length()), LENGTH + " bytes");
    }
    long count = view.u32(NB_BITMAPS_AT);
    if (count == 0 || count > MAX_BITMAPS) {
      throw view.tooLarge("nb_bitmaps", NB_BITMAPS_AT, Fault.number(count), "1 to " + MAX_BITMAPS);
    }
    long size = view.u64(DIRECTORY_SIZE_AT);
    if (size <= 0 || size > MAX_DIRECTORY) {
      throw view.tooLarge(
          "bitmap_directory_size",
          DIRECTORY_SIZE_AT,
          Fault.number(size),
          "1 to " + Fault.number(MAX_DIRECTORY) + " bytes");
    }
    long offset = view.u64(DIRECTORY_OFFSET_AT);
    if (offset < clusterSize || offset % clusterSize != 0) {
      throw view.corrupt(
          "bitmap_directory_offset",
          DIRECTORY_OFFSET_AT,
          Fault.number(offset),
          "multiples of the cluster size " + clusterSize + " behind the header cluster");
    }
    return new BitmapsExtension(count, size, offset);
  }

  /** Checks that the directory lies inside the file. */
  void checkInside(ByteSource source) throws CorruptImage {
    source.checkInside("bitmap directory", bitmapDirectoryOffset, bitmapDirectorySize);
  }
}
