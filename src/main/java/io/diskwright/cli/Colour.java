package io.diskwright.cli;

import picocli.CommandLine;

/** Whether output is coloured: on a terminal only, and not where NO_COLOR asks for none. */
final class Colour {

  private Colour() {}

  static boolean of(CommandLine command) {
    return command.getColorScheme().ansi().enabled();
  }
}
