package io.diskwright.validate;

import java.util.Map;
import java.util.Optional;

/**
 * A rule as the catalogue describes it.
 *
 * @param id {@code group.name}
 * @param what what is checked, one sentence
 * @param why where the requirement comes from, one sentence
 * @param how how it is checked, empty where this version does not check it
 * @param action what the user should do when it fails
 * @param source sentences of the import notes (L1, W1, …) and other sources it was taken from
 * @param appliesTo to which images: {@code any}, {@code Linux}, {@code VHD}, …
 * @param severity the catalogue's notation for each profile: {@code E}, {@code W}, {@code i},
 *     {@code off}, or two with a slash between them
 * @param fix the class of repair: F1 to F8 in place, {@code conv} by converting, {@code X} by
 *     another tool, {@code none}
 * @param cannotTell when it stays undecided, beyond what cannot be read; empty for never
 * @param tier 1 is needed first, 3 last
 */
public record CatalogueEntry(
    String id,
    String what,
    String why,
    String how,
    String action,
    String source,
    String appliesTo,
    Map<String, String> severity,
    String fix,
    String cannotTell,
    int tier) {

  /** Takes a copy of the severities. */
  public CatalogueEntry {
    severity = Map.copyOf(severity);
  }

  /** The part of the id before the first dot. */
  public String group() {
    return id.substring(0, id.indexOf('.'));
  }

  /** How grave the rule is in a profile; empty when it is off there. */
  public Optional<Rating> rating(Profile profile) {
    String own = profile.severity().get(id);
    return Rating.parse(own != null ? own : severity.getOrDefault(profile.base(), "off"));
  }

  /** Who can put a failure right. */
  public Fix remedy() {
    return switch (fix.charAt(0)) {
      case 'F' -> Fix.OFFLINE;
      case 'c', 'X' -> Fix.TOOL;
      default -> Fix.USER;
    };
  }
}
