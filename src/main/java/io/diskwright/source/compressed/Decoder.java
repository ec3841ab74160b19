package io.diskwright.source.compressed;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Decodes a compressed file from its start to its end. For one thread. */
interface Decoder extends Closeable {

  /** Starts decoding; may already read the first header. */
  interface Opener {
    Decoder open(CompressedInput in) throws IOException;
  }

  /**
   * Decodes more.
   *
   * @param length at least 1
   * @return bytes decoded, at least 1; -1 at the end, when all that there is to verify is verified
   * @throws RuntimeException when damaged bytes lead a library astray
   */
  int read(byte[] target, int offset, int length) throws IOException;

  /** Frees what the decoder holds outside the heap; the input is its owner's to close. */
  @Override
  default void close() throws IOException {}

  /** A library's stream, which verifies everything before it ends. */
  static Decoder of(InputStream stream) {
    return stream::read;
  }
}
