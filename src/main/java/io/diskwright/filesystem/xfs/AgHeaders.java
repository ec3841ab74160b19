package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;

/** The sectors at the start of each allocation group. */
final class AgHeaders {

  static final int FREE_SPACE = 1;
  static final int INODES = 2;
  static final int FREE_LIST = 3;

  private static final int VERSION = 1;

  private AgHeaders() {}

  /** Where a sector at the start of a group lies, in bytes from the start of the volume. */
  static long offset(Metadata metadata, long ag, int sector) {
    Geometry geometry = metadata.geometry();
    return geometry.offset(geometry.block(ag, 0))
        + (long) sector * metadata.superBlock().sectsize();
  }

  /** Reads one of the two headers that say which group they belong to. */
  static ByteView read(Metadata metadata, long ag, int sector, String name, String magic, int crcAt)
      throws IOException {
    ByteView view =
        metadata.sealed(
            name + " " + ag, offset(metadata, ag, sector), metadata.superBlock().sectsize(), crcAt);
    if (!view.startsWith(0, magic)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), magic);
    }
    if (view.u32(4) != VERSION) {
      throw view.unsupported("versionnum", 4, Fault.number(view.u32(4)), "" + VERSION);
    }
    if (view.u32(8) != ag) {
      throw view.corrupt("seqno", 8, Fault.number(view.u32(8)), Fault.number(ag));
    }
    long length = metadata.geometry().agLength(ag);
    if (view.u32(12) != length) {
      throw view.corrupt("length", 12, Fault.number(view.u32(12)), Fault.number(length));
    }
    return view;
  }
}
