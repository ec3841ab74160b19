package io.diskwright.validate.rule;

import io.diskwright.io.ByteView;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.util.Optional;

/** Whether bytes look random, as encrypted ones do. */
final class Entropy {

  private static final int SAMPLE = 1 << 16;

  /** Random bytes of a sample this long have 7.99 bits each; machine code has about 6. */
  private static final double RANDOM = 7.9;

  private Entropy() {}

  /** Whether the first 64 KiB of a volume look random; shorter volumes never do. */
  static boolean looksRandom(Facts facts, Volume volume) throws IOException {
    if (volume.length() < SAMPLE) {
      return false;
    }
    Optional<ByteView> sample = facts.bytes("volume", volume.start(), SAMPLE);
    return sample.isPresent() && bitsPerByte(sample.get().bytes(0, SAMPLE)) > RANDOM;
  }

  private static double bitsPerByte(byte[] sample) {
    int[] counts = new int[256];
    for (byte b : sample) {
      counts[Byte.toUnsignedInt(b)]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / sample.length;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return bits;
  }
}
