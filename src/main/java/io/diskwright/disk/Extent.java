package io.diskwright.disk;

import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;

/** A stretch of a disk whose bytes are all had in one way. Positions are guest bytes. */
public sealed interface Extent {

  /** Where it starts on the disk, in bytes. */
  long start();

  /** Its length in bytes, at least 1. */
  long length();

  /** Where it ends on the disk, in bytes, exclusive. */
  default long end() {
    return start() + length();
  }

  /** The same kind of extent, shortened at its end. */
  Extent head(long length);

  /**
   * Plain bytes: copy them.
   *
   * @param source what holds them
   * @param sourceOffset where they start there, in bytes
   */
  record Data(long start, long length, ByteSource source, long sourceOffset) implements Extent {
    @Override
    public Data head(long length) {
      return new Data(start, length, source, sourceOffset);
    }
  }

  /**
   * Part of one block that must be decoded as a whole.
   *
   * @param source what holds the encoded block
   * @param sourceOffset where the encoded block starts there, in bytes
   * @param encodedLength bytes to read at most; the stream may be shorter
   * @param codec how to decode it
   * @param blockLength bytes of the decoded block
   * @param skip bytes of the decoded block before this extent
   */
  record Encoded(
      long start,
      long length,
      ByteSource source,
      long sourceOffset,
      int encodedLength,
      BlockCodec codec,
      int blockLength,
      int skip)
      implements Extent {
    @Override
    public Encoded head(long length) {
      return new Encoded(
          start, length, source, sourceOffset, encodedLength, codec, blockLength, skip);
    }
  }

  /**
   * Zeros that are stored nowhere.
   *
   * @param explicit true when the image says zero, false when it says nothing (a hole)
   */
  record Zero(long start, long length, boolean explicit) implements Extent {
    @Override
    public Zero head(long length) {
      return new Zero(start, length, explicit);
    }
  }
}
