package io.diskwright.fuzz;

import io.diskwright.filesystem.fat.FatFileSystem;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** Reads bytes as a volume with FAT on it. */
final class FatTarget {

  private FatTarget() {}

  /**
   * Does with the volume all that the commands do.
   *
   * @throws AssertionError when the contract is broken
   */
  static void run(byte[] data) throws IOException {
    try {
      Optional<FatFileSystem> opened = FatFileSystem.open(new MemorySource("volume", data));
      if (opened.isPresent()) {
        TreeExercise.run(opened.get());
      }
    } catch (ImageException e) {
      Objects.requireNonNull(e.fault().message());
    }
  }
}
