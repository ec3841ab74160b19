package io.diskwright.source.compressed;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Decodes frames of a zstd file that is made of several. */
final class ZstdFrames implements Block.Decoder {

  private static final String STRUCTURE = "zstd frame";

  private final ByteSource compressed;

  private ZstdFrames(ByteSource compressed) {
    this.compressed = compressed;
  }

  /** The content, when there are several frames, all with their sizes, and none is large. */
  static Optional<ByteSource> open(ByteSource compressed, String name) throws IOException {
    List<Block> frames = new ZstdScan(compressed).frames();
    return frames.size() < 2
        ? Optional.empty()
        : Optional.of(new BlockSource(compressed, name, frames, new ZstdFrames(compressed)));
  }

  @Override
  public byte[] decode(Block frame) throws IOException {
    try (var context = new ZstdDecompressCtx()) {
      byte[] encoded = new byte[Math.toIntExact(frame.encodedLength())];
      compressed.read(frame.offset(), ByteBuffer.wrap(encoded));
      byte[] decoded = new byte[frame.length()];
      int count =
          context.decompressByteArray(decoded, 0, decoded.length, encoded, 0, encoded.length);
      if (count != decoded.length) {
        throw new CorruptImage(
            compressed.describe(),
            STRUCTURE,
            frame.offset(),
            Fault.number(count) + " bytes of content",
            "the header's " + Fault.number(decoded.length));
      }
      return decoded;
    } catch (ZstdException | OutOfMemoryError e) {
      throw Refusal.of(compressed.describe(), STRUCTURE, frame.offset(), e);
    }
  }
}
