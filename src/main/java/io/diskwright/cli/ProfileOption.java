package io.diskwright.cli;

import io.diskwright.validate.Profile;
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
          "The importer's requirements: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String name = Profile.DEFAULT;

  Profile profile() {
    return Profile.named(name);
  }
}
