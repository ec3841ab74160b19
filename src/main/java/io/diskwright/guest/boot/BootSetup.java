package io.diskwright.guest.boot;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration a guest is started by, read without running anything.
 *
 * @param loader {@code GRUB 2}, {@code GRUB legacy}, {@code syslinux}, {@code systemd-boot}, {@code
 *     FreeBSD loader}
 * @param path of its configuration
 * @param entries of its menu, submenus flattened
 * @param defaultEntry the one that is started; empty when that cannot be told
 * @param defaultName what names the default: a number, a title, an id
 * @param problem why the default cannot be told; empty when it can
 */
public record BootSetup(
    String loader,
    String path,
    List<BootEntry> entries,
    Optional<BootEntry> defaultEntry,
    String defaultName,
    String problem) {

  private static final List<String> GRUB2 = List.of("boot/grub2", "boot/grub", "boot/grub2-efi");
  private static final List<String> LEGACY = List.of("boot/grub/grub.conf", "boot/grub/menu.lst");
  private static final List<String> SYSLINUX =
      List.of(
          "boot/extlinux/extlinux.conf",
          "extlinux/extlinux.conf",
          "boot/syslinux/syslinux.cfg",
          "boot/extlinux.conf");
  private static final String EFI = "boot/efi/EFI";
  private static final int MAX_VENDORS = 32;

  /** Takes a copy of the list. */
  public BootSetup {
    entries = List.copyOf(entries);
  }

  /** Reads the configuration that counts; empty when there is none of a known loader. */
  public static Optional<BootSetup> read(GuestReader reader) throws IOException {
    List<String> directories = new ArrayList<>(GRUB2);
    List<String> vendors = reader.names(EFI, any -> true);
    for (String vendor : vendors.subList(0, Math.min(vendors.size(), MAX_VENDORS))) {
      directories.add(EFI + "/" + vendor);
    }
    for (String directory : directories) {
      Optional<String> text = reader.text(directory + "/grub.cfg");
      // A file of a few lines only leads to the one that has the menu.
      if (text.isPresent() && GrubMenu.hasMenu(text.get())) {
        return Optional.of(GrubMenu.read(reader, directory, text.get()));
      }
    }
    for (String path : LEGACY) {
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        return Optional.of(LegacyMenu.read(reader, path, text.get()));
      }
    }
    for (String path : SYSLINUX) {
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        return Optional.of(SyslinuxMenu.read(path, text.get()));
      }
    }
    return LoaderEntries.read(reader)
        .map(entries ->
            new BootSetup(
                "systemd-boot",
                entries.getFirst().where(),
                entries,
                Optional.of(entries.getFirst()),
                entries.getFirst().id(),
                ""));
  }
}
