package io.diskwright.format.qcow;

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
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.PageCache;
import io.diskwright.io.Region;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * qcow, version 1: what Xen and the first qemu wrote, with backing files and compressed clusters.
 * Encrypted images are refused.
 */
public final class QcowFormat implements ImageFormat {

  /** 128 MiB of them: 32 TiB of disk as qemu-img makes images. */
  private static final long MAX_L1_ENTRIES = 1 << 24;

  private static final int SECTOR = 512;

  @Override
  public String name() {
    return "qcow";
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, QcowHeader.MAGIC_AND_VERSION);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    try {
      QcowHeader header =
          QcowHeader.parse(
              source.view(QcowHeader.NAME, 0, QcowHeader.LENGTH, ByteOrder.BIG_ENDIAN));
      TableDirectory directory = directory(source, header, context.cache());
      MetadataMap metadata = directory.metadata(regions(header, directory));
      Optional<String> name = header.backingFile(source);
      // The format has no field for the backing file's, so that is recognised by its content.
      BackingFile backing =
          name.isEmpty()
              ? BackingFile.NONE
              : BackingFile.open(context, name.get(), header.backingFileOffset(), Optional.empty());
      var map =
          new TwoLevelMap(
              directory,
              header.shape(),
              context.cache(),
              ByteOrder.BIG_ENDIAN,
              new QcowClusters(source, metadata),
              backing.disk());
      return new TwoLevelImage(source, map, backing, info(header, name, backing));
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The L1 table, whose length follows from the disk's size. */
  private static TableDirectory directory(ByteSource source, QcowHeader header, PageCache cache)
      throws ImageException {
    long entries = header.shape().l1EntriesFor(header.size());
    if (entries > MAX_L1_ENTRIES) {
      throw new LimitExceeded(
          source.describe(),
          QcowHeader.NAME + " size",
          QcowHeader.SIZE_AT,
          Fault.number(header.size()) + ", for which the L1 table has " + entries + " entries",
          "up to " + Fault.number(MAX_L1_ENTRIES) + " entries");
    }
    long offset = header.l1TableOffset();
    if (offset > source.size() || entries * Long.BYTES > source.size() - offset) {
      throw new CorruptImage(
          source.describe(),
          QcowHeader.NAME + " l1_table_offset",
          QcowHeader.L1_TABLE_OFFSET_AT,
          Fault.number(offset) + " for an L1 table of " + Fault.number(entries) + " entries",
          "the whole table inside the file's " + Fault.number(source.size()) + " bytes");
    }
    var table =
        new EntryTable(
            cache, source, "L1 table", offset, entries, Long.BYTES, ByteOrder.BIG_ENDIAN);
    return new TableDirectory(source, table, entries, header.shape().tableLength(), SECTOR);
  }

  private static List<Region> regions(QcowHeader header, TableDirectory directory) {
    return List.of(
        new Region("header", 0, QcowHeader.LENGTH),
        new Region("backing file name", header.backingFileOffset(), header.backingFileSize()),
        new Region("L1 table", header.l1TableOffset(), directory.used() * Long.BYTES));
  }

  private static ImageInfo info(QcowHeader header, Optional<String> name, BackingFile backing) {
    return new ImageInfo(
        "qcow",
        "v1",
        header.size(),
        OptionalLong.of(header.shape().clusterSize()),
        Optional.empty(),
        List.of(),
        backing.files(),
        backing.anomalies(),
        name.map(n -> Map.of("backing file", Fault.printable(n))).orElse(Map.of()));
  }
}
