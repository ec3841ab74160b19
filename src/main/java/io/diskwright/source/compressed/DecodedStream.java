package io.diskwright.source.compressed;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder yields. Whatever a decoder does about bytes it cannot read, this throws an {@link
 * io.diskwright.io.ImageException}, from then on at every read; what fails beneath the decoder
 * comes through as it is.
 */
final class DecodedStream extends InputStream {

  private final String label;
  private final Decoder.Opener opener;
  private final CompressedInput in;
  private @Nullable Decoder decoder;
  private @Nullable IOException failed;

  /**
   * @param label the format, for messages
   * @param opener asked for the decoder at the first read, so that nothing fails before
   * @param in closed with this
   */
  DecodedStream(String label, Decoder.Opener opener, CompressedInput in) {
    this.label = label;
    this.opener = opener;
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (failed != null) {
      throw failed;
    }
    try {
      Decoder current = decoder;
      if (current == null) {
        current = opener.open(in);
        decoder = current;
      }
      return current.read(target, offset, length);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failed = in.failure();
      if (failed == null) {
        failed =
            in.ended()
                ? Refusal.atEnd(in.name(), label + " stream", in.position(), e)
                : Refusal.of(in.name(), label + " stream", in.position(), e);
      }
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    try (in) {
      if (decoder != null) {
        decoder.close();
      }
    }
  }
}
