package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The volume's table of upper case letters ({@code $UpCase}), by which it compares names. */
final class UpperCase {

  private static final int CHARACTERS = 1 << 16;

  private final char[] table;
  private final boolean own;

  private UpperCase(char[] table, boolean own) {
    this.table = table;
    this.own = own;
  }

  /** The volume's table; Java's letters when it cannot be read. */
  static UpperCase read(NtfsVolume volume) throws IOException {
    char[] table = new char[CHARACTERS];
    for (int i = 0; i < CHARACTERS; i++) {
      table[i] = Character.toUpperCase((char) i);
    }
    try {
      ByteSource content = volume.file(NtfsVolume.UPCASE).stream(volume, "");
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(content.size(), 2L * CHARACTERS));
      content.read(0, bytes);
      bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(table, 0, bytes.limit() / 2);
      return new UpperCase(table, true);
    } catch (ImageException e) {
      return new UpperCase(table, false);
    }
  }

  /** Whether it is the volume's own table. */
  boolean isOwn() {
    return own;
  }

  /** Compares as indexes are ordered, without regard to case. */
  int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      int difference = table[a.charAt(i)] - table[b.charAt(i)];
      if (difference != 0) {
        return difference;
      }
    }
    return a.length() - b.length();
  }
}
