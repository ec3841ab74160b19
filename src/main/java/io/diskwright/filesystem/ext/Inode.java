package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;

/**
 * An inode as it is stored.
 *
 * @param size bytes, negative when it claims more than 2^63
 * @param block the 60 bytes of {@code i_block}: block numbers, an extent tree, a link, or data
 * @param body all bytes of the inode, extended attributes behind the fields among them
 * @param extraSize bytes of fields behind the first 128
 * @param offset where it lies, bytes from the start of the volume
 */
record Inode(
    long number,
    int mode,
    long uid,
    long gid,
    long size,
    long links,
    long storedBlocks,
    long flags,
    long generation,
    long fileAcl,
    long deletionTime,
    byte[] block,
    ByteView body,
    int extraSize,
    long offset) {

  static final int ROOT = 2;
  static final int RESIZE = 7;

  static final long FLAG_IMMUTABLE = 0x10;
  static final long FLAG_APPEND = 0x20;
  static final long FLAG_ENCRYPT = 0x800;
  static final long FLAG_INDEX = 0x1000;
  static final long FLAG_HUGE_FILE = 0x40000;
  static final long FLAG_EXTENTS = 0x80000;
  static final long FLAG_VERITY = 0x100000;
  static final long FLAG_EA_INODE = 0x200000;
  static final long FLAG_INLINE_DATA = 0x10000000;
  static final long FLAG_CASEFOLD = 0x40000000;

  static final int BASE_SIZE = 128;
  static final int BLOCK_LENGTH = 60;

  private static final int CTIME_EXTRA = 132;
  private static final int MTIME_EXTRA = 136;
  private static final int ATIME_EXTRA = 140;
  private static final int CRTIME = 144;
  private static final int CRTIME_EXTRA = 148;

  /**
   * @param view the whole inode
   * @param superblock says which fields are in use
   */
  static Inode parse(long number, ByteView view, Superblock superblock) throws CorruptImage {
    int extra = view.length() > BASE_SIZE ? view.u16(BASE_SIZE) : 0;
    if (extra > view.length() - BASE_SIZE || extra % 4 != 0) {
      throw view.corrupt(
          "i_extra_isize",
          BASE_SIZE,
          Integer.toString(extra),
          "multiples of 4 up to " + (view.length() - BASE_SIZE));
    }
    return new Inode(
        number,
        view.u16(0),
        view.u16(2) | (long) view.u16(120) << 16,
        view.u16(24) | (long) view.u16(122) << 16,
        size(view, superblock),
        view.u16(26),
        view.u32(28) | (long) view.u16(116) << 32,
        view.u32(32),
        view.u32(100),
        view.u32(104) | (superblock.isWide() ? (long) view.u16(118) << 32 : 0),
        view.u32(20),
        view.bytes(40, BLOCK_LENGTH),
        view,
        extra,
        view.offset());
  }

  /** Directories of old had another field where the upper half of the size is now. */
  private static long size(ByteView view, Superblock superblock) throws CorruptImage {
    boolean regular = (view.u16(0) & FileKind.MODE_MASK) == FileKind.REGULAR.modeBits();
    boolean wide = regular || superblock.hasLargeDirectories();
    return view.u32(4) | (wide ? view.u32(108) << 32 : 0);
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** The kind; empty when the mode holds none, as in an inode that is not in use. */
  Optional<FileKind> kind() {
    for (FileKind kind : FileKind.values()) {
      if (kind.modeBits() == (mode & FileKind.MODE_MASK)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether a symbolic link stands in the inode itself, not in a block. */
  boolean isFastLink() {
    return size < BLOCK_LENGTH && !has(FLAG_EXTENTS) && !has(FLAG_INLINE_DATA);
  }

  /** A number of four bytes in {@code i_block}. */
  long blockNumber(int index) {
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * index));
  }

  Instant accessed() throws CorruptImage {
    return time(8, ATIME_EXTRA);
  }

  Instant changed() throws CorruptImage {
    return time(12, CTIME_EXTRA);
  }

  Instant modified() throws CorruptImage {
    return time(16, MTIME_EXTRA);
  }

  Optional<Instant> created() throws CorruptImage {
    return fits(CRTIME) ? Optional.of(time(CRTIME, CRTIME_EXTRA)) : Optional.empty();
  }

  /** Whether the inode is large enough to hold a field of four bytes behind the first 128. */
  private boolean fits(int at) {
    return at + 4 <= BASE_SIZE + extraSize;
  }

  /**
   * The two lowest bits of the extra field widen the signed seconds, the others are nanoseconds.
   */
  private Instant time(int at, int extraAt) throws CorruptImage {
    long seconds = (int) body.u32(at);
    if (!fits(extraAt)) {
      return Instant.ofEpochSecond(seconds);
    }
    long extra = body.u32(extraAt);
    return Instant.ofEpochSecond(seconds + ((extra & 3) << 32), extra >>> 2);
  }
}
