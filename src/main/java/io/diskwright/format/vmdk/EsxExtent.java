package io.diskwright.format.vmdk;

import io.diskwright.disk.Extent;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A vmfsSparse or seSparse extent. */
final class EsxExtent implements VmdkExtent {

  /** Empty directory entries looked at in one go. */
  private static final long MAX_SKIPPED = 1 << 14;

  private final ByteSource file;
  private final EsxHeader header;
  private final long length;
  private final PageCache cache;
  private final GrainPlaces places;
  private final EntryTable directory;
  private volatile @Nullable Loaded last;

  private record Loaded(long index, EntryTable table) {}

  /**
   * @param file the caller's to close
   * @param length bytes of the disk it holds, within the header's capacity
   * @throws CorruptImage when the grain directory is not inside the file
   */
  EsxExtent(ByteSource file, EsxHeader header, long length, PageCache cache) throws CorruptImage {
    this.file = file;
    this.header = header;
    this.length = length;
    this.cache = cache;
    this.places = new GrainPlaces(file, header.grainSize(), header::grainSector);
    this.directory =
        entries("grain directory", header.directorySector(), header.directoryEntries());
  }

  private EntryTable entries(String structure, long sector, long count) throws CorruptImage {
    return new EntryTable(
        cache,
        file,
        structure,
        Sectors.toBytes(sector),
        count,
        header.entrySize(),
        ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public OptionalLong grainBytes() {
    return OptionalLong.of(header.grainBytes());
  }

  @Override
  public Extent mapAt(long start, long offset, long limit) throws IOException {
    long grain = offset / header.grainBytes();
    long tableIndex = grain / header.tableEntries();
    EntryTable table = table(tableIndex);
    if (table == null) {
      long next = tableIndex + emptyFrom(tableIndex);
      return new Extent.Zero(start, end(next * header.tableEntries()) - offset, false);
    }
    int index = (int) (grain % header.tableEntries());
    long sector = sector(table, index);
    boolean stored = sector != EsxHeader.UNALLOCATED && sector != EsxHeader.ZEROED;
    long step = stored ? header.grainSize() : 0;
    long wanted = (offset + limit - 1) / header.grainBytes() - grain + 1;
    long most = Math.min(table.count() - index, stored ? wanted : table.count());
    long grains = 1;
    while (grains < most && sector(table, index + (int) grains) == sector + grains * step) {
      grains++;
    }
    long bytes = end(grain + grains) - offset;
    if (!stored) {
      return new Extent.Zero(start, bytes, sector == EsxHeader.ZEROED);
    }
    long skip = offset % header.grainBytes();
    requireInside(table, index, sector, skip + bytes);
    return new Extent.Data(start, bytes, file, Sectors.toBytes(sector) + skip);
  }

  /** Where a grain starts, or the extent ends. */
  private long end(long grain) {
    return Math.min(grain * header.grainBytes(), length);
  }

  private long emptyFrom(long index) throws IOException {
    long end = Math.min(directory.count(), index + MAX_SKIPPED);
    long next = index;
    while (next < end && directory.get(next) == 0) {
      next++;
    }
    return next - index;
  }

  private @Nullable EntryTable table(long index) throws IOException {
    Loaded loaded = last;
    if (loaded != null && loaded.index == index) {
      return loaded.table;
    }
    long entry = directory.get(index);
    long sector = header.tableSector(entry);
    if (sector == 0) {
      return null;
    }
    long count = Math.min(header.tableEntries(), header.grains() - index * header.tableEntries());
    if (sector == EsxHeader.UNKNOWN
        || header.isMetadata(sector, Sectors.up(count * header.entrySize()))) {
      throw refused("grain directory entry", directory.entryOffset(index), entry);
    }
    EntryTable table = entries("grain table", sector, count);
    places.take(index, table);
    last = new Loaded(index, table);
    return table;
  }

  private long sector(EntryTable table, int index) throws IOException {
    long entry = table.get(index);
    long sector = header.grainSector(entry);
    if (sector == EsxHeader.UNKNOWN) {
      throw refused("grain table entry", table.entryOffset(index), entry);
    }
    return sector;
  }

  private void requireInside(EntryTable table, int index, long sector, long bytes)
      throws IOException {
    long tableSector = table.entryOffset(0) / Sectors.SIZE;
    long tableEnd = tableSector + Sectors.up(table.count() * header.entrySize());
    long sectors = Sectors.up(bytes);
    if (header.isMetadata(sector, sectors) || sector < tableEnd && tableSector < sector + sectors) {
      throw refused("grain table entry", table.entryOffset(index), table.get(index));
    }
    long offset = Sectors.toBytes(sector);
    if (offset > file.size() || bytes > file.size() - offset) {
      throw new CorruptImage(
          file.describe(),
          "grain table entry",
          table.entryOffset(index),
          "sector " + Fault.number(sector) + ", a grain past the end",
          "inside the file's " + Fault.number(file.size()) + " bytes",
          "The file is truncated or damaged; copy or download it again");
    }
  }

  private CorruptImage refused(String structure, long at, long entry) {
    return new CorruptImage(
        file.describe(),
        structure,
        at,
        Fault.number(entry) + ", of an unknown kind or among the metadata",
        "sectors of their own, or a kind of emptiness");
  }
}
