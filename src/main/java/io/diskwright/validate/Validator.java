package io.diskwright.validate;

import io.diskwright.disk.DiskImage;
import io.diskwright.guest.GuestFamily;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.ImportParameters;
import io.diskwright.validate.rule.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Judges images by the rules of one profile. It reads the guest's own files, but not all of the
 * image, and writes nothing. Safe for any thread.
 */
public final class Validator {

  private final Profile profile;
  private final Catalogue catalogue = Catalogue.load();

  /** A validator for one importer. */
  public Validator(Profile profile) {
    this.profile = profile;
  }

  /**
   * Judges an image.
   *
   * @param file the image as the user named it
   * @param disk the same, opened; it stays open
   * @throws IOException when the environment fails; what is wrong with the image is a finding
   */
  public Validation validate(Path file, DiskImage disk) throws IOException {
    return validate(file, disk, false);
  }

  /**
   * Judges an image.
   *
   * @param file the image as the user named it
   * @param disk the same, opened; it stays open
   * @param deep whether the structures of the filesystems are walked, which may take minutes
   * @throws IOException when the environment fails; what is wrong with the image is a finding
   */
  public Validation validate(Path file, DiskImage disk, boolean deep) throws IOException {
    try (var facts = new Facts(new Subject(file, disk, profile, deep))) {
      var findings = new ArrayList<Finding>();
      for (CatalogueEntry entry : catalogue.entries()) {
        findings.add(judge(entry, facts));
      }
      return new Validation(
          file.toString(),
          disk.info().format(),
          disk.info().subformat(),
          disk.size(),
          profile.name(),
          findings,
          ImportParameters.of(facts));
    }
  }

  /**
   * What can be said of an image that was refused when it was opened: one rule fails, whether the
   * profile knows it or not, and no other is decided.
   */
  public Validation refused(Path file, ImageException why) {
    Fault fault = why.fault();
    String failing = failing(why);
    var findings = new ArrayList<Finding>();
    for (CatalogueEntry entry : catalogue.entries()) {
      findings.add(
          entry.id().equals(failing)
              ? new Finding(
                  failing,
                  Severity.ERROR,
                  Status.FAIL,
                  Confidence.PROVED,
                  "The image is refused: " + fault.structure() + " is " + fault.found() + ".",
                  List.of(new Evidence(where(fault), fault.found(), fault.allowed())),
                  fault.remedy(),
                  entry.remedy())
              : finding(
                  entry,
                  off(entry)
                      .orElse(
                          Outcome.unknown("The image could not be opened, see " + failing + "."))));
    }
    return new Validation(file.toString(), "", "", -1, profile.name(), findings, Map.of());
  }

  private static String failing(ImageException why) {
    return switch (why) {
      case AmbiguousImage ambiguous -> "format.recognized";
      case UnsafeReference unsafe -> "format.standalone";
      case CorruptImage corrupt -> {
        // The reader of VHD calls it so; VMDK's streams have a "stream footer" and its marker.
        String structure = corrupt.fault().structure();
        yield structure.startsWith("footer") && !structure.equals("footer marker")
            ? "format.vhd-footer-valid"
            : "format.container-integrity";
      }
      case UnsupportedFeature unsupported ->
          unsupported.fault().structure().equals("footer disk type")
              ? "format.vhd-subtype"
              : "format.container-integrity";
      case LimitExceeded limit -> "format.container-integrity";
    };
  }

  private static String where(Fault fault) {
    String structure = fault.source() + ": " + fault.structure();
    return fault.offset() == Fault.NOWHERE
        ? structure
        : String.format(Locale.ROOT, "%s at offset 0x%x", structure, fault.offset());
  }

  private Finding judge(CatalogueEntry entry, Facts facts) throws IOException {
    Optional<Outcome> off = off(entry);
    if (off.isPresent()) {
      return finding(entry, off.get());
    }
    try {
      Optional<Outcome> other = ofAnotherFamily(entry, facts);
      if (other.isPresent()) {
        return finding(entry, other.get());
      }
      return finding(entry, facts.outcome(entry.id()));
    } catch (ImageException e) {
      return finding(entry, Outcome.unknown("The image could not be read: " + e.fault().message()));
    }
  }

  private Optional<Outcome> off(CatalogueEntry entry) {
    Optional<Rating> rating = entry.rating(profile);
    if (rating.isEmpty()) {
      return Optional.of(Outcome.notApplicable("Not asked for by the profile."));
    }
    return rating.get().onRequest()
        ? Optional.of(Outcome.notApplicable("Checked on request only."))
        : Optional.empty();
  }

  /** A rule for another family of systems does not apply once the guest's family is proven. */
  private static Optional<Outcome> ofAnotherFamily(CatalogueEntry entry, Facts facts)
      throws IOException {
    boolean windows = entry.group().equals("windows");
    boolean linux = entry.group().equals("linux");
    if (!windows && !linux) {
      return Optional.empty();
    }
    boolean bsd = entry.appliesTo().contains("BSD") || entry.appliesTo().equals("non-standard");
    GuestFamily guest = family(facts);
    boolean other =
        switch (guest) {
          case WINDOWS -> linux;
          case LINUX -> windows;
          case BSD -> windows || (linux && !bsd);
          case UNKNOWN -> false;
        };
    return other
        ? Optional.of(Outcome.notApplicable("The guest is " + guest.title() + "."))
        : Optional.empty();
  }

  private static GuestFamily family(Facts facts) throws IOException {
    try {
      return facts.family();
    } catch (ImageException e) {
      // Volumes that cannot be read prove nothing; format.container-integrity reports them.
      return GuestFamily.UNKNOWN;
    }
  }

  private Finding finding(CatalogueEntry entry, Outcome outcome) {
    Optional<Rating> rating = entry.rating(profile);
    Severity severity = outcome.severity(rating.map(Rating::severity).orElse(Severity.INFO));
    boolean failed = outcome.status() == Status.FAIL;
    Fix fix = outcome.fix().orElse(entry.remedy());
    return new Finding(
        entry.id(),
        severity,
        outcome.status(),
        outcome.confidence(),
        outcome.message(),
        outcome.evidence(),
        failed ? outcome.action().orElse(entry.action()) : "",
        failed ? fix : Fix.NONE);
  }
}
