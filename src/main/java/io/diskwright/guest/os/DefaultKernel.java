package io.diskwright.guest.os;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the kernel that starts by default: the one the boot loader's configuration names, as far as
 * that can be told without running it, else the newest.
 */
final class DefaultKernel {

  private static final List<String> GRUB2 =
      List.of("boot/grub2/grub.cfg", "boot/grub/grub.cfg", "boot/grub2-efi/grub.cfg");
  private static final List<String> ENVIRONMENT =
      List.of("boot/grub2/grubenv", "boot/grub/grubenv");
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

  private Optional<Kernel> grub2() throws IOException {
    for (String path : GRUB2) {
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        GrubConfig config = GrubConfig.parse(text.get());
        String saved = config.savesDefault() ? savedEntry() : "";
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

  private String savedEntry() throws IOException {
    for (String path : ENVIRONMENT) {
      Optional<String> text = reader.text(path);
      if (text.isPresent()) {
        return Assignments.line(text.get(), "saved_entry");
      }
    }
    return "";
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
   * The entry with that id; the newest when none has it, as {@code blscfg} and systemd-boot choose.
   */
  private Optional<Kernel> bootLoaderEntries(String id) throws IOException {
    for (String directory : ENTRIES) {
      List<BootLoaderEntry> entries = BootLoaderEntry.read(reader, directory);
      if (!entries.isEmpty()) {
        BootLoaderEntry entry =
            entries.stream().filter(e -> e.id().equals(id)).findFirst().orElse(entries.getFirst());
        Optional<Kernel> kernel =
            ofImage(entry.linux())
                .or(() -> ofVersion(entry.version()))
                .or(() -> ofVersion(KernelFinder.version(nameOf(entry.linux()))));
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
