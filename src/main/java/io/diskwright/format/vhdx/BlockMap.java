package io.diskwright.format.vhdx;

import io.diskwright.disk.Extent;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.PageCache;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Maps guest offsets to extents through the block allocation table. Safe for any thread. */
final class BlockMap {

  /** Entries looked at to make an extent longer. */
  private static final int MAX_RUN = 4096;

  /**
   * The same over a parent, which may answer with a short extent, so the rest is measured again.
   */
  private static final int MAX_RUN_OVER_PARENT = 64;

  private final ByteSource source;
  private final BlockAllocationTable table;
  private final SectorBitmaps bitmaps;
  private final long blockSize;
  private final int sectorSize;
  private final @Nullable VirtualDisk parent;

  /**
   * @param parent what a differencing image is laid over; null for the others
   */
  BlockMap(
      ByteSource source,
      BlockAllocationTable table,
      Metadata metadata,
      PageCache cache,
      @Nullable VirtualDisk parent) {
    this.source = source;
    this.table = table;
    this.bitmaps = new SectorBitmaps(source, cache);
    this.blockSize = metadata.parameters().blockSize();
    this.sectorSize = metadata.logicalSectorSize();
    this.parent = parent;
  }

  /** As {@link io.diskwright.disk.MappedDisk#mapAt}. */
  Extent mapAt(long offset, long limit) throws IOException {
    long block = offset / blockSize;
    PayloadState state = table.state(block);
    return switch (state) {
      case NOT_PRESENT -> below(offset, run(offset, limit, state));
      case UNDEFINED, UNMAPPED, UNMAPPED_0_95 ->
          new Extent.Zero(offset, run(offset, limit, state), false);
      case ZERO -> new Extent.Zero(offset, run(offset, limit, state), true);
      case FULLY_PRESENT ->
          new Extent.Data(
              offset, run(offset, limit, state), source, table.offset(block) + offset % blockSize);
      case PARTIALLY_PRESENT -> partial(offset, Math.min(limit, blockSize - offset % blockSize));
    };
  }

  private Extent partial(long offset, long limit) throws IOException {
    long block = offset / blockSize;
    long bitmap = table.bitmapOffset(block);
    long sector = offset / sectorSize % BlockAllocationTable.SECTORS_PER_BITMAP;
    long inSector = offset % sectorSize;
    long sectors = Math.ceilDiv(inSector + limit, sectorSize);
    long run = bitmaps.run(bitmap, sector, sectors) * sectorSize - inSector;
    long length = Math.min(limit, run);
    return bitmaps.isStored(bitmap, sector)
        ? new Extent.Data(offset, length, source, table.offset(block) + offset % blockSize)
        : below(offset, length);
  }

  /** What the parent has there; beyond its end, and without one, there is nothing. */
  private Extent below(long offset, long length) throws IOException {
    VirtualDisk disk = parent;
    return disk == null || offset >= disk.size()
        ? new Extent.Zero(offset, length, false)
        : disk.extentAt(offset, Math.min(length, disk.size() - offset));
  }

  /** The bytes from {@code offset} on in blocks of one state that, if stored, lie together. */
  private long run(long offset, long limit, PayloadState state) throws IOException {
    long block = offset / blockSize;
    long length = blockSize - offset % blockSize;
    int looks = parent == null ? MAX_RUN : MAX_RUN_OVER_PARENT;
    for (int i = 1; i < looks && length < limit; i++) {
      if (table.state(block + i) != state
          || state.stored() && table.offset(block + i) != table.offset(block) + i * blockSize) {
        break;
      }
      length += blockSize;
    }
    return Math.min(length, limit);
  }
}
