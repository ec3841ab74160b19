package io.diskwright.validate.rule;

import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.PartitionRole;
import io.diskwright.guest.os.Architecture;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.Unknown;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What firmware can start from the EFI system partitions.
 *
 * @param fallbacks programs at the path that firmware starts without being told
 * @param loaders all programs of vendors' directories
 * @param unread what could not be read, and why
 */
record EfiPartition(List<String> fallbacks, List<String> loaders, List<Unknown> unread) {

  private static final String ROOT = "EFI";
  private static final int MAX_VENDORS = 64;

  /** Reads all EFI system partitions. */
  static EfiPartition read(Facts facts) throws IOException {
    List<String> fallbacks = new ArrayList<>();
    List<String> loaders = new ArrayList<>();
    List<Unknown> unread = new ArrayList<>();
    for (GuestVolume volume : facts.guest().volumes()) {
      if (volume.partition().map(PartitionRole::of).filter(EfiPartition::isEsp).isEmpty()) {
        continue;
      }
      Optional<FileTree> tree = volume.tree();
      if (tree.isEmpty()) {
        unread.add(new Unknown(volume.name(), volume.why()));
        continue;
      }
      var reader = new GuestReader(new TreeFileSystem(tree.get()).root());
      for (String path : programs(reader)) {
        loaders.add(path);
        if (isFallback(path, facts.guest().os())) {
          fallbacks.add(path);
        }
      }
      unread.addAll(reader.unknowns());
    }
    return new EfiPartition(fallbacks, loaders, unread);
  }

  private static boolean isEsp(PartitionRole role) {
    return role == PartitionRole.EFI_SYSTEM;
  }

  private static List<String> programs(GuestReader reader) throws IOException {
    List<String> found = new ArrayList<>();
    for (String root : reader.names("", name -> name.equalsIgnoreCase(ROOT))) {
      List<String> vendors = reader.names(root, any -> true);
      for (String vendor : vendors.subList(0, Math.min(vendors.size(), MAX_VENDORS))) {
        String directory = root + "/" + vendor;
        if (reader.isDirectory(directory)) {
          for (String name : reader.names(directory, EfiPartition::isProgram)) {
            if (startsWithMz(reader, directory + "/" + name)) {
              found.add(directory + "/" + name);
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean isProgram(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".efi");
  }

  private static boolean startsWithMz(GuestReader reader, String path) throws IOException {
    Optional<ByteView> head = reader.head(path, 2);
    return head.isPresent() && head.get().length() == 2 && head.get().startsWith(0, "MZ");
  }

  private static boolean isFallback(String path, Optional<OperatingSystem> os) {
    String name =
        switch (os.flatMap(OperatingSystem::architecture).orElse(Architecture.X86_64)) {
          case AARCH64 -> "bootaa64.efi";
          case I386 -> "bootia32.efi";
          case ARM -> "bootarm.efi";
          case RISCV64 -> "bootriscv64.efi";
          case LOONGARCH64 -> "bootloongarch64.efi";
          default -> "bootx64.efi";
        };
    return path.toLowerCase(Locale.ROOT).equals("efi/boot/" + name);
  }
}
