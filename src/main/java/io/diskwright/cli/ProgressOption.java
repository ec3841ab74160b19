package io.diskwright.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How progress is shown. */
final class ProgressOption {

  /** The ways of showing it. */
  enum Style {
    AUTO,
    PLAIN,
    JSON,
    NONE
  }

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|json|none",
      defaultValue = "auto",
      description =
          "A bar on a terminal and lines elsewhere (auto, the default), always lines, one JSON"
              + " object a line, or nothing; on stderr.")
  private Style style = Style.AUTO;

  ProgressDisplay display(Path image, PrintWriter err) {
    String name = image.getFileName().toString();
    return switch (style) {
      case NONE -> new ProgressDisplay.None();
      case JSON -> new JsonProgress(name, err);
      case PLAIN -> new PlainProgress(name, err);
      case AUTO -> onTerminal() ? new BarProgress(name) : new PlainProgress(name, err);
    };
  }

  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
