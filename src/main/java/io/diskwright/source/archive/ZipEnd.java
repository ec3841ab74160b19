package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The end of a zip archive: where its central directory lies.
 *
 * @param offset where the directory starts, in bytes
 * @param end where it ends
 * @param entries how many records it has
 */
record ZipEnd(long offset, long end, long entries) {

  static final long SIGNATURE = 0x06054b50L;
  static final long ZIP64_SIGNATURE = 0x06064b50L;
  static final long LOCATOR_SIGNATURE = 0x07064b50L;
  static final String NAME = "zip end of central directory";

  /** Bytes of the record without its comment. */
  static final int SIZE = 22;

  /** Bytes of the fixed part of the record of zip64. */
  static final int ZIP64_SIZE = 56;

  /** Bytes of what says where that lies. */
  static final int LOCATOR_SIZE = 20;

  private static final int MAX_COMMENT = 0xFFFF;
  private static final long MAX_DIRECTORY = 16 << 20;

  /**
   * Finds the directory of an archive.
   *
   * @throws CorruptImage when there is none, or two may be meant
   */
  static ZipEnd find(ByteSource source) throws IOException {
    int length = (int) Math.min(source.size(), SIZE + MAX_COMMENT);
    long start = source.size() - length;
    ByteView tail = source.view(NAME, start, length, ByteOrder.LITTLE_ENDIAN);
    int found = -1;
    for (int at = length - SIZE; at >= 0; at--) {
      // A comment can hold the signature, so it counts only where its own comment ends the file.
      if (tail.u32(at) == SIGNATURE && tail.u16(at + 20) == length - at - SIZE) {
        if (found >= 0) {
          throw tail.corrupt("", at, "another one in its comment", "one");
        }
        found = at;
      }
    }
    if (found < 0) {
      throw new CorruptImage(
          source.describe(),
          NAME,
          start,
          "none",
          "one that ends with the file",
          "The archive is truncated; copy or download it again");
    }
    ByteView end = source.view(NAME, start + found, SIZE, ByteOrder.LITTLE_ENDIAN);
    return needsZip64(end) || hasLocator(source, start + found)
        ? zip64(source, start + found)
        : of(end, end.u16(4) | end.u16(6), end.u16(8), end.u16(10), end.u32(12), end.u32(16));
  }

  private static boolean needsZip64(ByteView end) throws CorruptImage {
    return end.u16(10) == Zip64.ELSEWHERE_16
        || end.u32(12) == Zip64.ELSEWHERE
        || end.u32(16) == Zip64.ELSEWHERE;
  }

  private static boolean hasLocator(ByteSource source, long end) throws IOException {
    return end >= LOCATOR_SIZE
        && source.view(NAME, end - LOCATOR_SIZE, 4, ByteOrder.LITTLE_ENDIAN).u32(0)
            == LOCATOR_SIGNATURE;
  }

  private static ZipEnd zip64(ByteSource source, long end) throws IOException {
    String name = "zip64 locator";
    ByteView locator = source.view(name, end - LOCATOR_SIZE, LOCATOR_SIZE, ByteOrder.LITTLE_ENDIAN);
    if (locator.u32(0) != LOCATOR_SIGNATURE) {
      throw locator.corrupt("signature", 0, Fault.number(locator.u32(0)), "one of zip64");
    }
    long offset = locator.u64(8);
    ByteView record = source.view("zip64 end", offset, ZIP64_SIZE, ByteOrder.LITTLE_ENDIAN);
    if (record.u32(0) != ZIP64_SIGNATURE || record.u64(4) != locator.offset() - offset - 12) {
      throw record.corrupt(
          "record",
          0,
          "no record of zip64 that reaches to its locator",
          "one at " + Fault.number(offset));
    }
    return of(
        record,
        record.u32(16) | record.u32(20),
        record.u64(24),
        record.u64(32),
        record.u64(40),
        record.u64(48));
  }

  private static ZipEnd of(
      ByteView record, long disks, long onDisk, long entries, long size, long offset)
      throws IOException {
    if (disks != 0 || onDisk != entries) {
      throw record.unsupported("disk number", 0, "an archive in several pieces", "one piece");
    }
    if (entries < 0 || entries > MemberList.MAX_MEMBERS || size < 0 || size > MAX_DIRECTORY) {
      throw new LimitExceeded(
          record.source(),
          NAME,
          record.offset(),
          Fault.number(entries) + " members in " + Fault.number(size) + " bytes",
          "up to " + MemberList.MAX_MEMBERS + " in 16 MiB",
          "Pack the disk alone, or with its OVF descriptor");
    }
    if (offset < 0 || offset != record.offset() - size) {
      throw record.corrupt(
          "offset of the central directory",
          0,
          Fault.number(offset),
          Fault.number(record.offset() - size) + ", its size before its end");
    }
    return new ZipEnd(offset, offset + size, entries);
  }
}
