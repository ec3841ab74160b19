package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access control lists, which are stored shorter (version 1) than programs get them (version 2):
 * only entries for a named user or group have room for its number.
 */
final class PosixAcl {

  static final String ACCESS = "system.posix_acl_access";
  static final String DEFAULT = "system.posix_acl_default";

  private static final int USER = 2;
  private static final int GROUP = 8;
  private static final int UNDEFINED = -1;

  private PosixAcl() {}

  static boolean isAcl(String name) {
    return name.equals(ACCESS) || name.equals(DEFAULT);
  }

  /** The list as {@code getxattr} gives it. */
  static ByteSource portable(ByteSource stored) throws IOException {
    ByteView view =
        stored.view("access control list", 0, (int) stored.size(), ByteOrder.LITTLE_ENDIAN);
    if (view.u32(0) != 1) {
      throw view.corrupt("a_version", 0, Fault.number(view.u32(0)), "1");
    }
    ByteBuffer list =
        ByteBuffer.allocate(4 + 8 * (view.length() / 4)).order(ByteOrder.LITTLE_ENDIAN);
    list.putInt(2);
    int at = 4;
    while (at < view.length()) {
      int tag = view.u16(at);
      boolean named = tag == USER || tag == GROUP;
      list.putShort((short) tag).putShort((short) view.u16(at + 2));
      list.putInt(named ? (int) view.u32(at + 4) : UNDEFINED);
      at += named ? 8 : 4;
    }
    byte[] bytes = new byte[list.position()];
    list.flip().get(bytes);
    return new MemorySource(stored.describe(), bytes);
  }
}
