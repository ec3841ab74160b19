package io.diskwright.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it into the jar. */
final class Version implements IVersionProvider {

  /** The version alone. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "(unpackaged)");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"diskwright " + text()};
  }
}
