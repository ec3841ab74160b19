package io.diskwright.format;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.source.Content.Wrapping;

/** What a wrapper says of the size of the disk in it. */
final class Capacity {

  private Capacity() {}

  /**
   * Compares.
   *
   * @param size the disk's, in bytes
   * @throws CorruptImage when the wrapper says otherwise
   */
  static void check(String name, long size, Wrapping wrapping) throws CorruptImage {
    if (wrapping.capacity().isPresent() && wrapping.capacity().getAsLong() != size) {
      throw new CorruptImage(
          name,
          "virtual size",
          Fault.NOWHERE,
          Fault.number(size) + " bytes",
          Fault.number(wrapping.capacity().getAsLong()) + " bytes, the capacity in the OVF",
          "The OVF describes another disk; export the machine again, or unpack the archive and"
              + " convert the disk by itself");
    }
  }
}
