package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/** Access control lists, which XFS keeps in attributes of a format of its own. */
final class AccessList {

  private static final Map<String, String> NAMES =
      Map.of(
          "trusted.SGI_ACL_FILE", "system.posix_acl_access",
          "trusted.SGI_ACL_DEFAULT", "system.posix_acl_default");

  private static final int HEADER = 4;
  private static final int ENTRY = 12;
  private static final int SHOWN_ENTRY = 8;
  private static final int SHOWN_VERSION = 2;

  private static final int USER = 0x02;
  private static final int GROUP = 0x08;
  private static final int NOBODY = -1;

  private AccessList() {}

  /** The name under which a mount shows a list that is stored under another; empty for others. */
  static Optional<String> shownName(String storedName) {
    return Optional.ofNullable(NAMES.get(storedName));
  }

  /** A list as a mount shows it. */
  static ByteSource shown(ByteSource stored) throws IOException {
    // Values are at most 64 KiB.
    ByteView view =
        stored.view("access control list", 0, (int) stored.size(), ByteOrder.BIG_ENDIAN);
    long count = view.u32(0);
    if (count > (view.length() - HEADER) / ENTRY) {
      throw view.corrupt("acl_cnt", 0, "" + count, "at most " + (view.length() - HEADER) / ENTRY);
    }
    ByteBuffer shown =
        ByteBuffer.allocate(HEADER + (int) count * SHOWN_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    shown.putInt(SHOWN_VERSION);
    for (int i = 0; i < count; i++) {
      put(view, HEADER + i * ENTRY, shown);
    }
    return new MemorySource(stored.describe(), shown.array());
  }

  private static void put(ByteView view, int at, ByteBuffer shown) throws CorruptImage {
    int tag = (int) view.u32(at);
    shown.putShort((short) tag).putShort((short) view.u16(at + 8));
    shown.putInt(tag == USER || tag == GROUP ? (int) view.u32(at + 4) : NOBODY);
  }
}
