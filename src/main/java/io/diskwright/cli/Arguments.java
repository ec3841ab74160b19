package io.diskwright.cli;

import org.jspecify.annotations.Nullable;

/** Positional arguments, which picocli sets after the command was made. */
final class Arguments {

  private Arguments() {}

  /** A required argument; picocli has already refused a command line without it. */
  static <T> T given(@Nullable T argument) {
    if (argument == null) {
      throw new IllegalStateException("a required argument was not set");
    }
    return argument;
  }
}
