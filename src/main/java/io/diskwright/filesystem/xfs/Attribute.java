package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.ByteSource;

/**
 * An extended attribute.
 *
 * @param flags its namespace, and whether it is whole
 */
record Attribute(byte[] name, int flags, ByteSource value) {

  private static final int ROOT = 0x02;
  private static final int SECURE = 0x04;
  private static final int PARENT = 0x08;
  private static final int INCOMPLETE = 0x80;

  /** Whether a mount shows it: pointers to parents and what is half written are not. */
  boolean isShown() {
    return (flags & (PARENT | INCOMPLETE)) == 0;
  }

  /** What keeping it costs, about. */
  long bytesInMemory() {
    return 200 + 2L * name.length + (value instanceof RemoteAttribute ? 0 : value.size());
  }

  /** The name with its namespace, as a mount shows it. */
  String fullName() {
    String namespace =
        (flags & ROOT) != 0 ? "trusted." : (flags & SECURE) != 0 ? "security." : "user.";
    return namespace + EntryNames.decode(name);
  }
}
