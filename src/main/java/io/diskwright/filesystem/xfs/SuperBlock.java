package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The superblock, whose first copy is the volume's first sector.
 *
 * @param rblocks blocks of the realtime device, 0 when there is none
 * @param uuid by which the filesystem is known
 * @param metaUuid which the metadata of version 5 carries
 * @param logstart first block of the log, 0 when it is on a device of its own
 * @param logblocks blocks of the log
 * @param sectsize bytes of a sector: 512 to 32768
 * @param fname the label
 * @param icount inodes there are, in use or not
 * @param ifree inodes not in use
 * @param fdblocks free blocks
 * @param directoryBlockSize bytes of a block of a directory, 512 to 65536
 */
record SuperBlock(
    Geometry geometry,
    Features features,
    long rblocks,
    UUID uuid,
    UUID metaUuid,
    long logstart,
    long logblocks,
    long rootino,
    long rbmino,
    long rsumino,
    long uquotino,
    long gquotino,
    long pquotino,
    int sectsize,
    String fname,
    long icount,
    long ifree,
    long fdblocks,
    int directoryBlockSize) {

  static final String MAGIC = "XFSB";
  static final int SECTSIZE_AT = 102;
  static final int CRC_AT = 224;

  /** Bytes that {@link #parse} looks at. */
  static final int SIZE = 264;

  private static final int MAX_DIRECTORY_LOG = 16;

  /** Inodes that do not exist are written as all ones, or as zero. */
  private static final long NO_INODE = -1;

  /**
   * Parses a superblock; who has its whole sector looks after the checksum.
   *
   * @throws ImageException when it contradicts itself, or uses what is not read
   */
  static SuperBlock parse(ByteView view) throws ImageException {
    Features features = Features.parse(view);
    Geometry geometry = Geometry.parse(view);
    int sectorLog = Geometry.power(view, "sectlog", 121, view.u16(SECTSIZE_AT), 9, 15);
    if (view.u8(126) != 0) {
      throw view.corrupt("inprogress", 126, "" + view.u8(126), "0: mkfs.xfs did not finish");
    }
    int dirblklog = view.u8(192);
    if (dirblklog > MAX_DIRECTORY_LOG - geometry.blockLog()) {
      throw view.corrupt("dirblklog", 192, "" + dirblklog, "directory blocks up to 65536 bytes");
    }
    long rootino = view.u64(56);
    if (!geometry.holdsInode(rootino)) {
      throw view.corrupt("rootino", 56, Fault.number(rootino), "an inode inside the filesystem");
    }
    long logstart = view.u64(48);
    long logblocks = view.u32(96);
    if (logstart != 0 && (logblocks == 0 || !geometry.holds(logstart, logblocks))) {
      throw view.corrupt(
          "logstart",
          48,
          Fault.number(logstart) + ", " + Fault.number(logblocks) + " blocks",
          "a log inside one allocation group");
    }
    boolean five = features.isV5();
    UUID uuid = uuid(view, 32);
    return new SuperBlock(
        geometry,
        features,
        view.u64(16),
        uuid,
        features.hasMetaUuid() ? uuid(view, 248) : uuid,
        logstart,
        logblocks,
        rootino,
        view.u64(64),
        view.u64(72),
        view.u64(160),
        view.u64(168),
        five ? view.u64(232) : NO_INODE,
        1 << sectorLog,
        view.text(108, 12, StandardCharsets.UTF_8),
        view.u64(128),
        view.u64(136),
        view.u64(144),
        geometry.blockSize() << dirblklog);
  }

  /** A UUID as it is written: its parts big-endian. */
  static UUID uuid(ByteView view, int at) throws CorruptImage {
    return new UUID(view.u64(at), view.u64(at + 8));
  }

  /** Whether an inode holds metadata of the filesystem, and no directory names it. */
  boolean isInternal(long inode) {
    return inode == rbmino
        || inode == rsumino
        || inode == uquotino
        || inode == gquotino
        || inode == pquotino;
  }

  /** Blocks at the start of each group that hold its headers. */
  long headerBlocks() {
    return (4L * sectsize + geometry.blockSize() - 1) >>> geometry.blockLog();
  }
}
