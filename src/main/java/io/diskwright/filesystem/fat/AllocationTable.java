package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** One file allocation table, read in small windows. Safe for any thread. */
final class AllocationTable {

  /** Holds every FAT12 whole, so that none of its entries lies across two windows. */
  private static final int WINDOW = 8192;

  private static final String REMEDY = "Check the filesystem inside the guest";

  private final ByteSource metadata;
  private final BootSector boot;
  private final FatKind kind;
  private final long offset;
  private final long clusters;
  private volatile @Nullable Window last;

  /**
   * @param metadata the volume, cached
   * @param number of the table, from 0
   * @throws CorruptImage when the table does not lie inside the volume
   */
  AllocationTable(ByteSource metadata, BootSector boot, int number) throws CorruptImage {
    this.metadata = metadata;
    this.boot = boot;
    this.kind = boot.kind();
    this.offset = boot.fatOffset(number);
    this.clusters = boot.clusters();
    metadata.checkInside("FAT " + number, offset, boot.fatBytes());
  }

  BootSector boot() {
    return boot;
  }

  /**
   * What the table says of a cluster, without the reserved bits.
   *
   * @param cluster from 0 to one above the number of clusters
   */
  long get(long cluster) throws IOException {
    long at = cluster * kind.entryBits() / Byte.SIZE;
    Window window = last;
    if (window == null || at < window.start || at - window.start >= window.bytes.limit()) {
      window = read(at / WINDOW * WINDOW);
      last = window;
    }
    int inWindow = (int) (at - window.start);
    return switch (kind) {
      case FAT12 -> {
        int pair = Short.toUnsignedInt(window.bytes.getShort(inWindow));
        yield (cluster & 1) == 0 ? pair & 0xfff : pair >>> 4;
      }
      case FAT16 -> Short.toUnsignedLong(window.bytes.getShort(inWindow));
      case FAT32 -> window.bytes.getInt(inWindow) & kind.mask();
    };
  }

  private Window read(long start) throws IOException {
    int length = (int) Math.min(WINDOW, boot.fatBytes() - start);
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    metadata.read(offset + start, bytes);
    return new Window(start, bytes.flip());
  }

  /** Where the entry of a cluster lies, in bytes of the volume. */
  long entryOffset(long cluster) {
    return offset + cluster * kind.entryBits() / Byte.SIZE;
  }

  boolean isCluster(long number) {
    return number >= 2 && number <= clusters + 1;
  }

  /** What an entry that is neither a cluster nor an end of a chain says, for people. */
  String describe(long entry) {
    String number = Fault.number(entry);
    if (entry == 0) {
      return "0, a free cluster";
    }
    if (kind.isBad(entry)) {
      return number + ", a bad cluster";
    }
    return number + (entry == 1 ? ", a reserved number" : ", past the last cluster");
  }

  /** Refuses an entry, or a first cluster, that leads nowhere. */
  CorruptImage refuse(String structure, long at, String found) {
    return new CorruptImage(
        metadata.describe(), structure, at, found, "a cluster from 2 to " + (clusters + 1), REMEDY);
  }

  private record Window(long start, ByteBuffer bytes) {}
}
