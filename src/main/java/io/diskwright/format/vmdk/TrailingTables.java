package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tables between the grains and the directory behind them, as VMware writes them: everything is
 * announced by a marker, and the footer and the end-of-stream marker close the stream.
 */
final class TrailingTables implements StreamTables {

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Tables more than the disk needs; some writers add one. */
  private static final int MAX_SPARE = 64;

  private static final String DIRECTORY = "grain directory";
  private static final String END = "end-of-stream marker";

  private final ForwardSource source;
  private final SparseHeader header;
  private final List<Anomaly> anomalies;
  private final Map<Long, Table> tables = new HashMap<>();
  private @Nullable ByteView directory;
  private boolean footer;
  private long endOfStream = -1;

  private record Table(TableSum sum, int entries) {}

  /**
   * @param anomalies receives what is odd
   */
  TrailingTables(ForwardSource source, SparseHeader header, List<Anomaly> anomalies) {
    this.source = source;
    this.header = header;
    this.anomalies = anomalies;
  }

  @Override
  public void begin() throws IOException {
    source.skip("overHead", Sectors.toBytes(header.overHead()) - source.position());
  }

  @Override
  public void requireGrains(long at) throws CorruptImage {
    if (directory != null) {
      throw new CorruptImage(
          source.describe(),
          "grain marker",
          at,
          "a grain behind the grain directory",
          "the footer and the end-of-stream marker");
    }
  }

  @Override
  public void take(StreamMarker marker, boolean zero) throws IOException {
    if (endOfStream >= 0) {
      if (!zero) {
        throw marker.corrupt(source.describe(), "nothing but zeros after the end of the stream");
      }
    } else if (marker.type() == StreamMarker.EOS && directory != null) {
      marker.require(source.describe(), END, StreamMarker.EOS, 0);
      endOfStream = source.position();
    } else if (marker.type() == StreamMarker.FOOTER && directory != null && !footer) {
      takeFooter(marker);
    } else if (marker.type() == StreamMarker.GRAIN_TABLE && directory == null) {
      takeTable(marker);
    } else if (marker.type() == StreamMarker.GRAIN_DIRECTORY && directory == null) {
      takeDirectory(marker);
    } else if (!marker.isProgress()) {
      throw marker.corrupt(
          source.describe(),
          directory == null
              ? "a grain, its table or the directory"
              : footer ? "the end of the stream" : "the footer");
    }
  }

  private void takeTable(StreamMarker marker) throws IOException {
    int most = header.numGTEsPerGT() * Integer.BYTES / Sectors.SIZE;
    long tablesAtMost = header.directoryEntries() + MAX_SPARE;
    if (marker.val() < 1 || marker.val() > most || tables.size() == tablesAtMost) {
      throw marker.corrupt(
          source.describe(),
          "1 to " + most + " sectors of one of up to " + tablesAtMost + " tables");
    }
    long sector = source.position() / Sectors.SIZE;
    int length = (int) Sectors.toBytes(marker.val());
    int entries = length / Integer.BYTES;
    ByteView view = source.view("grain table", length, ORDER);
    tables.put(sector, new Table(TableSum.of(view, entries, header.zeroedGrains()), entries));
  }

  private void takeDirectory(StreamMarker marker) throws IOException {
    int length = (int) header.directoryEntries() * Integer.BYTES;
    long sectors = Sectors.up(length);
    if (marker.val() < sectors || marker.val() > Sectors.MAX) {
      throw marker.corrupt(source.describe(), sectors + " sectors, the directory's length");
    }
    ByteView view = source.view(DIRECTORY, length, ORDER);
    source.skip(DIRECTORY, Sectors.toBytes(marker.val()) - length);
    if (!header.directoryAtEnd()) {
      requirePlace(view, header, "sparse extent header");
    }
    directory = view;
  }

  private void takeFooter(StreamMarker marker) throws IOException {
    marker.require(source.describe(), "footer marker", StreamMarker.FOOTER, 1);
    SparseHeader last = SparseHeader.parse(source.view("stream footer", SparseHeader.SIZE, ORDER));
    StreamFooter.requireSame(source.describe(), header, last);
    if (directory != null) {
      requirePlace(directory, last, "stream footer");
    }
    footer = true;
  }

  private void requirePlace(ByteView view, SparseHeader says, String structure)
      throws CorruptImage {
    if (says.gdOffset() != view.offset() / Sectors.SIZE) {
      throw new CorruptImage(
          source.describe(),
          structure + " gdOffset",
          says.gdOffsetAt(),
          "sector " + Fault.number(says.gdOffset()),
          "sector " + Fault.number(view.offset() / Sectors.SIZE) + ", where the directory came");
    }
  }

  @Override
  public void end(SeenGrains seen) throws CorruptImage {
    ByteView entries = directory;
    if (entries == null) {
      throw truncated(DIRECTORY);
    }
    if (!footer && header.directoryAtEnd()) {
      throw truncated("stream footer");
    }
    if (endOfStream < 0) {
      throw truncated(END);
    }
    for (int i = 0; i < header.directoryEntries(); i++) {
      long sector = entries.u32(i * Integer.BYTES);
      StreamTables.requireSame(
          source.describe(),
          header,
          i,
          Sectors.toBytes(sector),
          sector == 0 ? TableSum.EMPTY : table(entries, i, sector),
          seen.sum(i));
    }
    if (source.position() > endOfStream && header.directoryAtEnd()) {
      anomalies.add(StreamFooter.padding(endOfStream, source.position()));
    }
  }

  private TableSum table(ByteView view, int index, long sector) throws CorruptImage {
    Table table = tables.get(sector);
    if (table == null || table.entries < header.tableLength(index)) {
      throw view.corrupt(
          "entry",
          index * Integer.BYTES,
          "sector " + Fault.number(sector),
          "where a grain table came that is long enough");
    }
    return table.sum;
  }

  private CorruptImage truncated(String missing) {
    return new CorruptImage(
        source.describe(),
        missing,
        source.position(),
        "the end of the file",
        "a stream that ends with its tables, directory, footer and end-of-stream marker",
        "The file is truncated; download or export it again");
  }
}
