package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.time.Instant;
import java.util.Optional;

/**
 * An inode, in use or free.
 *
 * @param view its bytes, with both forks
 * @param mode kind and permissions, 0 when it is free
 * @param version 1 to 3; 3 is that of filesystems of version 5
 * @param nblocks blocks of both forks, the trees' own among them
 * @param forkoff where the attribute fork starts in the room for forks, in units of 8 bytes; 0 when
 *     there is none
 * @param flags2 0 before version 3
 * @param nextUnlinked the next one of its group that lost its name while it was open
 */
record Inode(
    long number,
    ByteView view,
    int mode,
    int version,
    long uid,
    long gid,
    long nlink,
    long size,
    long nblocks,
    int forkoff,
    int flags,
    long flags2,
    long nextUnlinked) {

  static final int CRC_AT = 100;

  /** The end of a list of inodes of a group. */
  static final long NULL_AG_INODE = 0xffffffffL;

  static final int REALTIME = 1;

  private static final int MAGIC = 0x494e;
  private static final int CORE = 100;
  private static final int CORE_V3 = 176;
  private static final int FORMAT_AT = 5;
  private static final int ATTRIBUTE_FORMAT_AT = 83;
  private static final long BIGTIME = 1 << 3;
  private static final long LARGE_EXTENT_COUNTS = 1 << 4;
  private static final int NO_ATTRIBUTES = ForkFormat.EXTENTS.ordinal();
  private static final int HINTS = 1 << 11 | 1 << 12;
  private static final long COPY_ON_WRITE_HINT = 1 << 2;
  private static final long BIGTIME_EPOCH = -(1L << 31);
  private static final long NANOS = 1_000_000_000;

  /** Parses an inode whose checksum is right. */
  static Inode parse(ByteView view, long number, Metadata metadata) throws ImageException {
    if (view.u16(0) != MAGIC) {
      throw view.corrupt("magic", 0, Fault.number(view.u16(0)), Fault.number(MAGIC));
    }
    boolean five = metadata.isV5();
    int version = view.u8(4);
    if (five ? version != 3 : version != 1 && version != 2) {
      throw view.corrupt("version", 4, "" + version, five ? "3" : "1 or 2");
    }
    if (five) {
      if (view.u64(152) != number) {
        throw view.corrupt("ino", 152, Fault.number(view.u64(152)), Fault.number(number));
      }
      metadata.checkUuid(view, 160);
    }
    int mode = view.u16(2);
    if (mode != 0 && kindOf(mode).isEmpty()) {
      throw view.corrupt("mode", 2, "0" + Integer.toOctalString(mode), "a kind of file");
    }
    if (view.u64(56) < 0) {
      throw view.corrupt("size", 56, Fault.number(view.u64(56)), "below 2^63");
    }
    int forkoff = view.u8(82);
    if (forkoff * 8 >= view.length() - (five ? CORE_V3 : CORE)) {
      throw view.corrupt("forkoff", 82, "" + forkoff, "inside the inode");
    }
    return new Inode(
        number,
        view,
        mode,
        version,
        view.u32(8),
        view.u32(12),
        version == 1 ? view.u16(6) : view.u32(16),
        view.u64(56),
        view.u64(64),
        forkoff,
        view.u16(90),
        five ? view.u64(120) : 0,
        view.u32(96));
  }

  private static Optional<FileKind> kindOf(int mode) {
    for (FileKind kind : FileKind.values()) {
      if ((mode & FileKind.MODE_MASK) == kind.modeBits()) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  boolean isFree() {
    return mode == 0;
  }

  /**
   * Checks what reading does not depend on: fields that nothing uses must be zero.
   *
   * @throws CorruptImage when one is not
   */
  void checkUnused() throws CorruptImage {
    if (version == 3 && !hasLargeExtentCounts() && !view.isZero(24, 8)) {
      throw view.corrupt("pad", 24, Fault.number(view.u64(24)), "0");
    }
    if ((flags & HINTS) == 0 && view.u32(72) != 0) {
      throw view.corrupt("extsize", 72, Fault.number(view.u32(72)), "0 without its flag");
    }
    if (version == 3 && (flags2 & COPY_ON_WRITE_HINT) == 0 && view.u32(128) != 0) {
      throw view.corrupt("cowextsize", 128, Fault.number(view.u32(128)), "0 without its flag");
    }
    if (version == 2 && view.u16(6) != 0) {
      throw view.corrupt("onlink", 6, "" + view.u16(6), "0 since version 2");
    }
    if (!isFree() && forkoff == 0 && (view.u16(80) != 0 || view.u8(83) != NO_ATTRIBUTES)) {
      throw view.corrupt(
          "anextents",
          80,
          view.u16(80) + ", format " + view.u8(83),
          "none, format " + NO_ATTRIBUTES + " without an attribute fork");
    }
    if (isFree() && (size != 0 || nblocks != 0)) {
      throw view.corrupt(
          "size",
          56,
          Fault.number(size) + ", " + Fault.number(nblocks) + " blocks",
          "0: it is free");
    }
  }

  /** What it is; it is in use. */
  FileKind kind() {
    return kindOf(mode).orElseThrow(() -> new IllegalStateException("free inode " + number));
  }

  private int core() {
    return version == 3 ? CORE_V3 : CORE;
  }

  private boolean hasLargeExtentCounts() {
    return (flags2 & LARGE_EXTENT_COUNTS) != 0;
  }

  /** The fork that holds the content. */
  Fork data() throws ImageException {
    int room = view.length() - core();
    long extents = hasLargeExtentCounts() ? view.u64(24) : view.u32(76);
    return new Fork(
        view, core(), forkoff == 0 ? room : forkoff * 8, format(FORMAT_AT), extents, true);
  }

  /** The fork that holds the attributes; empty when there is none. */
  Optional<Fork> attributes() throws ImageException {
    if (forkoff == 0) {
      return Optional.empty();
    }
    int at = core() + forkoff * 8;
    long extents = hasLargeExtentCounts() ? view.u32(76) : view.u16(80);
    return Optional.of(
        new Fork(view, at, view.length() - at, format(ATTRIBUTE_FORMAT_AT), extents, false));
  }

  private ForkFormat format(int at) throws ImageException {
    int number = view.u8(at);
    if (number >= ForkFormat.values().length) {
      throw view.corrupt(
          at == FORMAT_AT ? "format" : "aformat", at, "" + number, "0 to 3: a format of a fork");
    }
    return ForkFormat.values()[number];
  }

  /** Whether blocks of a fork may be reserved only. */
  boolean mayHaveUnwritten(Fork fork) {
    return fork.isData() && !isFree() && kind() == FileKind.REGULAR;
  }

  Instant accessed() throws CorruptImage {
    return time(32);
  }

  Instant modified() throws CorruptImage {
    return time(40);
  }

  Instant changed() throws CorruptImage {
    return time(48);
  }

  Optional<Instant> created() throws CorruptImage {
    return version == 3 ? Optional.of(time(144)) : Optional.empty();
  }

  private Instant time(int at) throws CorruptImage {
    long value = view.u64(at);
    if ((flags2 & BIGTIME) != 0) {
      return Instant.ofEpochSecond(
          BIGTIME_EPOCH + Long.divideUnsigned(value, NANOS), Long.remainderUnsigned(value, NANOS));
    }
    return Instant.ofEpochSecond((int) (value >>> Integer.SIZE), value & 0xffffffffL);
  }

  /** The number of the device it stands for, as System V put it together. */
  long device() throws CorruptImage {
    return view.u32(core());
  }
}
