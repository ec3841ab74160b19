package io.diskwright.filesystem;

import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * Something in a filesystem that contradicts its specification, a checksum or another structure.
 *
 * @param structure what, with its number: {@code inode 12 extent tree}
 * @param offset bytes from the start of the volume, or -1 when it has no one place
 */
public record Problem(String structure, long offset, String found, String expected) {

  /** What a reader threw, as a problem. */
  public static Problem of(ImageException refused) {
    Fault fault = refused.fault();
    return new Problem(fault.structure(), fault.offset(), fault.found(), fault.allowed());
  }
}
