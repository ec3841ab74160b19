package io.diskwright.validate.linux;

import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.os.Architecture;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.io.ImageException;
import io.diskwright.validate.Catalogue;
import io.diskwright.validate.CatalogueEntry;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Rating;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.SystemList;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which Linux it is, and whether the importer knows it. */
public final class SystemRules {

  private static final String STANDARD = "linux.config.os-standard";

  /** The rules that make an image of a listed system a standard one. */
  private static final List<String> DEFINING =
      List.of(
          "partition.table-mbr",
          "partition.single-root",
          "filesystem.root-type",
          "filesystem.clean",
          "filesystem.free-space",
          "linux.config.issue-files",
          "linux.config.fstab-syntax",
          "linux.config.fstab-resolves",
          "linux.config.fstab-stable-names",
          "linux.config.shadow-writable",
          "linux.config.critical-files",
          "linux.config.critical-files-unmodified",
          "linux.boot.config-valid",
          "linux.security.selinux-disabled",
          "linux.software.qemu-ga-absent");

  private static final Set<Architecture> WIDE = Set.of(Architecture.X86_64, Architecture.AARCH64);

  private SystemRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.config.os-identified", SystemRules::identified),
        Rule.of(STANDARD, SystemRules::standard),
        Rule.of("linux.config.nonstandard-mode", SystemRules::nonstandardMode),
        Rule.ofFiles("linux.config.customized-linux-ready", SystemRules::customizedReady),
        Rule.ofFiles("linux.config.arch", SystemRules::architecture));
  }

  /** The entry of the importer's list that a system stands for; empty when it has none. */
  public static Optional<SystemList.Entry> listed(Facts facts) throws IOException {
    Optional<OperatingSystem> os = facts.guest().os();
    Optional<SystemList> list = SystemList.named(facts.profile().guest().systems());
    if (os.isEmpty() || list.isEmpty() || os.get().distribution().isEmpty()) {
      return Optional.empty();
    }
    String version = os.get().version().orElse("");
    return list.get().of(os.get().distribution().get()).stream()
        .filter(e -> e.has(version))
        .findFirst();
  }

  private static Outcome identified(GuestFacts facts) {
    OperatingSystem os = facts.os();
    if (os.distribution().isEmpty()) {
      return Outcome.fail(
          "The distribution cannot be told.",
          new Evidence("/etc/os-release and release files", "none that is known", "one"));
    }
    return os.version().isEmpty()
        ? Outcome.fail(
                "The distribution is " + os.distribution().get() + ", its version cannot be told.",
                new Evidence("release files", "no version", "a version"))
            .atMost(Severity.WARNING)
        : Outcome.pass("The system is " + os.summary() + ".");
  }

  private static Outcome standard(Facts facts) throws IOException {
    Optional<OperatingSystem> os = facts.guest().os();
    if (os.isEmpty()) {
      return Outcome.unknown("No operating system was found on the disk.");
    }
    Optional<SystemList> list = SystemList.named(facts.profile().guest().systems());
    if (list.isEmpty()) {
      return Outcome.notApplicable("The profile lists no systems.");
    }
    if (os.get().distribution().isEmpty() || os.get().version().isEmpty()) {
      return Outcome.unknown("Distribution or version cannot be told.");
    }
    Optional<SystemList.Entry> entry = listed(facts);
    return entry.isPresent() ? compliant(facts, entry.get()) : unlisted(os.get(), list.get());
  }

  private static Outcome unlisted(OperatingSystem os, SystemList list) {
    String version = os.version().orElse("");
    var evidence = new Evidence("operating system", os.summary(), "one of the list");
    boolean newer =
        list.of(os.distribution().orElse("")).stream().anyMatch(e -> e.isOlderThan(version));
    return newer
        ? Outcome.fail(
            "The system is newer than the importer's list (" + list.source() + ").", evidence)
        : Outcome.fail(
            "The system is non-standard: the importer's list does not have it ("
                + list.source()
                + ").",
            evidence);
  }

  private static Outcome compliant(Facts facts, SystemList.Entry entry) throws IOException {
    List<Evidence> failed = new ArrayList<>();
    List<Evidence> undecided = new ArrayList<>();
    Catalogue catalogue = Catalogue.load();
    for (String rule : DEFINING) {
      Optional<Rating> rating =
          catalogue.find(rule).flatMap(e -> rating(e, facts)).filter(r -> !r.onRequest());
      if (rating.isEmpty()) {
        continue;
      }
      Outcome outcome = outcome(facts, rule);
      boolean counts = outcome.severity(rating.get().severity()) == Severity.ERROR;
      if (counts && outcome.status() == Status.FAIL) {
        failed.add(new Evidence(rule, outcome.message(), "passes"));
      } else if (counts && outcome.status() == Status.UNKNOWN) {
        undecided.add(new Evidence(rule, outcome.message(), "passes"));
      }
    }
    if (!failed.isEmpty()) {
      return Outcome.fail(
          "The system is listed, but the image is non-standard: "
              + String.join(", ", failed.stream().map(Evidence::where).toList())
              + ".",
          failed);
    }
    return undecided.isEmpty()
        ? Outcome.pass("The image is standard: import it as " + entry.platform() + ".")
        : Outcome.unknown(
            "The system is listed, but not all that makes it standard is known.",
            undecided.toArray(new Evidence[0]));
  }

  private static Optional<Rating> rating(CatalogueEntry entry, Facts facts) {
    return entry.rating(facts.profile());
  }

  private static Outcome outcome(Facts facts, String rule) throws IOException {
    try {
      return facts.outcome(rule);
    } catch (ImageException e) {
      return Outcome.unknown(e.fault().message());
    }
  }

  private static Outcome nonstandardMode(Facts facts) throws IOException {
    Outcome standard = facts.outcome(STANDARD);
    return switch (standard.status()) {
      case PASS -> Outcome.notApplicable("The image is standard.");
      case NOT_APPLICABLE -> Outcome.notApplicable("The profile lists no systems.");
      case UNKNOWN -> Outcome.unknown("Whether the image is standard is not known.");
      case FAIL -> {
        boolean ready =
            facts.outcome("linux.config.customized-linux-ready").status() == Status.PASS;
        yield Outcome.fail(
            ready
                ? "Import it as Customized Linux, for which it is prepared, or as Others Linux."
                : "Import it as Others Linux, and set address, router and password over the"
                    + " console; for Customized Linux it is not prepared.",
            new Evidence(STANDARD, standard.message(), ""));
      }
    };
  }

  private static Outcome customizedReady(GuestFacts facts) throws IOException {
    GuestVolume first = facts.guest().volumes().getFirst();
    if (!facts.files().isDirectory("aliyun_custom_image")) {
      return Outcome.fail(
          "The directory /aliyun_custom_image is missing.",
          new Evidence("/aliyun_custom_image", "absent", "a directory of the first partition"));
    }
    if (facts.guest().roots().stream().noneMatch(r -> r.volume().name().equals(first.name()))) {
      return Outcome.unknown("The directory /aliyun_custom_image is not on the first partition.");
    }
    for (String path : List.of("etc/rc.local", "etc/rc.d/rc.local")) {
      if (facts.files().text(path).filter(SystemRules::readsConfiguration).isPresent()) {
        return Outcome.pass("/" + path + " reads /aliyun_custom_image.").derived();
      }
    }
    for (String directory : List.of("etc/systemd/system", "etc/init.d")) {
      for (String name : facts.files().names(directory, any -> true)) {
        String path = directory + "/" + name;
        if (facts.files().isFile(path)
            && facts.files().text(path).filter(SystemRules::readsConfiguration).isPresent()) {
          return Outcome.pass("/" + path + " reads /aliyun_custom_image.").derived();
        }
      }
    }
    return Outcome.unknown(
        "/aliyun_custom_image is there; no script was recognised that reads it at boot.");
  }

  private static boolean readsConfiguration(String text) {
    return text.contains("aliyun_custom_image") || text.contains("os.conf");
  }

  private static Outcome architecture(GuestFacts facts) {
    Optional<Architecture> found = facts.os().architecture();
    if (found.isEmpty()) {
      return Outcome.unknown("No program was found whose header tells the architecture.");
    }
    String id = found.get().id();
    return WIDE.contains(found.get())
        ? Outcome.pass("The system is " + id + ".")
        : Outcome.fail(
            "The system is " + id + ".", new Evidence("programs", id, "x86_64 or aarch64"));
  }
}
