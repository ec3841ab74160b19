package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Extent;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A hosted sparse extent: grains found through a directory of tables, plain or compressed. */
final class SparseExtent implements VmdkExtent {

  /** The entry of a grain of zeros, where the header's flags say that there are such. */
  static final long ZEROED = 1;

  private final ByteSource file;
  private final SparseHeader header;
  private final GrainDirectory directory;
  private final List<Anomaly> anomalies;

  private SparseExtent(
      ByteSource file, SparseHeader header, GrainDirectory directory, List<Anomaly> anomalies) {
    this.file = file;
    this.header = header;
    this.directory = directory;
    this.anomalies = List.copyOf(anomalies);
  }

  /**
   * Opens the extent that a file holds.
   *
   * @param file the caller's to close
   * @param front the header at its start
   */
  static SparseExtent open(ByteSource file, SparseHeader front, PageCache cache)
      throws IOException {
    var anomalies = new ArrayList<Anomaly>();
    SparseHeader header =
        front.directoryAtEnd() ? StreamFooter.read(file, front, anomalies) : front;
    header.requireInside(file);
    noteUnclean(front, anomalies);
    GrainDirectory directory = GrainDirectory.primary(file, cache, header);
    directory.compareWithCopy().ifPresent(anomalies::add);
    return new SparseExtent(file, header, directory, anomalies);
  }

  /** Notes that the last writer did not close the extent. */
  static void noteUnclean(SparseHeader front, List<Anomaly> anomalies) {
    if (front.uncleanShutdown()) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.DIRTY,
              "sparse extent header uncleanShutdown",
              front.uncleanShutdownAt(),
              "1",
              "0"));
    }
  }

  /** The header in force: the footer's, in a stream that has one. */
  SparseHeader header() {
    return header;
  }

  /** What is odd about it. */
  List<Anomaly> anomalies() {
    return anomalies;
  }

  @Override
  public long length() {
    return Sectors.toBytes(header.capacity());
  }

  @Override
  public OptionalLong grainBytes() {
    return OptionalLong.of(header.grainBytes());
  }

  @Override
  public Extent mapAt(long start, long offset, long limit) throws IOException {
    long grain = offset / header.grainBytes();
    long tableIndex = grain / directory.tableEntries();
    EntryTable table = directory.table(tableIndex);
    if (table == null) {
      long next = tableIndex + directory.emptyFrom(tableIndex);
      long end = clip(next * directory.tableEntries() * header.grainBytes());
      return new Extent.Zero(start, end - offset, false);
    }
    int index = (int) (grain % directory.tableEntries());
    long entry = table.get(index);
    if (entry == 0 || entry == ZEROED && header.zeroedGrains()) {
      long end = clip((grain + repeated(table, index, entry)) * header.grainBytes());
      return new Extent.Zero(start, end - offset, entry == ZEROED);
    }
    int skip = (int) (offset % header.grainBytes());
    return header.compressed()
        ? encoded(start, grain, skip, table, index)
        : data(start, grain, skip, table, index, limit);
  }

  private long clip(long end) {
    return Math.min(end, length());
  }

  private static long repeated(EntryTable table, int index, long entry) throws IOException {
    long next = index + 1L;
    while (next < table.count() && table.get(next) == entry) {
      next++;
    }
    return next - index;
  }

  private Extent data(long start, long grain, int skip, EntryTable table, int index, long limit)
      throws IOException {
    long entry = table.get(index);
    long wanted = (limit + skip + header.grainBytes() - 1) / header.grainBytes();
    long last = Math.min(table.count(), index + wanted);
    long grains = 1;
    while (index + grains < last
        && table.get(index + grains) == entry + grains * header.grainSize()) {
      grains++;
    }
    long from = grain * header.grainBytes();
    long bytes = clip(from + grains * header.grainBytes()) - from;
    directory.requireGrain(table, index, entry, Sectors.up(bytes));
    requireInside(table, index, entry, bytes);
    return new Extent.Data(start, bytes - skip, file, Sectors.toBytes(entry) + skip);
  }

  private Extent encoded(long start, long grain, int skip, EntryTable table, int index)
      throws IOException {
    long entry = table.get(index);
    directory.requireGrain(table, index, entry, 1);
    requireInside(table, index, entry, GrainMarker.LENGTH);
    long offset = Sectors.toBytes(entry);
    long room = Math.min(header.maxEncoded(), file.size() - offset);
    long next = nextGrain(table, index);
    if (next > entry) {
      // Grains do not overlap, so the next one in the table bounds this one: one read gets it all.
      room = Math.min(room, Sectors.toBytes(next - entry));
    }
    long from = grain * header.grainBytes();
    int visible = (int) (clip(from + header.grainBytes()) - from);
    return new Extent.Encoded(
        start,
        visible - skip,
        file,
        offset,
        (int) room,
        new GrainCodec(grain * header.grainSize(), header.grainBytes(), visible),
        visible,
        skip);
  }

  /** The next grain's sector in this table, or 0. */
  private long nextGrain(EntryTable table, int index) throws IOException {
    for (long i = index + 1L; i < table.count(); i++) {
      long entry = table.get(i);
      if (entry > ZEROED) {
        return entry;
      }
    }
    return 0;
  }

  private void requireInside(EntryTable table, int index, long sector, long bytes)
      throws CorruptImage {
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
}
