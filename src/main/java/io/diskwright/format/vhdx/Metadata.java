package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The metadata items.
 *
 * @param virtualDiskSize bytes of the disk
 * @param virtualDiskId what the guest sees as the disk's identifier
 * @param logicalSectorSize bytes, 512 or 4096
 * @param physicalSectorSize bytes, 512 or 4096
 * @param parentLocator where a differencing image's parent is; empty for the others
 */
record Metadata(
    FileParameters parameters,
    long virtualDiskSize,
    UUID virtualDiskId,
    int logicalSectorSize,
    int physicalSectorSize,
    Optional<ParentLocator> parentLocator) {

  private static final UUID FILE_PARAMETERS =
      UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  private static final UUID VIRTUAL_DISK_SIZE =
      UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  private static final UUID VIRTUAL_DISK_ID =
      UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
  private static final UUID LOGICAL_SECTOR_SIZE =
      UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
  private static final UUID PHYSICAL_SECTOR_SIZE =
      UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
  private static final UUID PARENT_LOCATOR =
      UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");

  private static final Set<UUID> KNOWN =
      Set.of(
          FILE_PARAMETERS,
          VIRTUAL_DISK_SIZE,
          VIRTUAL_DISK_ID,
          LOGICAL_SECTOR_SIZE,
          PHYSICAL_SECTOR_SIZE,
          PARENT_LOCATOR);

  private static final long MAX_DISK = 64L << 40;

  /**
   * Reads the items that MS-VHDX knows.
   *
   * @throws ImageException when one is missing or wrong, or an unknown one is required
   */
  static Metadata read(ByteSource source, Region region) throws IOException {
    ByteView table =
        source.view("metadata table", region.offset(), MetadataTable.SIZE, ByteOrder.LITTLE_ENDIAN);
    var items = new Items(source, region, table, MetadataTable.parse(table, region.length()));
    FileParameters parameters =
        FileParameters.parse(items.view(FILE_PARAMETERS, "file parameters", FileParameters.SIZE));
    int logical =
        sectorSize(
            items.view(LOGICAL_SECTOR_SIZE, "logical sector size", Integer.BYTES),
            "LogicalSectorSize");
    int physical =
        sectorSize(
            items.view(PHYSICAL_SECTOR_SIZE, "physical sector size", Integer.BYTES),
            "PhysicalSectorSize");
    long size = size(items.view(VIRTUAL_DISK_SIZE, "virtual disk size", Long.BYTES), logical);
    UUID id = Guid.parse(items.view(VIRTUAL_DISK_ID, "virtual disk id", Guid.SIZE), 0);
    Optional<ParentLocator> locator = items.parentLocator(parameters.hasParent());
    items.refuseUnknown();
    return new Metadata(parameters, size, id, logical, physical, locator);
  }

  private static int sectorSize(ByteView view, String field) throws ImageException {
    long size = view.u32(0);
    if (size != 512 && size != 4096) {
      throw view.corrupt(field, 0, Fault.number(size), "512, 4096");
    }
    return (int) size;
  }

  private static long size(ByteView view, int sectorSize) throws ImageException {
    long size = view.u64(0);
    if (size <= 0 || size % sectorSize != 0) {
      throw view.corrupt(
          "VirtualDiskSize",
          0,
          Fault.number(size),
          "a multiple of the logical sector size " + sectorSize + " above 0");
    }
    if (size > MAX_DISK) {
      throw view.tooLarge("VirtualDiskSize", 0, Fault.number(size), "up to 64 TiB");
    }
    return size;
  }

  /** The items, read as they are asked for. */
  private record Items(ByteSource source, Region region, ByteView table, MetadataTable entries) {

    ByteView view(UUID id, String name, int length) throws IOException {
      MetadataTableEntry entry = entries.entries().get(id);
      if (entry == null) {
        throw table.corrupt("EntryCount", 10, "no " + name, "one with the ItemId " + Guid.text(id));
      }
      entry.requireLength(table, name, length);
      return view(entry, name);
    }

    private ByteView view(MetadataTableEntry entry, String name) throws IOException {
      return source.view(
          name, region.offset() + entry.offset(), (int) entry.length(), ByteOrder.LITTLE_ENDIAN);
    }

    Optional<ParentLocator> parentLocator(boolean hasParent) throws IOException {
      MetadataTableEntry entry = entries.entries().get(PARENT_LOCATOR);
      if (hasParent && entry == null) {
        throw table.corrupt(
            "EntryCount",
            10,
            "no parent locator, although HasParent is set",
            "one with the ItemId " + Guid.text(PARENT_LOCATOR));
      }
      if (!hasParent && entry != null) {
        throw table.corrupt(
            "ItemId", entry.at(), "a parent locator, although HasParent is not set", "none");
      }
      return entry == null
          ? Optional.empty()
          : Optional.of(ParentLocator.parse(view(entry, ParentLocator.NAME)));
    }

    void refuseUnknown() throws ImageException {
      for (MetadataTableEntry entry : entries.entries().values()) {
        UUID id = entry.itemId();
        if (!KNOWN.contains(id)) {
          MetadataTable.refuseRequired(table, entry, "metadata item ");
        }
      }
    }
  }
}
