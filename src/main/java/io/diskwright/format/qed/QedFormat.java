package io.diskwright.format.qed;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.BackingFile;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.format.TableDirectory;
import io.diskwright.format.TwoLevelImage;
import io.diskwright.format.TwoLevelMap;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.PageCache;
import io.diskwright.io.Region;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** QED, with backing files. */
public final class QedFormat implements ImageFormat {

  @Override
  public String name() {
    return "qed";
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, QedHeader.MAGIC);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    try {
      QedHeader header =
          QedHeader.parse(
              source.view(QedHeader.NAME, 0, QedHeader.LENGTH, ByteOrder.LITTLE_ENDIAN));
      TableDirectory directory = directory(source, header, context.cache());
      MetadataMap metadata =
          directory.metadata(
              List.of(
                  new Region("header", 0, header.headerBytes()),
                  new Region("L1 table", header.l1TableOffset(), header.tableBytes())));
      Optional<String> name = header.backingFile(source);
      BackingFile backing =
          name.isEmpty()
              ? BackingFile.NONE
              : BackingFile.open(
                  context, name.get(), header.backingFilenameOffset(), header.backingFormat());
      var map =
          new TwoLevelMap(
              directory,
              header.shape(),
              context.cache(),
              ByteOrder.LITTLE_ENDIAN,
              new QedClusters(source, metadata),
              backing.disk());
      return new TwoLevelImage(source, map, backing, info(header, name, backing));
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static TableDirectory directory(ByteSource source, QedHeader header, PageCache cache)
      throws CorruptImage {
    long offset = header.l1TableOffset();
    if (offset < header.headerBytes()
        || offset % header.clusterSize() != 0
        || offset > source.size()
        || header.tableBytes() > source.size() - offset) {
      throw new CorruptImage(
          source.describe(),
          QedHeader.NAME + " l1_table_offset",
          QedHeader.L1_TABLE_OFFSET_AT,
          Fault.number(offset) + " for an L1 table of " + Fault.number(header.tableBytes()),
          "multiples of the cluster size "
              + header.clusterSize()
              + " behind the header's "
              + Fault.number(header.headerBytes())
              + " bytes, the whole table inside the file's "
              + Fault.number(source.size()));
    }
    long used = header.shape().l1EntriesFor(header.imageSize());
    var table =
        new EntryTable(
            cache, source, "L1 table", offset, used, Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    return new TableDirectory(source, table, used, header.tableBytes(), header.clusterSize());
  }

  private static ImageInfo info(QedHeader header, Optional<String> name, BackingFile backing) {
    var anomalies = new ArrayList<Anomaly>();
    if (header.needCheck()) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.DIRTY,
              "features",
              QedHeader.FEATURES_AT,
              "the need-check bit",
              "an image closed cleanly"));
    }
    anomalies.addAll(backing.anomalies());
    return new ImageInfo(
        "qed",
        "",
        header.imageSize(),
        OptionalLong.of(header.clusterSize()),
        Optional.empty(),
        List.of(),
        backing.files(),
        List.copyOf(anomalies),
        details(header, name));
  }

  private static Map<String, String> details(QedHeader header, Optional<String> name) {
    var details = new LinkedHashMap<String, String>();
    details.put("table size", header.tableSize() + " clusters");
    name.ifPresent(n -> details.put("backing file", Fault.printable(n)));
    name.flatMap(n -> header.backingFormat())
        .ifPresent(format -> details.put("backing format", format));
    return Collections.unmodifiableMap(details);
  }
}
