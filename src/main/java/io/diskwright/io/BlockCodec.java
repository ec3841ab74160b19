package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Decodes one block of an image. Safe for any thread, each with its own workspace. */
public interface BlockCodec {

  /**
   * Fills {@code target} with one decoded block.
   *
   * @param offset where the encoded block starts in {@code source}, in bytes
   * @param encodedLength bytes to read at most
   * @param target a direct buffer with exactly the decoded block's length remaining
   * @throws CorruptImage when the block does not decode to that length
   */
  void decode(
      ByteSource source, long offset, int encodedLength, ByteBuffer target, Workspace workspace)
      throws IOException;

  /** What the blocks are, in a word, for reports. */
  default String word() {
    return "compressed";
  }
}
