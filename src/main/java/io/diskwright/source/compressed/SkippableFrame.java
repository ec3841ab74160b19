package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import java.io.IOException;

/** A frame for other tools, which zstd and lz4 files alike may hold anywhere between theirs. */
final class SkippableFrame {

  /** Magic and Frame_Size, in bytes. */
  static final int HEADER = 8;

  /** Where Frame_Size, the length of what follows, stands. */
  static final int SIZE = 4;

  private static final String STRUCTURE = "skippable frame";

  private SkippableFrame() {}

  /** Whether a frame's magic, of which the lowest 4 bits may be any, is that of such a frame. */
  static boolean is(long magic) {
    return (magic & ~0xfL) == 0x184d2a50L;
  }

  /** Passes over the frame that the input stands at. */
  static void skip(CompressedInput in) throws IOException {
    ByteView header = in.take(STRUCTURE, HEADER);
    in.skip(STRUCTURE, header.u32(SIZE));
  }
}
