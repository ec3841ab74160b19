package io.diskwright.disk;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A disk together with what its container says about itself. */
public interface DiskImage extends VirtualDisk {

  /** The container's facts; they do not change while it is open. */
  ImageInfo info();

  /**
   * The container's own bytes when they are no file: those of a member of an archive, or what was
   * unpacked. Empty when the container is the file the user named.
   */
  default Optional<ByteSource> container() {
    return Optional.empty();
  }

  /**
   * Verifies what the image's wrappers promise of its bytes and reading the disk does not verify: a
   * manifest's digests. May take as long as reading the whole image.
   *
   * @param cancelled asked often; when it says yes this returns early
   * @throws io.diskwright.io.CorruptImage when the bytes are not what was promised
   */
  default void verifyWrapping(BooleanSupplier cancelled) throws IOException {}

  /** Whether {@link #verifyWrapping} has anything to do. */
  default boolean promises() {
    return false;
  }
}
