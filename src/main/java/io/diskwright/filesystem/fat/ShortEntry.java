package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.NodeTimes;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory entry of 32 bytes with a name of 8 + 3 characters; fields as the specification names
 * them.
 *
 * @param offset where it lies, in bytes of the volume
 * @param name 11 bytes
 * @param ntRes bits that give the name's parts in lower case
 * @param firstCluster 0 when it has none; in a {@code ..} also for the root
 */
record ShortEntry(
    long offset,
    byte[] name,
    int attr,
    int ntRes,
    int crtTimeTenth,
    int crtTime,
    int crtDate,
    int lstAccDate,
    int wrtTime,
    int wrtDate,
    long firstCluster,
    long fileSize) {

  static final int SIZE = 32;
  static final int DELETED = 0xe5;

  private static final int READ_ONLY = 0x01;
  private static final int HIDDEN = 0x02;
  private static final int SYSTEM = 0x04;
  private static final int VOLUME_ID = 0x08;
  private static final int DIRECTORY = 0x10;
  private static final int ARCHIVE = 0x20;
  private static final int LONG_NAME = 0x0f;
  private static final int LONG_NAME_MASK = 0x3f;
  private static final int LOWER_BASE = 0x08;
  private static final int LOWER_EXTENSION = 0x10;
  private static final byte KANJI_LEAD = 0x05;
  private static final int BASE = 8;

  /**
   * @param at where the entry starts in the view, little-endian
   */
  static ShortEntry parse(ByteView view, int at, FatKind kind) throws CorruptImage {
    long high = kind == FatKind.FAT32 ? view.u16(at + 20) : 0;
    return new ShortEntry(
        view.offset() + at,
        view.bytes(at, 11),
        view.u8(at + 11),
        view.u8(at + 12),
        view.u8(at + 13),
        view.u16(at + 14),
        view.u16(at + 16),
        view.u16(at + 18),
        view.u16(at + 22),
        view.u16(at + 24),
        (high << 16 | view.u16(at + 26)) & FatKind.FAT32.mask(),
        view.u32(at + 28));
  }

  static boolean isLongName(int attr) {
    return (attr & LONG_NAME_MASK) == LONG_NAME;
  }

  boolean isLabel() {
    return (attr & VOLUME_ID) != 0;
  }

  boolean isDirectory() {
    return (attr & DIRECTORY) != 0;
  }

  boolean isReadOnly() {
    return (attr & READ_ONLY) != 0;
  }

  boolean isDot() {
    return hasRawName(".          ");
  }

  boolean isDotDot() {
    return hasRawName("..         ");
  }

  private boolean hasRawName(String raw) {
    for (int i = 0; i < name.length; i++) {
      if (name[i] != raw.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** By which long names say whose they are. */
  int checksum() {
    int sum = 0;
    for (byte b : name) {
      sum = ((sum & 1) << 7) + (sum >> 1) + Byte.toUnsignedInt(b) & 0xff;
    }
    return sum;
  }

  /** The name as Windows NT and Linux show it; empty when there is nothing to show. */
  String displayName() {
    String base = part(0, BASE, (ntRes & LOWER_BASE) != 0);
    if (base.isEmpty()) {
      return "";
    }
    String extension = part(BASE, name.length, (ntRes & LOWER_EXTENSION) != 0);
    return extension.isEmpty() ? base : base + "." + extension;
  }

  /** A part up to a NUL, without the spaces at its end. */
  private String part(int from, int to, boolean lower) {
    var text = new StringBuilder(to - from);
    for (int i = from; i < to && name[i] != 0; i++) {
      byte stored = i == 0 && name[0] == KANJI_LEAD ? (byte) DELETED : name[i];
      char c = CodePage437.decode(stored);
      text.append(lower ? CodePage437.toLowerCase(c) : c);
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  /** The text of a volume's label. */
  String label() {
    byte[] bytes = Arrays.copyOf(name, name.length);
    if (bytes[0] == KANJI_LEAD) {
      bytes[0] = (byte) DELETED;
    }
    return CodePage437.decode(bytes).stripTrailing();
  }

  /** As Linux: the change time is the modification time. Times of no date are not kept. */
  NodeTimes times() {
    Instant modified = DosTime.of(wrtDate, wrtTime, 0);
    return new NodeTimes(
        modified,
        lstAccDate == 0 ? modified : DosTime.of(lstAccDate, 0, 0),
        modified,
        crtDate == 0 ? Optional.empty() : Optional.of(DosTime.of(crtDate, crtTime, crtTimeTenth)));
  }

  Set<InodeFlag> flags() {
    var flags = EnumSet.noneOf(InodeFlag.class);
    add(flags, READ_ONLY, InodeFlag.READ_ONLY);
    add(flags, HIDDEN, InodeFlag.HIDDEN);
    add(flags, SYSTEM, InodeFlag.SYSTEM);
    add(flags, ARCHIVE, InodeFlag.ARCHIVE);
    return flags;
  }

  private void add(Set<InodeFlag> flags, int bit, InodeFlag flag) {
    if ((attr & bit) != 0) {
      flags.add(flag);
    }
  }
}
