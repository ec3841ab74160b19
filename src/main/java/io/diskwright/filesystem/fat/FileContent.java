package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file, read in runs of contiguous clusters.
 *
 * @param size bytes, not more than the chain has
 */
record FileContent(ByteSource volume, BootSector boot, ClusterChain chain, long number, long size)
    implements ByteSource {

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("content", offset, target.remaining());
    long position = offset;
    int limit = target.limit();
    try {
      while (target.position() < limit) {
        ClusterChain.Place place = chain.locate(position);
        int length = (int) Math.min(limit - target.position(), place.left());
        target.limit(target.position() + length);
        volume.read(place(place), target);
        position += length;
      }
    } finally {
      target.limit(limit);
    }
  }

  private long place(ClusterChain.Place place) {
    return boot.clusterOffset(place.cluster()) + place.within();
  }

  @Override
  public String describe() {
    return volume.describe() + "[file " + number + "]";
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("content", offset, 1);
    ClusterChain.Place place = chain.locate(offset);
    return volume.runAt(place(place), Math.min(length, Math.min(place.left(), size - offset)));
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    if (offset < 0 || length < 1 || offset >= size || length > size - offset) {
      return null;
    }
    ClusterChain.Place place = chain.locate(offset);
    return length > place.left() ? null : volume.fileRange(place(place), length);
  }
}
