package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Looks for a copy of a superblock that is damaged, in the group behind the first, where
 * filesystems with {@code sparse_super} have one and those with {@code sparse_super2} mostly do.
 */
final class SuperblockCopies {

  private static final int LEAST_LOG = 10;
  private static final int MOST_LOG = 16;

  private SuperblockCopies() {}

  /** What was found wrong, with what can be done about it. */
  static CorruptImage withRemedy(CorruptImage damage, ByteSource volume) throws IOException {
    Fault fault = damage.fault();
    return new CorruptImage(
        fault.source(),
        fault.structure(),
        fault.offset(),
        fault.found(),
        fault.allowed(),
        find(volume)
            .map(copy ->
                "A copy is sound: repair it with e2fsck -b "
                    + copy.firstBlock(1)
                    + " -B "
                    + copy.blockSize())
            .orElse("Repair it with e2fsck -b and the block of a copy; none was found in group 1"));
  }

  private static Optional<Superblock> find(ByteSource volume) throws IOException {
    for (int log = LEAST_LOG; log <= MOST_LOG; log++) {
      // Full groups, as mke2fs makes them: as many blocks as a block has bits.
      long block = (8L << log) + (log == LEAST_LOG ? 1 : 0);
      long offset = block << log;
      if (offset > volume.size() - Superblock.LENGTH) {
        break;
      }
      ByteView view =
          volume.view("copy of the superblock", offset, Superblock.LENGTH, ByteOrder.LITTLE_ENDIAN);
      Optional<Superblock> copy = sound(view);
      if (copy.isPresent() && copy.get().blockSize() == 1 << log) {
        return copy;
      }
    }
    return Optional.empty();
  }

  private static Optional<Superblock> sound(ByteView view) throws IOException {
    try {
      Superblock copy = Superblock.parse(view);
      return copy.checksumValid() && copy.blockGroupNr() == 1
          ? Optional.of(copy)
          : Optional.empty();
    } catch (ImageException e) {
      // Not one, or as damaged as the first.
      return Optional.empty();
    }
  }
}
