package io.diskwright.convert;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Hashes the blocks of one batch from the pieces it is written in, with ascending offsets; what
 * lies between them is zero. For one thread.
 */
final class BlockHasher {

  private static final int BLOCK = Batch.WINDOW;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

  private final MessageDigest sha = ContentDigest.sha256();
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
  private List<ContentDigest.Leaf> leaves = new ArrayList<>();
  private long number = -1;

  /** Takes the remaining bytes of a piece; the buffer's position does not change. */
  void add(ByteBuffer bytes, long offset) {
    for (int done = 0; done < bytes.remaining(); ) {
      long at = offset + done;
      int inside = (int) (at % BLOCK);
      int count = Math.min(BLOCK - inside, bytes.remaining() - done);
      ByteBuffer piece = bytes.slice(bytes.position() + done, count);
      if (count == BLOCK) {
        finishBlock();
        hash(at / BLOCK, piece);
      } else {
        if (at / BLOCK != number) {
          finishBlock();
          number = at / BLOCK;
          block.clear();
        }
        zeroTo(inside);
        block.put(piece);
      }
      done += count;
    }
  }

  private void zeroTo(int position) {
    block.put(ZEROS.slice(0, position - block.position()));
  }

  private void finishBlock() {
    if (number >= 0) {
      zeroTo(BLOCK);
      hash(number, block.flip());
      number = -1;
    }
  }

  private void hash(long blockNumber, ByteBuffer bytes) {
    if (bytes.mismatch(ZEROS) >= 0) {
      sha.update(bytes);
      leaves.add(new ContentDigest.Leaf(blockNumber, sha.digest()));
    }
  }

  /** The leaves of the batch, which is complete; the next piece belongs to another one. */
  List<ContentDigest.Leaf> leaves() {
    finishBlock();
    List<ContentDigest.Leaf> result = leaves;
    leaves = new ArrayList<>();
    return result;
  }
}
