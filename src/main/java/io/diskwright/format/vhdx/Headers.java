package io.diskwright.format.vhdx;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Optional;

/**
 * The two headers, of which the writer always leaves one whole.
 *
 * @param current the one that counts
 * @param damaged the other one, if it is damaged
 */
record Headers(Header current, Optional<Anomaly> damaged) {

  private static final long FIRST = 64 << 10;
  private static final long SECOND = 128 << 10;

  /**
   * Finds the current header.
   *
   * @throws CorruptImage when neither is sound, or both claim to be the current one
   */
  static Headers read(ByteSource source) throws IOException {
    Copy first = Copy.read(source, "header 1", FIRST, Header.SIZE, Header.SIGNATURE);
    Copy second = Copy.read(source, "header 2", SECOND, Header.SIZE, Header.SIGNATURE);
    if (!first.sound() && !second.sound()) {
      throw first.refusal().orElseThrow();
    }
    if (!first.sound() || !second.sound()) {
      Copy sound = first.sound() ? first : second;
      Copy other = first.sound() ? second : first;
      return new Headers(Header.parse(sound.view(), source), other.anomaly());
    }
    int order = Long.compareUnsigned(sequence(first), sequence(second));
    if (order == 0 && !first.sameAs(second)) {
      throw second
          .view()
          .corrupt(
              "SequenceNumber",
              Header.SEQUENCE_NUMBER_AT,
              Fault.number(sequence(second)) + " as in header 1, which differs",
              "two different numbers, or two equal headers");
    }
    Copy current = order < 0 ? second : first;
    return new Headers(Header.parse(current.view(), source), Optional.empty());
  }

  private static long sequence(Copy copy) throws CorruptImage {
    return copy.view().u64(Header.SEQUENCE_NUMBER_AT);
  }
}
