package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Reads metadata and verifies what version 5 says of it. Safe for any thread. */
final class Metadata {

  static final String REMEDY = "Check the filesystem with xfs_repair -n, or copy the image again";

  private static final int CACHED_PAGES_BYTES = 16 << 20;
  private static final int CACHED_BLOCKS_BYTES = 8 << 20;
  private static final byte[] NO_CRC = new byte[Integer.BYTES];

  private final ByteSource volume;
  private final ByteSource cached;
  private final SuperBlock superBlock;
  private final Map<Long, ByteView> blocks;

  Metadata(ByteSource volume, SuperBlock superBlock) {
    this.volume = volume;
    this.cached = new CachedSource(volume, new PageCache(CACHED_PAGES_BYTES));
    this.superBlock = superBlock;
    int most = CACHED_BLOCKS_BYTES / superBlock.directoryBlockSize();
    this.blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, ByteView> eldest) {
            return size() > most;
          }
        };
  }

  /** The volume itself, for content. */
  ByteSource volume() {
    return volume;
  }

  SuperBlock superBlock() {
    return superBlock;
  }

  Geometry geometry() {
    return superBlock.geometry();
  }

  Features features() {
    return superBlock.features();
  }

  boolean isV5() {
    return superBlock.features().isV5();
  }

  /** The volume's name in messages. */
  String describe() {
    return volume.describe();
  }

  /** Reads bytes that the caller has bounded, and verifies nothing. */
  byte[] bytes(String structure, long offset, int length) throws IOException {
    cached.checkInside(structure, offset, length);
    byte[] bytes = new byte[length];
    cached.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Bytes as a structure. */
  ByteView view(byte[] bytes, String structure, long offset) {
    return new ByteView(
        ByteBuffer.wrap(bytes), ByteOrder.BIG_ENDIAN, describe(), structure, offset);
  }

  /**
   * Reads a structure.
   *
   * @param crcAt where version 5 keeps the checksum; version 4 has none
   * @throws CorruptImage when the checksum is wrong
   */
  ByteView sealed(String structure, long offset, int length, int crcAt) throws IOException {
    byte[] bytes = bytes(structure, offset, length);
    ByteView view = view(bytes, structure, offset);
    if (isV5()) {
      verify(bytes, view, crcAt);
    }
    return view;
  }

  /**
   * A block, as {@link #sealed}; those used last are kept. What the block says of itself is for the
   * caller to check, each time.
   *
   * @param block inside the filesystem
   * @param length bytes of it and those that follow, also inside
   */
  ByteView block(String structure, long block, int length, int crcAt) throws IOException {
    long offset = geometry().offset(block);
    synchronized (blocks) {
      ByteView known = blocks.get(offset);
      if (known != null && known.length() == length) {
        return known;
      }
    }
    ByteView view = sealed(structure, offset, length, crcAt);
    synchronized (blocks) {
      blocks.put(offset, view);
    }
    return view;
  }

  /**
   * Reads an inode, in use or free.
   *
   * @throws CorruptImage when there can be none of that number, or it is damaged
   */
  Inode inode(long number) throws IOException {
    String structure = "inode " + Long.toUnsignedString(number);
    if (!geometry().holdsInode(number)) {
      throw corrupt(structure, "its number", "an inode inside the filesystem");
    }
    ByteView view =
        sealed(structure, geometry().inodeOffset(number), geometry().inodeSize(), Inode.CRC_AT);
    return Inode.parse(view, number, this);
  }

  /** Verifies a checksum. */
  static void verify(byte[] bytes, ByteView view, int crcAt) throws CorruptImage {
    var crc = new CRC32C();
    crc.update(bytes, 0, crcAt);
    crc.update(NO_CRC);
    crc.update(bytes, crcAt + Integer.BYTES, bytes.length - crcAt - Integer.BYTES);
    long stored = Integer.toUnsignedLong(Integer.reverseBytes((int) view.u32(crcAt)));
    if (stored != crc.getValue()) {
      throw view.corrupt(
          "crc",
          crcAt,
          String.format(Locale.ROOT, "0x%08x", stored),
          String.format(Locale.ROOT, "0x%08x, of the bytes as they are", crc.getValue()));
    }
  }

  /** Checks what a block of version 5 says of its place, its filesystem and its owner. */
  void checkIdentity(ByteView view, int blknoAt, int uuidAt, int ownerAt, long owner)
      throws CorruptImage {
    long place = Geometry.basicBlock(view.offset());
    if (view.u64(blknoAt) != place) {
      throw view.corrupt("blkno", blknoAt, Fault.number(view.u64(blknoAt)), Fault.number(place));
    }
    checkUuid(view, uuidAt);
    if (view.u64(ownerAt) != owner) {
      throw view.corrupt("owner", ownerAt, Fault.number(view.u64(ownerAt)), Fault.number(owner));
    }
  }

  /** Checks the UUID that metadata of version 5 carries. */
  void checkUuid(ByteView view, int at) throws CorruptImage {
    UUID expected = superBlock.metaUuid();
    if (view.u64(at) != expected.getMostSignificantBits()
        || view.u64(at + 8) != expected.getLeastSignificantBits()) {
      throw view.corrupt(
          "uuid", at, SuperBlock.uuid(view, at).toString(), expected + ", the filesystem's");
    }
  }

  /** Refuses what has no single place. */
  CorruptImage corrupt(String structure, String found, String allowed) {
    return new CorruptImage(describe(), structure, Fault.NOWHERE, found, allowed, REMEDY);
  }
}
