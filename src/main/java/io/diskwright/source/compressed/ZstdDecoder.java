package io.diskwright.source.compressed;

import com.github.luben.zstd.ZstdDecompressCtx;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Zstd frames, one after the other, skippable ones passed over. The decoder verifies each frame's
 * checksum and stated size, where it has them.
 */
final class ZstdDecoder implements Decoder {

  private static final String HEADER = "zstd frame header";
  private static final String DATA = "zstd frame";

  private final CompressedInput in;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private boolean started;
  private boolean inFrame;

  ZstdDecoder(CompressedInput in) {
    this.in = in;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (inFrame || startFrame()) {
      ByteBuffer encoded = in.more();
      int available = encoded.remaining();
      ByteBuffer decoded = ByteBuffer.wrap(target, offset, length);
      inFrame = !context.decompressByteBufferStream(decoded, encoded);
      in.took(available - encoded.remaining());
      int count = length - decoded.remaining();
      if (count > 0) {
        return count;
      }
      if (inFrame && available == 0) {
        throw in.truncated(DATA);
      }
    }
    return -1;
  }

  /** Goes on to the next frame, which the decoder itself takes; false at the end. */
  private boolean startFrame() throws IOException {
    for (ByteView magic = magic(); magic.length() > 0; magic = magic()) {
      if (magic.length() < Integer.BYTES) {
        throw in.truncated(HEADER);
      }
      started = true;
      if (magic.u32(0) == ZstdFrameHeader.MAGIC) {
        checkHeader();
        inFrame = true;
        return true;
      }
      if (!SkippableFrame.is(magic.u32(0))) {
        throw in.garbage("after the last zstd frame", "a further frame");
      }
      SkippableFrame.skip(in);
    }
    if (!started) {
      throw in.truncated(HEADER);
    }
    return false;
  }

  private ByteView magic() throws IOException {
    return in.peek(HEADER, Integer.BYTES);
  }

  private void checkHeader() throws IOException {
    ByteView start = in.peek(HEADER, ZstdFrameHeader.MIN_LENGTH);
    if (start.length() < ZstdFrameHeader.MIN_LENGTH) {
      throw in.truncated(HEADER);
    }
    int length = ZstdFrameHeader.length(start);
    ByteView header = in.peek(HEADER, length);
    if (header.length() < length) {
      throw in.truncated(HEADER);
    }
    var ignored = ZstdFrameHeader.parse(header);
  }

  @Override
  public void close() {
    context.close();
  }
}
