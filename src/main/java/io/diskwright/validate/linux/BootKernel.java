package io.diskwright.validate.linux;

import io.diskwright.guest.boot.BootEntry;
import io.diskwright.guest.boot.BootSetup;
import io.diskwright.guest.kernel.Initramfs;
import io.diskwright.guest.kernel.KernelModules;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.Kernel;
import io.diskwright.io.ImageException;
import io.diskwright.validate.rule.GuestFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel that is started, what it can drive and what its initramfs holds.
 *
 * @param initramfsPath inside the guest, empty when it is started without one
 * @param initramfs what is in it; empty when it has none, or it is not read
 * @param problem why the initramfs is not read, empty when it is or there is none
 */
record BootKernel(
    Kernel kernel,
    KernelModules modules,
    String initramfsPath,
    Optional<Initramfs> initramfs,
    String problem) {

  /** Names under which tools put the initramfs of a kernel. */
  private static final List<String> NAMES =
      List.of(
          "boot/initrd.img-%s",
          "boot/initramfs-%s.img",
          "boot/initrd-%s",
          "boot/initrd-%s.img",
          "boot/initramfs-%s",
          "usr/lib/modules/%s/initrd",
          "usr/lib/modules/%s/initramfs.img");

  private record Holder(Optional<BootKernel> kernel) {}

  /** The kernel that is started, read once; empty when none is known. */
  static Optional<BootKernel> of(GuestFacts facts) throws IOException {
    Optional<BootEntry> entry = facts.boot().flatMap(BootSetup::defaultEntry);
    Optional<Kernel> kernel = facts.os().defaultKernel();
    return facts
        .shared(
            Holder.class,
            reader ->
                new Holder(
                    kernel.isEmpty()
                        ? Optional.empty()
                        : Optional.of(read(reader, kernel.get(), entry))))
        .kernel();
  }

  private static BootKernel read(GuestReader reader, Kernel kernel, Optional<BootEntry> entry)
      throws IOException {
    KernelModules modules = KernelModules.read(reader, kernel);
    List<String> candidates = new ArrayList<>();
    if (entry.isPresent()) {
      candidates.addAll(entry.get().initrds());
    } else {
      NAMES.forEach(name -> candidates.add(name.replace("%s", kernel.version())));
    }
    for (String candidate : candidates) {
      Optional<String> path = BootFiles.find(reader, candidate);
      boolean microcode = candidate.contains("ucode");
      if (path.isPresent() && !microcode) {
        return withInitramfs(reader, kernel, modules, path.get());
      }
    }
    return new BootKernel(kernel, modules, "", Optional.empty(), "");
  }

  private static BootKernel withInitramfs(
      GuestReader reader, Kernel kernel, KernelModules modules, String path) throws IOException {
    Optional<BootKernel> read =
        reader.attempt(
            path,
            file -> {
              try (InputStream in = Files.newInputStream(file)) {
                return Optional.of(
                    new BootKernel(kernel, modules, path, Optional.of(Initramfs.read(in)), ""));
              } catch (ImageException | FileSystemException e) {
                throw e;
              } catch (IOException e) {
                return Optional.of(
                    new BootKernel(
                        kernel, modules, path, Optional.empty(), String.valueOf(e.getMessage())));
              }
            });
    return read.orElseGet(
        () -> new BootKernel(kernel, modules, path, Optional.empty(), "it could not be read"));
  }
}
