package io.diskwright.guest;

import io.diskwright.guest.os.OsFamily;

/**
 * Where an operating system's root directory is.
 *
 * @param directory its path in the volume: {@code /}, or a deployment of OSTree
 */
public record GuestRoot(GuestVolume volume, OsFamily family, String directory) {

  /** A root that is the volume's own. */
  static GuestRoot of(GuestVolume volume, OsFamily family) {
    return new GuestRoot(volume, family, "/");
  }
}
