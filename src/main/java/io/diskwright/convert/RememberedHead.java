package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentReader;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keeps the first MiB of a disk that comes once and goes out at once, so that its partition table
 * can be judged when its size is known. What lies behind is gone: reading it is a refusal. For one
 * thread at a time.
 */
final class RememberedHead {

  private static final int LENGTH = 1 << 20;
  private static final int[] GPT_HEADERS = {512, 4096};
  private static final byte[] GPT = "EFI PART".getBytes(StandardCharsets.ISO_8859_1);

  private final String name;
  private final byte[] bytes = new byte[LENGTH];

  RememberedHead(String name) {
    this.name = name;
  }

  /** The same extents, remembered on their way as far as they lie in the head. */
  Batches.Extents watch(Batches.Extents extents) {
    return () -> {
      Extent extent = extents.next();
      if (extent != null && extent.start() < LENGTH) {
        remember(extent);
      }
      return extent;
    };
  }

  private void remember(Extent extent) throws IOException {
    int start = (int) extent.start();
    Extent head = extent.head(Math.min(extent.length(), LENGTH - start));
    try (var reader = new ExtentReader(false)) {
      reader.read(head, ByteBuffer.wrap(bytes, start, (int) head.length()));
    }
  }

  /** Whether what came so far shows a GUID partition table. */
  boolean hasGpt() {
    for (int at : GPT_HEADERS) {
      if (ByteBuffer.wrap(bytes, at, GPT.length).mismatch(ByteBuffer.wrap(GPT)) < 0) {
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
      if (offset >= LENGTH) {
        throw new UnsupportedFeature(
            name,
            "partition table",
            offset,
            "a part of it behind the first MiB, which has already been written",
            "a partition table in the first MiB, when one stream is turned into another",
            "Name a file as SOURCE or as TARGET, or keep the disk's size with --size keep");
      }
      return new Extent.Data(offset, Math.min(limit, LENGTH - offset), source, offset);
    }

    @Override
    protected void closeFiles() {}
  }
}
