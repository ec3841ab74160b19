package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An attribute of a file record, or a piece of one that several records hold.
 *
 * @param lowestVcn the first cluster of the stream that this piece maps; 0 of a resident one
 * @param structure its name in messages
 * @param view the whole attribute, header and all
 */
record Attribute(
    int type,
    boolean nonResident,
    String name,
    int flags,
    long lowestVcn,
    String structure,
    ByteView view) {

  static final int STANDARD_INFORMATION = 0x10;
  static final int ATTRIBUTE_LIST = 0x20;
  static final int FILE_NAME = 0x30;
  static final int VOLUME_NAME = 0x60;
  static final int VOLUME_INFORMATION = 0x70;
  static final int DATA = 0x80;
  static final int INDEX_ROOT = 0x90;
  static final int INDEX_ALLOCATION = 0xa0;
  static final int BITMAP = 0xb0;
  static final int REPARSE_POINT = 0xc0;
  static final int EXTENDED = 0xe0;

  private static final int LZNT1 = 1;
  private static final int FLAG_COMPRESSED = 0xff;
  private static final int FLAG_ENCRYPTED = 0x4000;
  private static final int FLAG_SPARSE = 0x8000;
  private static final int RESIDENT_HEADER = 24;
  private static final int NON_RESIDENT_HEADER = 64;
  private static final int STORED_SIZE = 64;

  /**
   * @param at where it starts in the record
   * @param length its bytes, already checked to lie in the record
   */
  static Attribute parse(ByteView record, long number, int at, int length) throws CorruptImage {
    int type = (int) record.u32(at);
    String structure = "file record " + number + " attribute 0x" + Integer.toHexString(type);
    var view =
        new ByteView(
            ByteBuffer.wrap(record.bytes(at, length)),
            ByteOrder.LITTLE_ENDIAN,
            record.source(),
            structure,
            record.offset() + at);
    boolean nonResident = view.u8(8) != 0;
    int header = nonResident ? NON_RESIDENT_HEADER : RESIDENT_HEADER;
    if (length < header) {
      throw view.corrupt("length", 4, Integer.toString(length), "at least " + header);
    }
    int nameLength = view.u8(9);
    String name =
        nameLength == 0
            ? ""
            : new String(view.bytes(view.u16(10), 2 * nameLength), StandardCharsets.UTF_16LE);
    long lowestVcn = nonResident ? view.u64(16) : 0;
    return new Attribute(type, nonResident, name, view.u16(12), lowestVcn, structure, view);
  }

  boolean isCompressed() {
    return (flags & FLAG_COMPRESSED) != 0;
  }

  boolean isLznt1() {
    return (flags & FLAG_COMPRESSED) == LZNT1;
  }

  boolean isEncrypted() {
    return (flags & FLAG_ENCRYPTED) != 0;
  }

  /** The value of a resident attribute. */
  ByteView value() throws CorruptImage {
    long length = view.u32(16);
    int at = view.u16(20);
    if (nonResident || length > view.length() - at) {
      throw view.corrupt(
          "value length", 16, Fault.number(length), "at most " + Math.max(0, view.length() - at));
    }
    return new ByteView(
        ByteBuffer.wrap(view.bytes(at, (int) length)),
        ByteOrder.LITTLE_ENDIAN,
        view.source(),
        structure,
        view.offset() + at);
  }

  /** The last cluster of the stream that this piece maps; -1 when it maps none. */
  long highestVcn() throws CorruptImage {
    return view.u64(24);
  }

  int compressionUnit() throws CorruptImage {
    return view.u8(34);
  }

  /** Bytes of the stream; only its first piece says so. */
  long dataSize() throws CorruptImage {
    return nonResident ? size("data size", 48) : view.u32(16);
  }

  /** Bytes that were ever written; zeros follow. */
  long initializedSize() throws CorruptImage {
    return nonResident ? size("initialized size", 56) : view.u32(16);
  }

  /** Bytes of the clusters that are stored for the stream; only its first piece says so. */
  long allocatedSize() throws CorruptImage {
    if (!nonResident) {
      return 0;
    }
    boolean mayHaveHoles = (flags & (FLAG_COMPRESSED | FLAG_SPARSE)) != 0;
    return mayHaveHoles && view.u16(32) >= STORED_SIZE + Long.BYTES
        ? size("compressed size", STORED_SIZE)
        : size("allocated size", 40);
  }

  private long size(String field, int at) throws CorruptImage {
    long size = view.u64(at);
    if (size < 0) {
      throw view.corrupt(field, at, Long.toUnsignedString(size), "below 2^63");
    }
    return size;
  }
}
