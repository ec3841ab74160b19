package io.diskwright.guest.boot;

import java.util.Optional;

/** The environment block of GRUB, 1024 bytes of lines {@code name=value}. */
final class Environment {

  private static final String SIGNATURE = "# GRUB Environment Block";

  private Environment() {}

  /** A value; empty when it is not set or set to nothing. */
  static Optional<String> value(String block, String name) {
    return block.startsWith(SIGNATURE)
        ? block
            .lines()
            .filter(line -> line.startsWith(name + "="))
            .map(line -> line.substring(name.length() + 1).strip())
            .filter(value -> !value.isEmpty())
            .findFirst()
        : Optional.empty();
  }
}
