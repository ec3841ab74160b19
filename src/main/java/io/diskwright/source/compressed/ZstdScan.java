package io.diskwright.source.compressed;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds the frames of a zstd file without decoding them, by the headers of their blocks. It gives
 * up early where the file is not made of frames that can be decoded one by one: at a frame that
 * states no size, or a large one, as zstd itself makes of any larger file.
 */
final class ZstdScan {

  private static final String HEADER = "zstd frame header";
  private static final String BLOCK = "zstd block header";
  private static final int BLOCK_HEADER = 3;
  private static final int CHECKSUM = 4;
  private static final int LAST = 1;
  private static final int RLE = 1;

  /** Compressed bytes of a frame that are read in one piece; incompressible ones grow a little. */
  private static final long MAX_ENCODED = Block.MAX_LENGTH + (Block.MAX_LENGTH >> 5);

  /** Blocks of a frame at most: those of honest frames hold far more than 512 bytes. */
  private static final int MAX_BLOCKS = Block.MAX_LENGTH / 512;

  /** Small blocks lie side by side; far ones are reached without what lies between. */
  private static final int AHEAD = 1 << 12;

  private final ByteSource source;
  private final ByteBuffer bytes = ByteBuffer.allocate(AHEAD).limit(0);
  private long ahead;

  ZstdScan(ByteSource source) {
    this.source = source;
  }

  /**
   * The frames that have content; none when the file cannot be decoded frame by frame.
   *
   * @throws io.diskwright.io.ImageException when the file is damaged or truncated
   */
  List<Block> frames() throws IOException {
    var frames = new ArrayList<Block>();
    long start = 0;
    long at = 0;
    for (int count = 0; at < source.size(); count++) {
      if (count == Block.MAX_COUNT) {
        return List.of();
      }
      long magic = view(HEADER, at, Integer.BYTES).u32(0);
      if (SkippableFrame.is(magic)) {
        at += skippable(at);
        continue;
      }
      if (magic != ZstdFrameHeader.MAGIC) {
        throw garbage(at);
      }
      ZstdFrameHeader header = header(at);
      OptionalLong size = header.contentSize();
      if (size.isEmpty() || size.getAsLong() > Block.MAX_LENGTH) {
        return List.of();
      }
      OptionalLong length = encodedLength(at, header);
      if (length.isEmpty()) {
        return List.of();
      }
      if (size.getAsLong() > 0) {
        frames.add(new Block(start, (int) size.getAsLong(), at, length.getAsLong()));
      }
      start += size.getAsLong();
      at += length.getAsLong();
    }
    return frames;
  }

  private long skippable(long at) throws IOException {
    long size = view("skippable frame", at, SkippableFrame.HEADER).u32(SkippableFrame.SIZE);
    source.checkInside("skippable frame", at, SkippableFrame.HEADER + size);
    return SkippableFrame.HEADER + size;
  }

  private ZstdFrameHeader header(long at) throws IOException {
    int length = ZstdFrameHeader.length(view(HEADER, at, ZstdFrameHeader.MIN_LENGTH));
    return ZstdFrameHeader.parse(view(HEADER, at, length));
  }

  /** Bytes of the frame at {@code at}; empty when they are not read in one piece. */
  private OptionalLong encodedLength(long at, ZstdFrameHeader header) throws IOException {
    long next = at + header.length();
    for (int count = 0; count < MAX_BLOCKS && next - at <= MAX_ENCODED; count++) {
      ByteView view = view(BLOCK, next, BLOCK_HEADER);
      int block = view.u16(0) | view.u8(2) << 16;
      next += BLOCK_HEADER + ((block >> 1 & 3) == RLE ? 1 : block >> 3);
      if ((block & LAST) != 0) {
        next += header.checksum() ? CHECKSUM : 0;
        source.checkInside("zstd frame", at, next - at);
        return next - at <= MAX_ENCODED ? OptionalLong.of(next - at) : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  private CorruptImage garbage(long at) {
    return new CorruptImage(
        source.describe(),
        "after the last zstd frame",
        at,
        "bytes that are none",
        "a further frame",
        "Copy or download the file again; if something was appended to it, cut it off there");
  }

  /** Reads a structure, or takes it from what the last reading brought along. */
  private ByteView view(String structure, long at, int length) throws IOException {
    source.checkInside(structure, at, length);
    if (at < ahead || at - ahead > bytes.limit() - length) {
      ahead = at;
      bytes.clear().limit((int) Math.min(AHEAD, source.size() - at));
      source.read(at, bytes);
      bytes.flip();
    }
    return new ByteView(
        bytes.duplicate().position((int) (at - ahead)).limit((int) (at - ahead) + length),
        ByteOrder.LITTLE_ENDIAN,
        source.describe(),
        structure,
        at);
  }
}
