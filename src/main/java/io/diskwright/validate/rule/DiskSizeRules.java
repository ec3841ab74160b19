package io.diskwright.validate.rule;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.util.List;

/** How large the disk may be. A GB of the import notes is a GiB; RULES say why. */
final class DiskSizeRules {

  private static final long GB = 1_000_000_000;

  private DiskSizeRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("disk.virtual-size-range", DiskSizeRules::range),
        Rule.of("disk.import-size", DiskSizeRules::importSize),
        Rule.of("disk.size-rounding", DiskSizeRules::rounding));
  }

  private static Outcome range(Facts facts) {
    Profile profile = facts.profile();
    long size = facts.size();
    long minimum = profile.minimumSize();
    long maximum = profile.maximumSize();
    if (minimum == 0 && maximum == Long.MAX_VALUE) {
      return Outcome.notApplicable("The importer states no limits.");
    }
    var evidence = new Evidence("virtual size", Sizes.bytes(size), limits(minimum, maximum));
    if (size < minimum) {
      return Outcome.fail(tooSmall(size, minimum), evidence);
    }
    if (size > maximum) {
      return Outcome.fail(
              "The disk has "
                  + Sizes.bytes(size)
                  + ", more than the largest allowed of "
                  + Sizes.bytes(maximum)
                  + ".",
              evidence)
          .advising(
              "Shrink the filesystem and its partition in the guest, then the disk; an xfs"
                  + " cannot be shrunk and must be copied to a smaller disk.",
              Fix.TOOL);
    }
    return Outcome.pass(inside(size, maximum), evidence);
  }

  private static String limits(long minimum, long maximum) {
    String from = minimum == 0 ? "" : "at least " + Sizes.bytes(minimum);
    String to = maximum == Long.MAX_VALUE ? "" : "at most " + Sizes.bytes(maximum);
    return from.isEmpty() || to.isEmpty() ? from + to : from + ", " + to;
  }

  private static String tooSmall(long size, long minimum) {
    var text = new StringBuilder("The disk has ");
    text.append(Sizes.bytes(size)).append(", less than ").append(Sizes.bytes(minimum)).append('.');
    if (minimum % Sizes.GIB == 0 && size >= minimum / Sizes.GIB * GB) {
      text.append(" These are ")
          .append(Sizes.decimal(size))
          .append(" decimal, but the importer ")
          .append("counts GiB: grow the disk to ")
          .append(Sizes.binary(minimum))
          .append('.');
    }
    return text.append(" The importer only wants the disk to be that large, so growing it by zeros")
        .append(" is enough.")
        .toString();
  }

  private static String inside(long size, long maximum) {
    String text = "The disk has " + Sizes.bytes(size) + ".";
    boolean onlyInGib =
        maximum != Long.MAX_VALUE && maximum % Sizes.GIB == 0 && size > maximum / Sizes.GIB * GB;
    return onlyInGib
        ? text
            + " That is above "
            + maximum / Sizes.GIB
            + " GB decimal, and right only because"
            + " the importer counts GiB, as all its editions since 2019 do."
        : text;
  }

  private static Outcome importSize(Facts facts) throws IOException {
    long gib = importGib(facts);
    return Outcome.pass(
        "Enter " + gib + " GiB as the disk size in the import dialog, not the file's length.",
        Evidence.of("virtual size", Sizes.bytes(facts.size())),
        Evidence.of("file length, not to be entered", Sizes.bytes(facts.container().size())));
  }

  /** What to type into the import dialog: the size, or the profile's minimum if that is more. */
  static long importGib(Facts facts) {
    return Math.ceilDiv(Math.max(facts.size(), facts.profile().minimumSize()), Sizes.GIB);
  }

  private static Outcome rounding(Facts facts) {
    Profile profile = facts.profile();
    long multiple = profile.countedMultiple();
    long size = facts.size();
    long rest = size % multiple;
    if (rest == 0) {
      return Outcome.pass("The disk's size is a multiple of " + Sizes.binary(multiple) + ".");
    }
    var evidence =
        new Evidence(
            "virtual size",
            Sizes.bytes(size) + ", " + rest + " above a multiple",
            "a multiple of " + Sizes.bytes(multiple));
    // An importer whose dialog counts in larger units than its images must have rounds by itself.
    if (multiple <= profile.sizeMultiple()) {
      return Outcome.fail(
          "The disk's size is no multiple of " + Sizes.binary(multiple) + ".", evidence);
    }
    long units = Math.ceilDiv(size, multiple);
    return units > profile.maximumSize() / multiple
        ? Outcome.fail(
            "Rounded up, the disk has "
                + units
                + " units of "
                + Sizes.binary(multiple)
                + ", more than the importer allows.",
            evidence)
        : Outcome.pass(
            "The importer rounds the disk up to "
                + units
                + " units of "
                + Sizes.binary(multiple)
                + ".",
            evidence);
  }
}
