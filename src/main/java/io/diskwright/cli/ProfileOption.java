package io.diskwright.cli;

import io.diskwright.validate.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import picocli.CommandLine.Option;

/** Whose requirements count. */
final class ProfileOption {

  /** The profiles {@code --profile} takes. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Profile.names().iterator();
    }
  }

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = Profile.DEFAULT,
      completionCandidates = Names.class,
      description =
          "The importer's requirements: ${COMPLETION-CANDIDATES}, or your own from a file"
              + " (./our-cloud.json). Default: ${DEFAULT-VALUE}.")
  private String name = Profile.DEFAULT;

  /** A path, told by a slash or its ending, is a user's own. */
  Profile profile() throws IOException {
    boolean isFile = name.contains("/") || name.endsWith(".json");
    return isFile ? Profile.read(Path.of(name)) : Profile.named(name);
  }
}
