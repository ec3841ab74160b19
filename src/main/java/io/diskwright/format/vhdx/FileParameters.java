package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * The metadata item that tells how the file is laid out.
 *
 * @param blockSize bytes of a payload block
 * @param leaveBlockAllocated whether blocks stay allocated: the image is a fixed one
 * @param hasParent whether the image is a differencing one
 */
record FileParameters(long blockSize, boolean leaveBlockAllocated, boolean hasParent) {

  static final int SIZE = 8;

  private static final long MIN_BLOCK = 1 << 20;
  private static final long MAX_BLOCK = 256 << 20;

  static FileParameters parse(ByteView view) throws ImageException {
    long blockSize = view.u32(0);
    if (blockSize < MIN_BLOCK || Long.bitCount(blockSize) != 1) {
      throw view.corrupt(
          "BlockSize", 0, Fault.number(blockSize), "a power of two from 1 MiB to 256 MiB");
    }
    if (blockSize > MAX_BLOCK) {
      throw view.tooLarge("BlockSize", 0, Fault.number(blockSize), "up to 256 MiB");
    }
    long flags = view.u32(4);
    if (flags > 3) {
      throw view.unsupported(
          "flags", 4, Fault.number(flags), "1 (LeaveBlockAllocated), 2 (HasParent), both or none");
    }
    return new FileParameters(blockSize, (flags & 1) != 0, (flags & 2) != 0);
  }
}
