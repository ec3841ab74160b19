package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/** Lz4 frames, one after the other, skippable ones passed over. */
final class Lz4Decoder implements Decoder {

  private static final String HEADER = "lz4 frame header";
  private static final String BLOCK = "lz4 block";
  private static final String END = "end of the lz4 frame";
  private static final int UNCOMPRESSED = 1 << 31;

  private final CompressedInput in;
  private final XXHashFactory hashes = XXHashFactory.safeInstance();
  private final StreamingXXHash32 contentHash = hashes.newStreamingHash32(0);
  private final Lz4Window window = new Lz4Window();
  private byte[] encoded = new byte[0];
  private @Nullable Lz4FrameHeader frame;
  private long frameSize;
  private boolean started;

  Lz4Decoder(CompressedInput in) {
    this.in = in;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (window.remaining() == 0) {
      Lz4FrameHeader current = frame;
      if (current != null) {
        block(current);
      } else if (!startFrame()) {
        return -1;
      }
    }
    return window.hand(target, offset, length);
  }

  private void block(Lz4FrameHeader header) throws IOException {
    ByteView view = in.take(BLOCK, Integer.BYTES);
    int size = (int) view.u32(0);
    if (size == 0) {
      endFrame(header);
      return;
    }
    int length = size & ~UNCOMPRESSED;
    if (length > header.maxBlock()) {
      throw view.corrupt(
          "size", 0, Fault.number(length), "up to the frame's " + Fault.number(header.maxBlock()));
    }
    in.take(BLOCK, encoded, length);
    if (header.blockChecksum()) {
      checkHash(BLOCK + " checksum", hashes.hash32().hash(encoded, 0, length, 0));
    }
    if ((size & UNCOMPRESSED) != 0) {
      window.add(encoded, length);
    } else if (!window.decode(encoded, length, header.independent())) {
      throw view.corrupt(
          "data",
          0,
          Fault.number(length) + " bytes that do not decode",
          "up to " + Fault.number(header.maxBlock()) + " bytes of content");
    }
    frameSize += window.remaining();
    if (header.contentChecksum()) {
      window.hash(contentHash);
    }
  }

  private void endFrame(Lz4FrameHeader header) throws IOException {
    if (header.contentSize().isPresent() && header.contentSize().getAsLong() != frameSize) {
      throw in.corrupt(
          END,
          in.position(),
          Fault.number(frameSize) + " bytes of content",
          "the header's " + Fault.number(header.contentSize().getAsLong()));
    }
    if (header.contentChecksum()) {
      checkHash("lz4 content checksum", contentHash.getValue());
    }
    frame = null;
  }

  private void checkHash(String structure, int computed) throws IOException {
    ByteView stored = in.take(structure, Integer.BYTES);
    if ((int) stored.u32(0) != computed) {
      throw stored.corrupt(
          "xxHash32",
          0,
          Fault.number(stored.u32(0)),
          "the content's " + Fault.number(Integer.toUnsignedLong(computed)));
    }
  }

  /** Goes on to the next frame; false at the end. */
  private boolean startFrame() throws IOException {
    for (ByteView magic = magic(); magic.length() > 0; magic = magic()) {
      if (magic.length() < Integer.BYTES) {
        throw in.truncated(HEADER);
      }
      started = true;
      long number = magic.u32(0);
      if (number == Lz4FrameHeader.MAGIC) {
        startFrame(header());
        return true;
      }
      if (number == Lz4FrameHeader.LEGACY_MAGIC) {
        throw legacy();
      }
      if (!SkippableFrame.is(number)) {
        throw in.garbage("after the last lz4 frame", "a further frame");
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

  private Lz4FrameHeader header() throws IOException {
    ByteView start = in.peek(HEADER, Lz4FrameHeader.MIN_LENGTH);
    if (start.length() < Lz4FrameHeader.MIN_LENGTH) {
      throw in.truncated(HEADER);
    }
    return Lz4FrameHeader.parse(in.take(HEADER, Lz4FrameHeader.length(start)));
  }

  private void startFrame(Lz4FrameHeader header) {
    if (encoded.length < header.maxBlock()) {
      encoded = new byte[header.maxBlock()];
    }
    window.start(header.maxBlock());
    contentHash.reset();
    frameSize = 0;
    frame = header;
  }

  private UnsupportedFeature legacy() {
    return new UnsupportedFeature(
        in.name(),
        HEADER,
        in.position(),
        "lz4's legacy form, which has neither checksums nor an end that could be missed",
        "lz4 frames",
        "Compress it anew: lz4 -dc FILE | lz4 > NEW.lz4");
  }
}
