package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.Region;

/**
 * Where the LUKS header lies.
 *
 * @param offset bytes from the start of the file
 * @param length bytes, the key material included
 */
record EncryptionExtension(long offset, long length) {

  private static final String NAME = "LUKS header";

  private static final int LENGTH = 16;
  private static final int OFFSET_AT = 0;
  private static final int LENGTH_AT = 8;

  static EncryptionExtension parse(ByteView view, int clusterSize) throws CorruptImage {
    if (view.length() != LENGTH) {
      throw view.corrupt("length", 0, Fault.number(view.length()), LENGTH + " bytes");
    }
    long offset = view.u64(OFFSET_AT);
    if (offset < clusterSize || offset % clusterSize != 0) {
      throw view.corrupt(
          "offset",
          OFFSET_AT,
          Fault.number(offset),
          "multiples of the cluster size " + clusterSize + " behind the header cluster");
    }
    return new EncryptionExtension(offset, view.u64(LENGTH_AT));
  }

  /** The stretch of the file that the header and its key material take. */
  Region region() {
    return new Region(NAME, offset, length);
  }

  /** Checks that the header and its key material lie inside the file. */
  void checkInside(ByteSource source) throws CorruptImage {
    source.checkInside(NAME, offset, length);
  }
}
