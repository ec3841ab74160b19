package io.diskwright.source.compressed;

import io.diskwright.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SeekableXZInputStream;

/**
 * The blocks of an xz file, found by its index. Each thread that decodes has a reader of its own;
 * all readers together take no more memory than one with the largest dictionary.
 */
final class XzBlocks implements Block.Decoder {

  /** A decoder's memory in KiB: a dictionary of 128 MiB, twice what xz -9 uses, and its state. */
  static final int MAX_DECODER_KIB = 129 << 10;

  /** What the index of a file with {@link Block#MAX_COUNT} blocks takes, and a little more. */
  private static final int MAX_INDEX_KIB = 8 << 10;

  /** Enough for xz -6 and below, the default; more is found out from the first block. */
  private static final int FIRST_KIB = 24 << 10;

  private static final int MAX_KIB = MAX_DECODER_KIB + MAX_INDEX_KIB;

  private static final String INDEX = "xz index";
  private static final String STRUCTURE = "xz block";

  private final ByteSource compressed;
  private final Semaphore memory = new Semaphore(MAX_KIB, true);
  private final AtomicInteger needed = new AtomicInteger(FIRST_KIB);
  private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();

  /** A reader at rest, and what it was allowed to take. */
  private record Reader(SeekableXZInputStream stream, XzInput in, int kibibytes) {

    byte[] content(Block block) throws IOException {
      byte[] bytes = new byte[block.length()];
      stream.seek(block.start());
      for (int done = 0; done < bytes.length; ) {
        int count = stream.read(bytes, done, bytes.length - done);
        if (count < 0) {
          throw new EOFException("content ends early");
        }
        done += count;
      }
      return bytes;
    }
  }

  private XzBlocks(ByteSource compressed) {
    this.compressed = compressed;
  }

  /** The content, when there are several blocks and none is large. */
  static Optional<ByteSource> open(ByteSource compressed, String name) throws IOException {
    var in = new XzInput(compressed);
    try {
      @SuppressWarnings("resource") // the caller's source is all that it holds
      var index = new SeekableXZInputStream(in, MAX_INDEX_KIB);
      int count = index.getBlockCount();
      if (count < 2 || count > Block.MAX_COUNT || index.getLargestBlockSize() > Block.MAX_LENGTH) {
        return Optional.empty();
      }
      var blocks = new ArrayList<Block>(count);
      for (int i = 0; i < count; i++) {
        if (index.getBlockSize(i) > 0) {
          blocks.add(
              new Block(
                  index.getBlockPos(i),
                  (int) index.getBlockSize(i),
                  index.getBlockCompPos(i),
                  index.getBlockCompSize(i)));
        }
      }
      return source(compressed, name, blocks);
    } catch (MemoryLimitException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw in.refusal(INDEX, in.position(), e);
    }
  }

  private static Optional<ByteSource> source(
      ByteSource compressed, String name, List<Block> blocks) {
    return blocks.size() < 2
        ? Optional.empty()
        : Optional.of(new BlockSource(compressed, name, blocks, new XzBlocks(compressed)));
  }

  @Override
  public byte[] decode(Block block) throws IOException {
    while (true) {
      int kibibytes = needed.get();
      memory.acquireUninterruptibly(kibibytes);
      try {
        Optional<byte[]> bytes = decode(block, kibibytes);
        if (bytes.isPresent()) {
          return bytes.get();
        }
      } finally {
        memory.release(kibibytes);
      }
    }
  }

  /** The block's content, or empty when {@link #needed} was too low and now is not. */
  private Optional<byte[]> decode(Block block, int kibibytes) throws IOException {
    Reader reader = reader(kibibytes);
    try {
      byte[] bytes = reader.content(block);
      idle.add(reader);
      return Optional.of(bytes);
    } catch (MemoryLimitException e) {
      if (e.getMemoryNeeded() > MAX_KIB) {
        throw reader.in.refusal(STRUCTURE, block.offset(), e);
      }
      needed.accumulateAndGet(e.getMemoryNeeded(), Math::max);
      return Optional.empty();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw reader.in.refusal(STRUCTURE, block.offset(), e);
    }
  }

  private Reader reader(int kibibytes) throws IOException {
    for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
      if (reader.kibibytes >= kibibytes) {
        return reader;
      }
    }
    var in = new XzInput(compressed);
    try {
      return new Reader(new SeekableXZInputStream(in, kibibytes), in, kibibytes);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw in.refusal(INDEX, in.position(), e);
    }
  }
}
