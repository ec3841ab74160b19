package io.diskwright.validate.rule;

import io.diskwright.disk.ImageInfo;
import io.diskwright.guest.ContentFamily;
import io.diskwright.io.ByteView;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Profile.AcceptedFormat;
import io.diskwright.validate.Severity;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the image's format must be, and whether it is what it says. */
final class FormatRules {

  private static final int SECTOR = 512;

  private FormatRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("format.recognized", FormatRules::recognized),
        Rule.of("format.accepted", FormatRules::accepted),
        Rule.of("format.qcow2-ticket", FormatRules::qcow2Ticket),
        Rule.of("format.vhd-recommended", FormatRules::vhdRecommended),
        Rule.of("format.raw-not-disguised", FormatRules::rawNotDisguised),
        Rule.of("format.standalone", FormatRules::standalone));
  }

  private static Outcome recognized(Facts facts) throws IOException {
    String format = facts.info().format();
    ContainerFile file = facts.container();
    List<String> others = file.otherDiskFormats(format);
    if (!others.isEmpty()) {
      return Outcome.fail(
          "The file was read as "
              + format
              + ", but it also carries the signature of "
              + String.join(", ", others)
              + ".",
          new Evidence("signatures", String.join(", ", file.signatures()), format));
    }
    if (format.equals("raw") && !holdsDisk(facts)) {
      return Outcome.fail(
          "No container format, no partition table and no filesystem was recognised in the file.",
          new Evidence("content", "nothing known", "an image format, or a disk in RAW"));
    }
    Optional<String> named = file.namedFormat();
    if (named.isPresent() && !named.get().equals(format)) {
      return Outcome.fail(
              "The file's name says " + named.get() + ", its content is " + format + ".",
              new Evidence("file name", file.name(), "a name that ends in ." + format))
          .atMost(Severity.WARNING)
          .advising("Rename the file.", Fix.USER);
    }
    return Outcome.pass("The file is " + title(facts.info()) + ".");
  }

  private static Outcome accepted(Facts facts) throws IOException {
    ImageInfo info = facts.info();
    String taken = takenBy(facts);
    if (info.format().equals("raw")
        && facts.container().signatures().contains("iso")
        && !holdsSystem(facts)) {
      return Outcome.fail(
              "This is an ISO image, an installation medium and no disk.",
              new Evidence("offset 0x8001", "CD001", taken))
          .advising(
              "Install the system from it in a virtual machine and import that machine's disk.",
              Fix.USER);
    }
    if (!info.wrappers().isEmpty()) {
      return Outcome.fail(
          "The importer takes the disk itself, and this one is inside "
              + String.join(", ", info.wrappers())
              + "; diskwright convert takes it out on the way.",
          new Evidence("file", String.join(", ", info.wrappers()), taken));
    }
    Optional<AcceptedFormat> accepted = facts.profile().accepts(info.format(), info.subformat());
    if (accepted.isEmpty()) {
      return Outcome.fail(
          "The importer does not take "
              + title(info)
              + "; convert it with diskwright convert"
              + " --to vhd.",
          new Evidence("format", title(info), taken));
    }
    if (info.format().equals("qcow2")) {
      Optional<Outcome> feature = unusualQcow2(facts);
      if (feature.isPresent()) {
        return feature.get();
      }
    }
    String condition = accepted.get().condition();
    return Outcome.pass(
        "The importer takes " + title(info) + (condition.isEmpty() ? "." : ", " + condition + "."));
  }

  private static String takenBy(Facts facts) {
    return String.join(
        ", ", facts.profile().formats().stream().map(AcceptedFormat::toString).toList());
  }

  /** Encryption, and what needs more than the dirty and corrupt marks, is taken by no importer. */
  private static Optional<Outcome> unusualQcow2(Facts facts) throws IOException {
    ByteView head = facts.container().head();
    long encryption = head.u32(32);
    if (encryption != 0) {
      return Optional.of(
          Outcome.fail(
              "The image is encrypted, and no importer knows its passphrase.",
              new Evidence("qcow2 header crypt_method", Long.toString(encryption), "0")));
    }
    long incompatible = head.u32(4) >= 3 ? head.u64(72) : 0;
    if ((incompatible & ~3L) != 0) {
      return Optional.of(
          Outcome.fail(
              "The image uses features of qcow2 that importers do not read.",
              new Evidence(
                  "qcow2 header incompatible_features",
                  String.format(Locale.ROOT, "0x%x", incompatible),
                  "no bit above 1")));
    }
    return Optional.empty();
  }

  private static Outcome qcow2Ticket(Facts facts) throws IOException {
    if (!facts.info().format().equals("qcow2")) {
      return Outcome.notApplicable("The image is no qcow2.");
    }
    Optional<Outcome> feature = unusualQcow2(facts);
    if (feature.isPresent()) {
      return feature.get().atLeast(Severity.ERROR);
    }
    return Outcome.fail("The image is a qcow2: open a ticket with the importer, or convert it.");
  }

  private static Outcome vhdRecommended(Facts facts) {
    ImageInfo info = facts.info();
    if (facts.profile().accepts(info.format(), info.subformat()).isEmpty()) {
      return Outcome.notApplicable("The format is not accepted at all.");
    }
    List<String> recommended = facts.profile().recommended();
    return recommended.contains(info.format())
        ? Outcome.pass("The image is in a recommended format.")
        : Outcome.fail(
            "VHD is recommended, since it takes less to send; this is " + title(info) + ".",
            new Evidence("format", info.format(), String.join(", ", recommended)));
  }

  private static Outcome rawNotDisguised(Facts facts) throws IOException {
    if (!facts.info().format().equals("raw")) {
      return Outcome.notApplicable("The image is no RAW image.");
    }
    ContainerFile file = facts.container();
    boolean system = holdsSystem(facts);
    List<String> signatures =
        file.signatures().stream().filter(s -> !s.equals("iso") || !system).toList();
    if (!signatures.isEmpty()) {
      return Outcome.fail(
          "The file was read as RAW, but it is " + String.join(" and ", signatures) + ".",
          new Evidence("signatures", String.join(", ", signatures), "none"));
    }
    if (file.size() % SECTOR != 0) {
      return Outcome.fail(
          "A disk has whole sectors; this file ends inside one.",
          new Evidence("file length", Sizes.bytes(file.size()), "a multiple of 512 bytes"));
    }
    if (!holdsDisk(facts) && !isBlank(facts)) {
      return Outcome.unknown(
          "Nothing is recognised in the file: it may be encrypted or of a format unknown here.");
    }
    return Outcome.pass("The file carries no other format's signature.");
  }

  private static Outcome standalone(Facts facts) {
    ImageInfo info = facts.info();
    if (info.format().equals("raw")) {
      return Outcome.notApplicable("A RAW image names no other file.");
    }
    if (!info.externalFiles().isEmpty()) {
      return Outcome.fail(
          "The image needs " + info.externalFiles().size() + " other file(s).",
          info.externalFiles().stream()
              .map(f -> new Evidence(f.role(), f.path().toString(), "none"))
              .toList());
    }
    return Outcome.pass(
        info.snapshots().isEmpty()
            ? "The image names no other file."
            : "The image names no other file; its "
                + info.snapshots().size()
                + " snapshot(s) are left out when it is converted.");
  }

  /** Whether there is a partition table or a filesystem, so that the file may be a disk. */
  static boolean holdsDisk(Facts facts) throws IOException {
    return facts.table().kind() != PartitionTable.Kind.NONE
        || facts.volumes().stream().anyMatch(v -> v.content().isPresent());
  }

  /** Whether a volume is of Linux, a BSD or Windows, which an installation medium has not. */
  private static boolean holdsSystem(Facts facts) throws IOException {
    return facts.volumes().stream()
        .flatMap(v -> v.content().stream())
        .anyMatch(c -> ContentFamily.of(c) != ContentFamily.SHARED);
  }

  private static boolean isBlank(Facts facts) throws IOException {
    ByteView head = facts.container().head();
    return head.isZero(0, head.length());
  }

  static String title(ImageInfo info) {
    return info.subformat().isEmpty()
        ? info.format()
        : info.format() + " (" + info.subformat() + ")";
  }
}
