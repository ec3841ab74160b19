package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The sparse map of GNU tar's old format, in the member's header and in blocks behind it. It is
 * what {@code tar --format=oldgnu -S} writes, the form in which Google Cloud wants images.
 */
final class GnuSparse {

  private static final String NAME = "tar sparse header";
  private static final int IN_HEADER_AT = 386;
  private static final int IN_HEADER = 4;
  private static final int IS_EXTENDED_AT = 482;
  private static final int REAL_SIZE_AT = 483;
  private static final int IN_BLOCK = 21;
  private static final int BLOCK_IS_EXTENDED_AT = 504;
  private static final int NUMBER = 12;

  private GnuSparse() {}

  /**
   * Reads the map.
   *
   * @param header of type {@code S}
   * @param tape behind the header; the map's blocks are taken from it
   * @param limit stretches it may have
   */
  static SparseMapBuilder read(ByteView header, Tape tape, int limit) throws IOException {
    long size = TarNumber.parse(header, "realsize", REAL_SIZE_AT, NUMBER);
    var builder = new SparseMapBuilder(header, size, limit);
    add(header, IN_HEADER_AT, IN_HEADER, builder);
    boolean more = header.u8(IS_EXTENDED_AT) != 0;
    for (int blocks = 1; more; blocks++) {
      if (blocks > SparseMapBuilder.MAX_ENTRIES / IN_BLOCK) {
        throw header.tooLarge("sparse map", 0, "more than " + blocks + " blocks", "up to that");
      }
      ByteView block = tape.view(NAME, TarHeader.BLOCK, ByteOrder.BIG_ENDIAN);
      add(block, 0, IN_BLOCK, builder);
      more = block.u8(BLOCK_IS_EXTENDED_AT) != 0;
    }
    return builder;
  }

  private static void add(ByteView view, int at, int count, SparseMapBuilder builder)
      throws IOException {
    for (int i = 0; i < count; i++) {
      int entry = at + i * 2 * NUMBER;
      builder.add(
          TarNumber.parse(view, "offset", entry, NUMBER),
          TarNumber.parse(view, "numbytes", entry + NUMBER, NUMBER));
    }
  }
}
