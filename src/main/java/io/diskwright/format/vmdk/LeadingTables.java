package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Directory and tables in front of the grains, as qemu writes them: they promise the grains. After
 * the last one there is nothing but zeros.
 */
final class LeadingTables implements StreamTables {

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final int INDEX_BITS = 24;

  private final ForwardSource source;
  private final SparseHeader header;
  private final TableSum[] sums;
  private final long[] sectors;

  /**
   * @param header its directory lies behind the descriptor, and has fewer than 2^24 entries
   */
  LeadingTables(ForwardSource source, SparseHeader header) {
    this.source = source;
    this.header = header;
    this.sums = new TableSum[(int) header.directoryEntries()];
    this.sectors = new long[sums.length];
  }

  @Override
  public void begin() throws IOException {
    Arrays.fill(sums, TableSum.EMPTY);
    goTo("grain directory", header.gdOffset());
    ByteView directory = source.view("grain directory", sums.length * Integer.BYTES, ORDER);
    long[] order = new long[sums.length];
    int tables = 0;
    for (int i = 0; i < sums.length; i++) {
      sectors[i] = directory.u32(i * Integer.BYTES);
      if (sectors[i] != 0) {
        order[tables++] = sectors[i] << INDEX_BITS | i;
      }
    }
    Arrays.sort(order, 0, tables);
    int before = -1;
    for (int i = 0; i < tables; i++) {
      int index = (int) (order[i] & (1 << INDEX_BITS) - 1);
      if (before >= 0 && sectors[before] == sectors[index]) {
        sums[index] = sums[before]; // empty, or the grains will not agree with one of the two
      } else {
        sums[index] = table(directory, index);
      }
      before = index;
    }
    goTo("overHead", header.overHead());
  }

  private TableSum table(ByteView directory, int index) throws IOException {
    int count = header.tableLength(index);
    long at = Sectors.toBytes(sectors[index]);
    if (at < source.position() || count * Integer.BYTES > Sectors.toBytes(header.overHead()) - at) {
      throw directory.corrupt(
          "entry",
          index * Integer.BYTES,
          "sector " + Fault.number(sectors[index]),
          "a grain table of its own, between the directory and the grains");
    }
    goTo("grain table", sectors[index]);
    return TableSum.of(
        source.view("grain table", count * Integer.BYTES, ORDER), count, header.zeroedGrains());
  }

  private void goTo(String structure, long sector) throws IOException {
    source.skip(structure, Sectors.toBytes(sector) - source.position());
  }

  @Override
  public void requireGrains(long at) {}

  @Override
  public void take(StreamMarker marker, boolean zero) throws IOException {
    if (!zero && !marker.isProgress()) {
      throw marker.corrupt(source.describe(), "a grain, or zeros, since the directory is in front");
    }
  }

  @Override
  public void end(SeenGrains seen) throws CorruptImage {
    for (int i = 0; i < sums.length; i++) {
      StreamTables.requireSame(
          source.describe(), header, i, Sectors.toBytes(sectors[i]), sums[i], seen.sum(i));
    }
  }
}
