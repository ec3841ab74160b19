package io.diskwright.volume.lvm;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A physical volume's label and header.
 *
 * @param source the volume's bytes
 * @param uuid 32 letters and digits, without the hyphens that the text has
 * @param metadataAreas where the text lies
 */
record PhysicalVolume(ByteSource source, String uuid, List<Area> metadataAreas) {

  /** A range of the volume in bytes. */
  record Area(long offset, long size) {}

  private static final int SECTOR = 512;
  private static final int LABEL_SECTORS = 4;
  private static final int CRC_START = 20;
  private static final int UUID = 32;
  private static final int MAX_AREAS = 8;

  /** The physical volume in these bytes; empty when there is no label. */
  static Optional<PhysicalVolume> read(ByteSource source) throws IOException {
    for (int sector = 0; sector < LABEL_SECTORS; sector++) {
      long offset = (long) sector * SECTOR;
      if (offset > source.size() - SECTOR) {
        break;
      }
      ByteView view = source.view("LVM label", offset, SECTOR, ByteOrder.LITTLE_ENDIAN);
      boolean label =
          view.startsWith(0, "LABELONE")
              && view.startsWith(24, "LVM2 001")
              && view.u64(8) == sector;
      if (label) {
        return Optional.of(parse(source, view));
      }
    }
    return Optional.empty();
  }

  private static PhysicalVolume parse(ByteSource source, ByteView view) throws CorruptImage {
    int checksum = LvmChecksum.of(view.bytes(CRC_START, SECTOR - CRC_START));
    if (checksum != (int) view.u32(16)) {
      throw view.corrupt(
          "crc", 16, Fault.number(view.u32(16)), Fault.number(Integer.toUnsignedLong(checksum)));
    }
    long header = view.u32(20);
    if (header > SECTOR - UUID) {
      throw view.corrupt("offset", 20, Fault.number(header), "at most " + (SECTOR - UUID));
    }
    int at = (int) header;
    String uuid = new String(view.bytes(at, UUID), StandardCharsets.ISO_8859_1);
    // Behind the device's size come the areas of data, and behind a pair of zeros those of text.
    int list = skipAreas(view, at + UUID + 8);
    List<Area> areas = new ArrayList<>();
    while (list <= SECTOR - 16 && view.u64(list) != 0 && areas.size() < MAX_AREAS) {
      areas.add(new Area(view.u64(list), view.u64(list + 8)));
      list += 16;
    }
    return new PhysicalVolume(source, uuid, List.copyOf(areas));
  }

  private static int skipAreas(ByteView view, int from) throws CorruptImage {
    int at = from;
    while (at <= SECTOR - 16 && view.u64(at) != 0) {
      at += 16;
    }
    return at + 16;
  }
}
