package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * A sector that says what follows it in a stream-optimized extent, the grains excepted.
 *
 * @param at where it was read, in bytes
 * @param val sectors of what follows
 * @param size 0, by which it is told from a grain's marker
 * @param type one of the constants
 */
record StreamMarker(long at, long val, long size, long type) {

  /** Bytes of a marker, one sector. */
  static final int LENGTH = 512;

  /** Nothing follows. */
  static final long EOS = 0;

  /** A grain table follows. */
  static final long GRAIN_TABLE = 1;

  /** The grain directory follows. */
  static final long GRAIN_DIRECTORY = 2;

  /** The footer follows. */
  static final long FOOTER = 3;

  private static final long PROGRESS = 4;

  private static final int SIZE_AT = 8;
  private static final int TYPE_AT = 12;

  /** Reads the marker at a place of a file, in bytes. */
  static StreamMarker read(ByteSource file, long offset) throws IOException {
    return parse(file.view("stream marker", offset, LENGTH, ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads {@link #LENGTH} bytes. */
  static StreamMarker parse(ByteView view) throws CorruptImage {
    return new StreamMarker(view.offset(), view.u64(0), view.u32(SIZE_AT), view.u32(TYPE_AT));
  }

  /**
   * Checks what the marker announces.
   *
   * @param source the file, for messages
   * @param name the marker wanted, for messages
   */
  void require(String source, String name, long wantedType, long wantedVal) throws CorruptImage {
    if (val != wantedVal || size != 0 || type != wantedType) {
      throw new CorruptImage(
          source, name, at, shown(), "sectors " + wantedVal + ", size 0, type " + wantedType);
    }
  }

  /** Whether it only tells how far the writer was; some of VMware's put such sectors between. */
  boolean isProgress() {
    return type == PROGRESS && size == 0 && val == 0;
  }

  /** Refuses the marker where it stands. */
  CorruptImage corrupt(String source, String allowed) {
    return new CorruptImage(
        source,
        "stream marker",
        at,
        shown(),
        allowed,
        "The file is truncated or damaged; copy or download it again");
  }

  private String shown() {
    return "sectors " + Fault.number(val) + ", size " + Fault.number(size) + ", type " + type;
  }
}
