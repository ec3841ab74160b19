package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The sparse map of GNU's notation 1.0: decimal numbers, one a line, in whole blocks at the start
 * of the member's data.
 */
final class SparseMapText {

  private static final int MAX_DIGITS = 19;

  private final ByteView header;
  private final Tape tape;
  private final long dataEnd;
  private @Nullable ByteView block;
  private int at;

  /**
   * @param header of the member, for messages
   * @param tape at the start of the data
   * @param dataEnd where the data ends on the tape
   */
  SparseMapText(ByteView header, Tape tape, long dataEnd) {
    this.header = header;
    this.tape = tape;
    this.dataEnd = dataEnd;
  }

  /** Reads the map; the tape is then at the stored stretches. */
  void addTo(SparseMapBuilder builder) throws IOException {
    long count = number();
    if (count > SparseMapBuilder.MAX_ENTRIES) {
      throw header.tooLarge(
          "sparse map",
          0,
          Fault.number(count) + " stretches",
          "up to " + SparseMapBuilder.MAX_ENTRIES);
    }
    for (long i = 0; i < count; i++) {
      long offset = number();
      builder.add(offset, number());
    }
  }

  private long number() throws IOException {
    var digits = new StringBuilder();
    for (int c = character(); c != '\n'; c = character()) {
      if (digits.length() == MAX_DIGITS) {
        throw header.corrupt("sparse map", 0, "a line of more than 19 digits", "a number");
      }
      digits.append((char) c);
    }
    return PaxHeader.decimal(header, "sparse map", digits.toString());
  }

  private int character() throws IOException {
    ByteView current = block;
    if (current == null || at == TarHeader.BLOCK) {
      if (tape.position() >= dataEnd) {
        throw header.corrupt("sparse map", 0, "no end of the map in the member's data", "one");
      }
      current = tape.view("tar sparse map", TarHeader.BLOCK, ByteOrder.BIG_ENDIAN);
      block = current;
      at = 0;
    }
    return current.u8(at++);
  }
}
