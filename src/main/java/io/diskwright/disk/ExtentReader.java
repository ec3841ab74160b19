package io.diskwright.disk;

import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Workspace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads extents for small reads: it keeps the last few decoded blocks, since a partition table or a
 * directory is read in many pieces of one cluster. Safe for any thread.
 */
final class ExtentReader implements Closeable {

  private static final int MAX_CACHED_BYTES = 4 << 20;

  private final ConcurrentLinkedQueue<Workspace> workspaces = new ConcurrentLinkedQueue<>();
  private final Map<Key, ByteBuffer> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long cachedBytes;

  /** Puts the whole extent into {@code target}. */
  void read(Extent extent, ByteBuffer target) throws IOException {
    int length = (int) extent.length();
    switch (extent) {
      case Extent.Zero zero -> {
        for (int i = 0; i < length; i++) {
          target.put((byte) 0);
        }
      }
      case Extent.Data data -> {
        int limit = target.limit();
        data.source().read(data.sourceOffset(), target.limit(target.position() + length));
        target.limit(limit);
      }
      case Extent.Encoded encoded -> target.put(block(encoded).slice(encoded.skip(), length));
    }
  }

  private ByteBuffer block(Extent.Encoded extent) throws IOException {
    var key = new Key(extent.source(), extent.sourceOffset(), extent.codec());
    synchronized (blocks) {
      ByteBuffer cached = blocks.get(key);
      if (cached != null) {
        return cached;
      }
    }
    ByteBuffer block = ByteBuffer.allocateDirect(extent.blockLength());
    Workspace workspace = workspaces.poll();
    if (workspace == null) {
      workspace = new Workspace();
    }
    try {
      extent
          .codec()
          .decode(extent.source(), extent.sourceOffset(), extent.encodedLength(), block, workspace);
    } finally {
      workspaces.add(workspace);
    }
    remember(key, block.flip());
    return block;
  }

  private void remember(Key key, ByteBuffer block) {
    synchronized (blocks) {
      if (blocks.put(key, block) == null) {
        cachedBytes += block.capacity();
      }
      var eldest = blocks.entrySet().iterator();
      while (cachedBytes > MAX_CACHED_BYTES && blocks.size() > 1) {
        cachedBytes -= eldest.next().getValue().capacity();
        eldest.remove();
      }
    }
  }

  @Override
  public void close() {
    workspaces.forEach(Workspace::close);
    workspaces.clear();
  }

  /** The codec counts too: one may know which block of the disk it has to find at the offset. */
  private record Key(ByteSource source, long offset, BlockCodec codec) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.source == source
          && key.offset == offset
          && key.codec.equals(codec);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(source) * 31 + Long.hashCode(offset);
    }
  }
}
