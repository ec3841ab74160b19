package io.diskwright.io;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The JDK's inflater: always there, and the judge of streams the native one does not accept. */
final class JdkInflater implements BlockInflater {

  private final Inflater raw = new Inflater(true);
  private final Inflater zlib = new Inflater(false);

  @Override
  public int inflateRaw(ByteBuffer in, ByteBuffer out) throws DataFormatException {
    return inflate(raw, in, out);
  }

  @Override
  public int inflateZlib(ByteBuffer in, ByteBuffer out) throws DataFormatException {
    return inflate(zlib, in, out);
  }

  private static int inflate(Inflater inflater, ByteBuffer in, ByteBuffer out)
      throws DataFormatException {
    inflater.reset();
    inflater.setInput(in.duplicate());
    int start = out.position();
    while (out.hasRemaining() && !inflater.finished()) {
      if (inflater.inflate(out) == 0 && !inflater.finished()) {
        throw new DataFormatException(
            inflater.needsDictionary() ? "needs a preset dictionary" : "stream ends early");
      }
    }
    if (!inflater.finished()) {
      finish(inflater);
    }
    return out.position() - start;
  }

  /** Lets a stream whose data just filled the output end, so that its checksum is verified. */
  private static void finish(Inflater inflater) throws DataFormatException {
    if (inflater.inflate(new byte[1]) > 0) {
      throw new DataFormatException("stream goes on behind the block");
    }
    if (!inflater.finished() && inflater.needsDictionary()) {
      throw new DataFormatException("needs a preset dictionary");
    }
  }

  @Override
  public void close() {
    raw.end();
    zlib.end();
  }
}
