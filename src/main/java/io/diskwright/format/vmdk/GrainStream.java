package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A stream-optimized disk, its grains in the order of the file. */
final class GrainStream implements ForwardDisk {

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private final ForwardSource source;
  private final SparseHeader header;
  private final ImageDetails details;
  private final StreamTables tables;
  private final SeenGrains seen;
  private final List<Anomaly> anomalies = new ArrayList<>();
  private boolean begun;
  private boolean ended;

  /**
   * @param source closed with the disk; nothing is taken from it yet
   * @param leading whether the grain directory is in front of the grains
   */
  GrainStream(ForwardSource source, SparseHeader header, EmbeddedDisk disk, boolean leading) {
    this.source = source;
    this.header = header;
    this.details =
        new ImageDetails(
            disk.descriptor(),
            disk.createType(),
            Sectors.toBytes(header.capacity()),
            1,
            OptionalLong.of(header.grainBytes()),
            Optional.of(header));
    this.tables =
        leading ? new LeadingTables(source, header) : new TrailingTables(source, header, anomalies);
    this.seen = new SeenGrains(header.numGTEsPerGT());
    SparseExtent.noteUnclean(header, anomalies);
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(details.size());
  }

  @Override
  public ImageInfo info() {
    return details.info(List.of(), anomalies);
  }

  @Override
  public @Nullable Extent next() throws IOException {
    if (!begun) {
      begun = true;
      tables.begin();
    }
    while (!ended) {
      long at = source.position();
      ByteBuffer sector = ByteBuffer.allocate(Sectors.SIZE);
      source.read(sector.limit(GrainMarker.LENGTH));
      if (sector.position() == 0) {
        ended = true;
        tables.end(seen);
      } else if (sector.position() == GrainMarker.LENGTH
          && sector.getInt(GrainMarker.SIZE_AT) != 0) {
        tables.requireGrains(at);
        return grain(at, sector.array());
      } else {
        source.read(sector.limit(Sectors.SIZE));
        takeMarker(at, sector);
      }
    }
    return null;
  }

  private void takeMarker(long at, ByteBuffer sector) throws IOException {
    int length = sector.position();
    var view = new ByteView(sector.clear(), ORDER, source.describe(), "stream marker", at);
    boolean zero = view.isZero(0, Sectors.SIZE);
    if (length == Sectors.SIZE) {
      tables.take(StreamMarker.parse(view), zero);
    } else if (!zero) {
      throw truncated("stream marker", at, length, Sectors.SIZE);
    }
  }

  private Extent grain(long at, byte[] start) throws IOException {
    var view =
        new ByteView(
            ByteBuffer.wrap(start, 0, GrainMarker.LENGTH), ORDER, source.describe(), "grain", at);
    GrainMarker marker = GrainMarker.parse(view);
    long lba = marker.lba();
    if (lba < 0 || lba >= header.capacity() || lba % header.grainSize() != 0) {
      throw view.corrupt(
          "marker lba",
          0,
          "sector " + Fault.number(lba),
          "multiples of the grain's "
              + header.grainSize()
              + " sectors, below the capacity "
              + Fault.number(header.capacity()));
    }
    int most = header.maxEncoded() - GrainMarker.LENGTH;
    if (marker.size() > most) {
      throw view.corrupt(
          "marker size",
          GrainMarker.SIZE_AT,
          Fault.number(marker.size()) + " bytes",
          "1 to " + Fault.number(most));
    }
    if (!seen.add(lba / header.grainSize(), at / Sectors.SIZE)) {
      throw view.corrupt(
          "marker lba", 0, "sector " + Fault.number(lba) + " again", "each grain once");
    }
    return extent(at, lba, read(at, view, (int) marker.size()));
  }

  /** The marker and the bytes behind it; also takes the rest of the last sector. */
  private byte[] read(long at, ByteView marker, int size) throws IOException {
    ByteBuffer encoded = ByteBuffer.allocate(GrainMarker.LENGTH + size);
    encoded.put(marker.bytes(0, GrainMarker.LENGTH));
    source.read(encoded);
    if (encoded.hasRemaining()) {
      throw truncated("grain", at, encoded.position(), encoded.capacity());
    }
    long rest = Sectors.toBytes(Sectors.up(encoded.capacity())) - encoded.capacity();
    source.read(ByteBuffer.allocate((int) rest)); // a file may end with the last grain's data
    return encoded.array();
  }

  private Extent extent(long at, long lba, byte[] encoded) {
    long start = Sectors.toBytes(lba);
    int visible = (int) Math.min(header.grainBytes(), details.size() - start);
    return new Extent.Encoded(
        start,
        visible,
        new MemorySource(
            String.format(Locale.ROOT, "%s[grain at offset 0x%x]", source.describe(), at), encoded),
        0,
        encoded.length,
        new GrainCodec(lba, header.grainBytes(), visible),
        visible,
        0);
  }

  private CorruptImage truncated(String structure, long at, int found, int wanted) {
    return new CorruptImage(
        source.describe(),
        structure,
        at,
        Fault.number(found) + " bytes, then the end",
        Fault.number(wanted) + " bytes",
        "The file is truncated or damaged; copy or download it again");
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
