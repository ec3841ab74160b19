package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * A stretch of the file that holds metadata.
 *
 * @param offset bytes from the start of the file
 * @param length bytes
 */
record Region(String name, long offset, long length) {

  /**
   * A table that another structure points to.
   *
   * @param field the structure and field that states {@code offset}, and where it stands
   * @throws CorruptImage when the table is not aligned, or not between header cluster and file end
   */
  static Region checked(
      ByteSource source,
      String name,
      long offset,
      long length,
      int clusterSize,
      String field,
      long fieldAt)
      throws CorruptImage {
    if (offset < clusterSize
        || offset % clusterSize != 0
        || offset > source.size()
        || length > source.size() - offset) {
      throw new CorruptImage(
          source.describe(),
          field,
          fieldAt,
          Fault.number(offset) + " for a " + name + " of " + Fault.number(length) + " bytes",
          "multiples of the cluster size "
              + clusterSize
              + " behind the header cluster, the whole table inside the file's "
              + Fault.number(source.size())
              + " bytes");
    }
    return new Region(name, offset, length);
  }

  /** Whether it shares a byte with a stretch that lies inside the file. */
  boolean overlaps(long otherOffset, long otherLength) {
    return offset < otherOffset
        ? otherOffset - offset < length
        : offset - otherOffset < otherLength;
  }
}
