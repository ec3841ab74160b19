package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/** Clusters in raw deflate, without zlib's header and checksum. */
public final class DeflateCodec implements BlockCodec {

  @Override
  public void decode(
      ByteSource source, long offset, int encodedLength, ByteBuffer target, Workspace workspace)
      throws IOException {
    ByteBuffer encoded = workspace.encoded(encodedLength);
    source.read(offset, encoded);
    encoded.flip();
    int wanted = target.remaining();
    String found;
    try {
      int written = workspace.inflater().inflateRaw(encoded, target);
      if (written == wanted) {
        return;
      }
      found = "a deflate stream of only " + written + " bytes";
    } catch (DataFormatException e) {
      found = "a damaged deflate stream (" + e.getMessage() + ")";
    }
    throw new CorruptImage(
        source.describe(), "compressed cluster", offset, found, "a stream of " + wanted + " bytes");
  }
}
