package io.diskwright.format.vmdk;

import io.diskwright.disk.Extent;
import java.io.IOException;
import java.util.OptionalLong;

/** One part of a VMDK disk, as one line of its descriptor gives it. Safe for any thread. */
sealed interface VmdkExtent permits EsxExtent, FlatExtent, SparseExtent, ZeroExtent {

  /** Bytes of the disk it holds, at least one sector. */
  long length();

  /** Bytes of a grain; empty where there is none. */
  default OptionalLong grainBytes() {
    return OptionalLong.empty();
  }

  /**
   * Maps a place of it.
   *
   * @param start the place on the disk, in bytes, where the answer starts
   * @param offset the same place, in bytes from the start of this extent
   * @param limit bytes wanted, at most what is left of this extent
   * @return at least 1 byte; not past this extent's end, but perhaps more than {@code limit}
   */
  Extent mapAt(long start, long offset, long limit) throws IOException;
}
