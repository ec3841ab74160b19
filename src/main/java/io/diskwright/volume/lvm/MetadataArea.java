package io.diskwright.volume.lvm;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An area that holds the text of a volume group, in a ring behind its header. */
final class MetadataArea {

  private static final int HEADER = 512;
  private static final String MAGIC = " LVM2 x[5A%r0N*>";
  private static final int IGNORED = 1;

  /** vgcfgbackup files of thousands of volumes have a few MiB. */
  private static final long MAX_TEXT = 16 << 20;

  private MetadataArea() {}

  /** The newest text; empty when the area holds none. */
  static Optional<String> text(ByteSource volume, PhysicalVolume.Area area) throws IOException {
    volume.checkInside("LVM metadata area", area.offset(), area.size());
    ByteView header =
        volume.view("LVM metadata header", area.offset(), HEADER, ByteOrder.LITTLE_ENDIAN);
    int checksum = LvmChecksum.of(header.bytes(4, HEADER - 4));
    if (!header.startsWith(4, MAGIC) || checksum != (int) header.u32(0)) {
      throw header.corrupt(
          "checksum",
          0,
          Fault.number(header.u32(0)),
          Fault.number(Integer.toUnsignedLong(checksum)));
    }
    if (header.u64(24) != area.offset() || header.u64(32) != area.size()) {
      throw header.corrupt(
          "start", 24, Fault.number(header.u64(24)), "the area's own place " + area.offset());
    }
    long offset = header.u64(40);
    long size = header.u64(48);
    if (offset == 0 || (header.u32(60) & IGNORED) != 0) {
      return Optional.empty();
    }
    if (offset < HEADER || offset >= area.size() || size < 1 || size > area.size() - HEADER) {
      throw header.corrupt(
          "text place",
          40,
          Fault.number(size) + " bytes at " + Fault.number(offset),
          "inside the ring of " + (area.size() - HEADER) + " bytes");
    }
    if (size > MAX_TEXT) {
      throw new LimitExceeded(
          volume.describe(),
          "LVM text size",
          header.offset() + 48,
          Fault.number(size),
          "at most " + MAX_TEXT);
    }
    return Optional.of(ring(volume, area, offset, (int) size, header));
  }

  private static String ring(
      ByteSource volume, PhysicalVolume.Area area, long offset, int size, ByteView header)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    int first = (int) Math.min(size, area.size() - offset);
    volume.read(area.offset() + offset, bytes.limit(first));
    volume.read(area.offset() + HEADER, bytes.limit(size));
    int checksum = LvmChecksum.of(bytes.array());
    if (checksum != (int) header.u32(56)) {
      throw new CorruptImage(
          volume.describe(),
          "LVM text checksum",
          area.offset() + offset,
          Fault.number(Integer.toUnsignedLong(checksum)),
          Fault.number(header.u32(56)));
    }
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }
}
