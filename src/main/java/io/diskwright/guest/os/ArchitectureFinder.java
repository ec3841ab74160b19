package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds the processor that a guest's programs were made for. */
final class ArchitectureFinder {

  private static final String FACT = "architecture";

  /** Programs without which nothing runs; some are links or scripts on some systems. */
  private static final List<String> PROGRAMS =
      List.of(
          "bin/sh",
          "usr/bin/env",
          "usr/lib/systemd/systemd",
          "lib/systemd/systemd",
          "bin/bash",
          "sbin/init",
          "bin/busybox");

  private final GuestReader reader;

  ArchitectureFinder(GuestReader reader) {
    this.reader = reader;
  }

  Optional<Architecture> find() throws IOException {
    for (String path : PROGRAMS) {
      Optional<ByteView> head = reader.head(path, ElfHeader.SIZE);
      Optional<ElfHeader> elf = head.isEmpty() ? Optional.empty() : ElfHeader.parse(head.get());
      if (elf.isPresent()) {
        String machine = "ELF machine " + elf.get().eMachine();
        Optional<Architecture> architecture = elf.get().architecture();
        if (architecture.isPresent()) {
          reader.found(FACT, path, machine);
        } else {
          reader.unknown(FACT, GuestReader.absolute(path) + " is for " + machine);
        }
        return architecture;
      }
    }
    reader.unknown(FACT, "none of the programs that tell it was readable");
    return Optional.empty();
  }
}
