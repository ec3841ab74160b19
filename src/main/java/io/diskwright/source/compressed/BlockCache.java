package io.diskwright.source.compressed;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The most recently used blocks of a file, decoded: some 64 MiB of them, those that are being
 * decoded included. A block that several threads want is decoded by one of them; a thread that
 * would exceed the bound waits until others are done. Safe for any thread.
 */
final class BlockCache {

  private static final long CAPACITY = 2L * Block.MAX_LENGTH;

  private final Block.Decoder decoder;
  private final Map<Block, CompletableFuture<byte[]>> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long used;

  BlockCache(Block.Decoder decoder) {
    this.decoder = decoder;
  }

  /** The block's content, which the caller does not change. */
  byte[] get(Block block) throws IOException {
    var mine = new CompletableFuture<byte[]>();
    CompletableFuture<byte[]> claimed = claim(block, mine);
    if (claimed != mine) {
      return result(claimed);
    }
    try {
      byte[] bytes = decoder.decode(block);
      mine.complete(bytes);
      return bytes;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      forget(block);
      throw e;
    } finally {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Who decodes the block: another when it is there or on its way, or else the caller. */
  private synchronized CompletableFuture<byte[]> claim(
      Block block, CompletableFuture<byte[]> mine) {
    boolean interrupted = false;
    try {
      while (true) {
        CompletableFuture<byte[]> known = blocks.get(block);
        if (known != null) {
          return known;
        }
        if (makeRoom(block.length())) {
          blocks.put(block, mine);
          used += block.length();
          return mine;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true; // decoding ends soon, and reads are not interrupted elsewhere either
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean makeRoom(int length) {
    Iterator<Map.Entry<Block, CompletableFuture<byte[]>>> eldest = blocks.entrySet().iterator();
    while (length > CAPACITY - used && eldest.hasNext()) {
      Map.Entry<Block, CompletableFuture<byte[]>> entry = eldest.next();
      if (entry.getValue().isDone()) {
        used -= entry.getKey().length();
        eldest.remove();
      }
    }
    return length <= CAPACITY - used;
  }

  private synchronized void forget(Block block) {
    blocks.remove(block);
    used -= block.length();
  }

  private static byte[] result(CompletableFuture<byte[]> decoded) throws IOException {
    try {
      return decoded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
