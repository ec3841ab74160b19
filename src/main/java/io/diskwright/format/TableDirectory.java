package io.diskwright.format;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.Region;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The first level of a map in two levels: where each L2 table lies. Entries are checked as they are
 * read.
 *
 * @param entries the L1 table: offsets in bytes, 0 for no L2 table
 * @param used entries that the virtual size needs
 * @param tableLength bytes of an L2 table
 * @param alignment what offsets are multiples of, in bytes, at least 8
 */
public record TableDirectory(
    ByteSource source, EntryTable entries, long used, long tableLength, long alignment) {

  /**
   * Where the L2 table of an entry lies, in bytes; 0 when it has none.
   *
   * @param index from 0 to below {@link #used}
   * @throws CorruptImage when it is not aligned or not inside the file
   */
  public long tableOffset(long index) throws IOException {
    long offset = entries.get(index);
    if (offset == 0) {
      return 0;
    }
    if (offset < 0
        || offset % alignment != 0
        || offset > source.size()
        || tableLength > source.size() - offset) {
      throw corrupt(
          index,
          "L2 table offset " + Fault.number(offset),
          "multiples of "
              + alignment
              + ", the table's "
              + Fault.number(tableLength)
              + " bytes inside the file's "
              + Fault.number(source.size()));
    }
    return offset;
  }

  /**
   * Checks every used entry.
   *
   * @param regions the other metadata of the image
   * @return all of its metadata
   * @throws CorruptImage when two pieces of metadata share space
   */
  public MetadataMap metadata(List<Region> regions) throws IOException {
    var builder = new MetadataMap.Builder(source, regions, tableLength, "L2 table");
    for (long i = 0; i < used; i++) {
      long offset = tableOffset(i);
      if (offset != 0) {
        Optional<Region> region = builder.overlapping(offset, tableLength);
        if (region.isPresent()) {
          throw corrupt(
              i,
              "L2 table offset " + Fault.number(offset) + ", inside the " + region.get().name(),
              "space of its own");
        }
        builder.add(0, offset);
      }
    }
    return builder.build();
  }

  private CorruptImage corrupt(long index, String found, String allowed) {
    return new CorruptImage(
        source.describe(), "L1 entry", entries.entryOffset(index), found, allowed);
  }
}
