package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * The header of a record of the log.
 *
 * @param len bytes of the record behind its headers
 * @param numLogops operations in it
 * @param size bytes of the buffer it was written from; what tells how many headers it has
 */
record LogRecord(long cycle, long version, long len, long numLogops, long size) {

  static final int MAGIC = 0xfeedbabe;

  private static final int VERSION_2 = 2;
  private static final int CYCLE_SIZE = 32 << 10;

  static LogRecord parse(ByteView view) throws CorruptImage {
    return new LogRecord(view.u32(4), view.u32(8), view.u32(12), view.u32(40), view.u32(320));
  }

  /** Basic blocks of the headers: one for each 32 KiB of a large record. */
  long headerBlocks() {
    boolean several = (version & VERSION_2) != 0 && size > CYCLE_SIZE;
    return several ? (size + CYCLE_SIZE - 1) / CYCLE_SIZE : 1;
  }

  /** Basic blocks behind the headers. */
  long dataBlocks() {
    return (len + Log.BLOCK - 1) / Log.BLOCK;
  }
}
