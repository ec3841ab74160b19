package io.diskwright.validate.linux;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Files of the boot loader. */
final class BootFiles {

  private BootFiles() {}

  /** A file by its path as the loader sees it: from the top of the root's volume or of /boot's. */
  static Optional<String> find(GuestReader files, String path) throws IOException {
    String bare = path.startsWith("/") ? path.substring(1) : path;
    for (String candidate : List.of(bare, "boot/" + bare, "boot/efi/" + bare)) {
      if (!bare.isEmpty() && files.isFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    // The root of a btrfs is a subvolume: @/boot/vmlinuz.
    int boot = bare.indexOf("/boot/");
    return boot > 0 && files.isFile(bare.substring(boot + 1))
        ? Optional.of(bare.substring(boot + 1))
        : Optional.empty();
  }
}
