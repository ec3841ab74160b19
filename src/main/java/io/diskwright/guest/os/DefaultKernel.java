package io.diskwright.guest.os;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the kernel that starts by default: the one the boot loader's configuration names, as far as
 * that can be told without running it, else the newest.
 */
final class DefaultKernel {

  private static final List<String> GRUB2 = List.of("boot/grub2", "boot/grub", "boot/grub2-efi");
  private static final String EFI = "boot/efi/EFI";
  private static final int MAX_DIRECTORIES = 16;
  private static final List<String> LEGACY = List.of("boot/grub/grub.conf", "boot/grub/menu.lst");
  private static final List<String> ENTRIES =
      List.of("boot/loader/entries", "boot/efi/loader/entries", "efi/loader/entries");
  private static final String FACT = "default kernel";

  private final GuestReader reader;
  private final List<Kernel> kernels;

  /** Looks among these kernels, the newest first. */
  DefaultKernel(GuestReader reader, List<Kernel> kernels) {
    this.reader = reader;
    this.kernels = kernels;
  }

  Optional<Kernel> find() throws IOException {
    if (kernels.isEmpty()) {
      return Optional.empty();
    }
    Optional<Kernel> named = grub2();
    if (named.isEmpty()) {
      named = legacy();
    }
    if (named.isEmpty()) {
      named = bootLoaderEntries("");
    }
    if (named.isPresent()) {
      return named;
    }
    Optional<Kernel> newest =
        kernels.stream()
            .filter(k -> k.image().isPresent())
            .findFirst()
            .or(() -> kernels.stream().findFirst());
    newest.ifPresent(k ->
        reader.found(
            FACT,
            k.image().or(k::modules).orElse("/"),
            kernels.size() == 1 ? "the only one" : "the newest"));
    return newest;
  }

  /** The directories of GRUB 2: under UEFI some distributions keep all beside the program. */
  private List<String> grubDirectories() throws IOException {
    List<String> directories = new ArrayList<>(GRUB2);
    for (String vendor : reader.names(EFI, any -> true)) {
      if (directories.size() < MAX_DIRECTORIES) {
        directories.add(EFI + "/" + vendor);
      }
    }
    return directories;
  }

  private Optional<Kernel> grub2() throws IOException {
    for (String directory : grubDirectories()) {
      String path = directory + "/grub.cfg";
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        GrubConfig config = GrubConfig.parse(text.get());
        String saved = config.savesDefault() ? savedEntry(directory) : "";
        Optional<Kernel> kernel = Optional.empty();
        if (config.bootLoaderEntries()) {
          kernel = bootLoaderEntries(saved);
        }
        if (kernel.isEmpty() && !config.menu().isEmpty()) {
          String name = saved.isEmpty() ? config.literalDefault() : saved;
          Optional<String> image = config.menu().image(name).or(() -> config.menu().image("0"));
          kernel = image.flatMap(this::ofImage);
          report(path, "entry " + name, image, kernel);
        }
        if (kernel.isPresent()) {
          return kernel;
        }
      }
    }
    return Optional.empty();
  }

  private String savedEntry(String directory) throws IOException {
    return reader
        .text(directory + "/grubenv")
        .map(text -> Assignments.line(text, "saved_entry"))
        .orElse("");
  }

  private Optional<Kernel> legacy() throws IOException {
    for (String path : LEGACY) {
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        GrubLegacyConfig config = GrubLegacyConfig.parse(text.get());
        Optional<String> image = config.image();
        Optional<Kernel> kernel = image.flatMap(this::ofImage);
        report(path, "entry " + config.defaultEntry(), image, kernel);
        if (kernel.isPresent()) {
          return kernel;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The entry with that id or number; the newest when none has it, as {@code blscfg} and
   * systemd-boot choose.
   */
  private Optional<Kernel> bootLoaderEntries(String id) throws IOException {
    for (String directory : ENTRIES) {
      List<BootLoaderEntry> entries = BootLoaderEntry.read(reader, directory);
      if (!entries.isEmpty()) {
        BootLoaderEntry entry = entries.getFirst();
        for (int i = 0; i < entries.size(); i++) {
          if (id.equals(entries.get(i).id()) || id.equals(Integer.toString(i))) {
            entry = entries.get(i);
          }
        }
        Optional<Kernel> kernel = ofEntry(entry);
        report(
            directory + "/" + entry.id() + BootLoaderEntry.SUFFIX,
            "entry",
            Optional.of(entry.linux()),
            kernel);
        return kernel;
      }
    }
    return Optional.empty();
  }

  private Optional<Kernel> ofEntry(BootLoaderEntry entry) {
    return ofImage(entry.linux())
        .or(() -> ofVersion(entry.version()))
        .or(() -> ofVersion(KernelFinder.version(nameOf(entry.linux()))));
  }

  private void report(String path, String entry, Optional<String> image, Optional<Kernel> kernel) {
    if (kernel.isPresent()) {
      reader.found(FACT, path, entry + ": " + image.orElse(""));
    } else {
      reader.unknown(
          FACT,
          GuestReader.absolute(path)
              + ": "
              + entry
              + " starts "
              + image.orElse("nothing that is told"));
    }
  }

  /** A path as the boot loader writes it starts at whatever volume the image is on. */
  private Optional<Kernel> ofImage(String path) {
    String name = nameOf(path);
    return kernels.stream()
        .filter(k -> k.image().filter(image -> image.endsWith("/" + name)).isPresent())
        .findFirst();
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Optional<Kernel> ofVersion(String version) {
    return kernels.stream().filter(kernel -> kernel.version().equals(version)).findFirst();
  }
}
