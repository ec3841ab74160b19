package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentReader;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first MiB and the last 64 KiB of a disk that comes once and goes out at once, so that
 * its partition table can be judged when its size is known. What lies between is gone: reading it
 * is a refusal. For one thread at a time.
 */
final class RememberedEnds {

  private static final int LENGTH = 1 << 20;
  private static final int TABLES = 1 << 16;
  private static final int TAIL = 1 << 16;
  private static final int[] GPT_HEADERS = {512, 4096};
  private static final byte[] GPT = "EFI PART".getBytes(StandardCharsets.ISO_8859_1);
  private static final int MBR_ENTRIES = 446;
  private static final int MBR_ENTRY = 16;
  private static final int MBR_TYPE = 4;

  /** Extended partitions, whose tables lie in them, and the protective one of a GPT. */
  private static final Set<Integer> CHAINED = Set.of(0x05, 0x0f, 0x85, 0xee);

  private final String name;
  private final Batches.Extents source;
  private final Deque<Extent> ahead = new ArrayDeque<>();
  private final byte[] bytes = new byte[LENGTH];

  /** The last extents so far, which reach back by {@link #TAIL} at least. */
  private final Deque<Extent> last = new ArrayDeque<>();

  private RememberedEnds(String name, Batches.Extents source) {
    this.name = name;
    this.source = source;
  }

  /** Reads ahead as far as partition tables begin; nothing is lost, {@link #next} gives it all. */
  static RememberedEnds of(String name, Batches.Extents source) throws IOException {
    var head = new RememberedEnds(name, source);
    long end = 0;
    while (end < TABLES) {
      Extent extent = head.read();
      if (extent == null) {
        break;
      }
      head.ahead.add(extent);
      end = extent.end();
    }
    return head;
  }

  /** The next extent of the disk, or null at its end. */
  @Nullable Extent next() throws IOException {
    Extent first = ahead.poll();
    return first != null ? first : read();
  }

  private @Nullable Extent read() throws IOException {
    Extent extent = source.next();
    if (extent != null && extent.start() < LENGTH) {
      remember(extent);
    }
    if (extent != null) {
      last.addLast(extent);
      while (last.getFirst().end() < extent.end() - TAIL) {
        last.removeFirst();
      }
    }
    return extent;
  }

  private void remember(Extent extent) throws IOException {
    int start = (int) extent.start();
    Extent head = extent.head(Math.min(extent.length(), LENGTH - start));
    try (var reader = new ExtentReader(false)) {
      reader.read(head, ByteBuffer.wrap(bytes, start, (int) head.length()));
    }
  }

  /** Whether the partition table goes on further behind, or must follow the disk's end. */
  boolean isPartOfTheTable() {
    for (int at : GPT_HEADERS) {
      if (ByteBuffer.wrap(bytes, at, GPT.length).mismatch(ByteBuffer.wrap(GPT)) < 0) {
        return true;
      }
    }
    for (int entry = 0; entry < 4; entry++) {
      if (CHAINED.contains(bytes[MBR_ENTRIES + entry * MBR_ENTRY + MBR_TYPE] & 0xff)) {
        return true;
      }
    }
    return false;
  }

  /** The disk, as far as it is remembered. */
  MappedDisk disk(long size) {
    return new Disk(size);
  }

  private final class Disk extends MappedDisk {

    private final MemorySource source = new MemorySource(name, bytes);
    private final long size;

    Disk(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public String describe() {
      return name;
    }

    @Override
    protected Extent mapAt(long offset, long limit) throws IOException {
      if (offset < LENGTH) {
        return new Extent.Data(offset, Math.min(limit, LENGTH - offset), source, offset);
      }
      if (offset < size - TAIL) {
        throw new UnsupportedFeature(
            name,
            "partition table",
            offset,
            "a part of it that has already been written",
            "a partition table in the first MiB, when one stream is turned into another",
            "Name a file as SOURCE or as TARGET, or keep the disk's size with --size keep");
      }
      for (Extent extent : last) {
        if (offset < extent.start()) {
          return new Extent.Zero(offset, extent.start() - offset, true);
        }
        if (offset < extent.end()) {
          return tail(extent, offset);
        }
      }
      return new Extent.Zero(offset, limit, true);
    }

    private static Extent tail(Extent extent, long offset) {
      long skip = offset - extent.start();
      return switch (extent) {
        case Extent.Data e ->
            new Extent.Data(offset, e.length() - skip, e.source(), e.sourceOffset() + skip);
        case Extent.Encoded e ->
            new Extent.Encoded(
                offset,
                e.length() - skip,
                e.source(),
                e.sourceOffset(),
                e.encodedLength(),
                e.codec(),
                e.blockLength(),
                e.skip() + (int) skip);
        case Extent.Zero e -> new Extent.Zero(offset, e.length() - skip, e.explicit());
      };
    }

    @Override
    protected void closeFiles() {}
  }
}
