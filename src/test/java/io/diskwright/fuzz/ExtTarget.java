package io.diskwright.fuzz;

import io.diskwright.filesystem.ext.ExtFileSystem;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads bytes as a volume with ext2, ext3 or ext4 on it. */
final class ExtTarget {

  private static final int SUPERBLOCK = 1024;
  private static final int CHECKSUM = 1020;
  private static final int RO_COMPAT = 100;
  private static final int METADATA_CSUM = 0x400;

  private ExtTarget() {}

  /**
   * Does with the volume all that the commands do.
   *
   * @throws AssertionError when the contract is broken
   */
  static void run(byte[] data) throws Exception {
    repair(data);
    try {
      Optional<ExtFileSystem> fileSystem = ExtFileSystem.open(new MemorySource("volume", data));
      if (fileSystem.isPresent()) {
        TreeExercise.run(fileSystem.get());
      }
    } catch (ImageException e) {
      Objects.requireNonNull(e.fault().message());
    }
  }

  /** Makes the superblock's checksum right, so that what it says is looked at. */
  private static void repair(byte[] data) {
    if (data.length >= 2 * SUPERBLOCK) {
      ByteBuffer superblock =
          ByteBuffer.wrap(data, SUPERBLOCK, SUPERBLOCK).slice().order(ByteOrder.LITTLE_ENDIAN);
      if ((superblock.getInt(RO_COMPAT) & METADATA_CSUM) != 0) {
        var crc = new CRC32C();
        crc.update(data, SUPERBLOCK, CHECKSUM);
        superblock.putInt(CHECKSUM, ~(int) crc.getValue());
      }
    }
  }
}
