package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * The blocks of an allocation group that are kept for the growth of its trees (AGFL): a ring.
 *
 * @param first where the block numbers start in the view
 */
record AgFreeList(ByteView view, int first) {

  private static final String MAGIC = "XAFL";
  private static final int HEADER_V5 = 36;
  private static final int CRC_AT = 32;

  static AgFreeList read(Metadata metadata, long ag) throws IOException {
    ByteView view =
        metadata.sealed(
            "AGFL " + ag,
            AgHeaders.offset(metadata, ag, AgHeaders.FREE_LIST),
            metadata.superBlock().sectsize(),
            CRC_AT);
    if (!metadata.isV5()) {
      return new AgFreeList(view, 0);
    }
    if (!view.startsWith(0, MAGIC)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), MAGIC);
    }
    if (view.u32(4) != ag) {
      throw view.corrupt("seqno", 4, Fault.number(view.u32(4)), Fault.number(ag));
    }
    metadata.checkUuid(view, 8);
    return new AgFreeList(view, HEADER_V5);
  }

  /** How many numbers the ring has room for. */
  int capacity() {
    return (view.length() - first) / Integer.BYTES;
  }

  long block(int index) throws CorruptImage {
    return view.u32(first + index * Integer.BYTES);
  }
}
