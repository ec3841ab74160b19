package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * FSInfo of FAT32: how many clusters are free, as a hint.
 *
 * @param offset where it lies, in bytes of the volume
 * @param signed whether its three signatures are there
 */
record FsInfo(long offset, boolean signed, long freeCount) {

  /** Bytes of the structure, whatever a sector's size is. */
  private static final int SIZE = 512;

  /** Where the number of free clusters stands. */
  static final int FREE_COUNT_AT = 488;

  private static final long UNKNOWN = 0xffffffffL;

  static FsInfo parse(ByteView view) throws CorruptImage {
    boolean signed =
        view.startsWith(0, "RRaA") && view.startsWith(484, "rrAa") && view.u32(508) == 0xaa550000L;
    return new FsInfo(view.offset(), signed, view.u32(FREE_COUNT_AT));
  }

  /** The structure of a volume; empty where it says that it has none. */
  static Optional<FsInfo> read(FatVolume volume) throws IOException {
    BootSector boot = volume.boot();
    if (boot.fsInfo().isEmpty()) {
      return Optional.empty();
    }
    long offset = (long) boot.fsInfo().getAsInt() * boot.bytesPerSector();
    return Optional.of(
        parse(volume.metadata().view("FSInfo", offset, SIZE, ByteOrder.LITTLE_ENDIAN)));
  }

  /** The hint, where there is one that can be true. */
  OptionalLong free(long clusters) {
    return signed && freeCount != UNKNOWN && freeCount <= clusters
        ? OptionalLong.of(freeCount)
        : OptionalLong.empty();
  }
}
