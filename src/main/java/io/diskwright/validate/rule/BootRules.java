package io.diskwright.validate.rule;

import io.diskwright.guest.FstabEntry;
import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.Mount;
import io.diskwright.guest.PartitionRole;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.BootCode;
import io.diskwright.volume.MbrEntry;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether and how the disk starts. */
final class BootRules {

  private BootRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("partition.active-flag", BootRules::activeFlag),
        Rule.of("partition.boot-code", BootRules::bootCode),
        Rule.of("partition.boot-on-same-disk", BootRules::sameDisk),
        Rule.of("partition.boot-mode", BootRules::bootMode),
        Rule.of("partition.esp-fallback", BootRules::espFallback));
  }

  private static Outcome activeFlag(Facts facts) throws IOException {
    PartitionTable table = facts.table();
    if (table.kind() != PartitionTable.Kind.MBR || table.mbr().isEmpty()) {
      return Outcome.notApplicable("The disk has no MBR partitions.");
    }
    BootCode code = BootCode.of(table.mbr().get());
    if (code instanceof BootCode.None && hasEsp(facts)) {
      return Outcome.notApplicable("The disk does not start by BIOS.");
    }
    List<MbrEntry> active =
        table.mbr().get().entries().stream().filter(e -> e.used() && e.active()).toList();
    var evidence =
        new Evidence("MBR boot indicators", active.size() + " active partitions", "exactly one");
    if (active.size() > 1) {
      return Outcome.fail("Several partitions are marked as active.", evidence);
    }
    boolean windows = facts.family() == GuestFamily.WINDOWS;
    if (active.isEmpty()) {
      return noneActive(code, windows, evidence);
    }
    // Windows' boot manager and configuration are files on the active partition.
    return windows
        ? Outcome.unknown(
            "One partition is active; that it holds the boot manager and \\Boot\\BCD needs the"
                + " guest's files, which the rules of this version do not read yet.")
        : Outcome.pass("Partition " + active.getFirst().index() + " is marked as active.");
  }

  /** GRUB and LILO do not look at the mark, but some firmware wants one. */
  private static Outcome noneActive(BootCode code, boolean windows, Evidence evidence) {
    var outcome = Outcome.fail("No partition is marked as active.", evidence);
    if (windows || startsActivePartition(code)) {
      return outcome;
    }
    boolean ignoresMark =
        code instanceof BootCode.Grub1
            || code instanceof BootCode.Grub2
            || code instanceof BootCode.Known(var kind) && kind == BootCode.Loader.LILO;
    return ignoresMark
        ? outcome.atMost(Severity.WARNING)
        : Outcome.unknown(
            "No partition is marked as active; whether the "
                + code.loader()
                + " loader needs one is not known.",
            evidence);
  }

  private static boolean startsActivePartition(BootCode code) {
    return code instanceof BootCode.Known(var kind)
        && (kind == BootCode.Loader.WINDOWS || kind == BootCode.Loader.SYSLINUX);
  }

  private static Outcome bootCode(Facts facts) throws IOException {
    PartitionTable table = facts.table();
    boolean none = table.mbr().isEmpty() || BootCode.of(table.mbr().get()) instanceof BootCode.None;
    return none && hasEsp(facts)
        ? Outcome.notApplicable(
            "There is no boot code but an EFI system partition: it starts by UEFI.")
        : new BootChain(facts).follow();
  }

  private static Outcome sameDisk(Facts facts) throws IOException {
    if (facts.family() == GuestFamily.WINDOWS) {
      return Outcome.unknown(
          "What Windows mounts stands in its registry, which this rule does not read yet.");
    }
    if (facts.guest().roots().isEmpty()) {
      return Outcome.unknown("No operating system was found, so what it mounts is not known.");
    }
    List<Evidence> missing = new ArrayList<>();
    for (Mount mount : facts.guest().mounts().mounts()) {
      FstabEntry entry = mount.entry();
      boolean needed =
          isOfSystem(entry.file())
              && !entry.mntops().contains("nofail")
              && !entry.mntops().contains("noauto");
      if (needed && mount.volume().isEmpty() && !mount.shown()) {
        missing.add(
            new Evidence(
                "/etc/fstab:" + entry.line(),
                entry.spec() + " on " + entry.file(),
                "a volume of this disk"));
      }
    }
    return missing.isEmpty()
        ? Outcome.pass("All that the system needs to start is on this disk.")
        : Outcome.fail("The system needs a volume that is not on this disk.", missing);
  }

  private static boolean isOfSystem(String path) {
    return path.equals("/")
        || List.of(
                "/boot", "/usr", "/bin", "/sbin", "/lib", "/etc", "/var", "/opt", "/srv", "/home")
            .stream()
            .anyMatch(d -> path.equals(d) || path.startsWith(d + "/"));
  }

  /** The boot mode that is proven: {@code BIOS}, or nothing. UEFI needs the loader's file. */
  static boolean startsByBios(Facts facts) throws IOException {
    return new BootChain(facts).follow().status() == Status.PASS;
  }

  private static Outcome bootMode(Facts facts) throws IOException {
    if (facts.table().isDamaged()) {
      return Layout.damaged();
    }
    boolean esp = hasEsp(facts);
    boolean uefiTaken = facts.profile().bootModes().contains("UEFI");
    return switch (new BootChain(facts).follow().status()) {
      case PASS ->
          Outcome.pass(
              esp && !EfiPartition.read(facts).loaders().isEmpty()
                  ? "The disk starts by BIOS, and by UEFI too."
                  : "The disk starts by BIOS.");
      case FAIL -> {
        if (!esp) {
          yield Outcome.fail(
                  "The disk starts neither by BIOS nor by UEFI.",
                  new Evidence(
                      "boot mode", "no boot code that works and no EFI system partition", "one"))
              .atLeast(Severity.ERROR);
        }
        EfiPartition efi = EfiPartition.read(facts);
        if (efi.loaders().isEmpty()) {
          yield efi.unread().isEmpty()
              ? Outcome.fail(
                      "The disk starts neither by BIOS nor by UEFI.",
                      new Evidence("EFI system partition", "no loader in /EFI", "one"))
                  .atLeast(Severity.ERROR)
              : Outcome.unknown(
                  "The disk does not start by BIOS, and the EFI system partition is not read: "
                      + efi.unread().getFirst().reason());
        }
        yield uefiTaken
            ? Outcome.pass(
                "The disk starts by UEFI only: choose that boot mode at import.",
                Evidence.of("EFI system partition", String.join(", ", efi.loaders())))
            : Outcome.fail(
                "The disk can only start by UEFI, which the importer does not offer.",
                new Evidence("boot mode", "UEFI", "BIOS"));
      }
      case UNKNOWN, NOT_APPLICABLE ->
          Outcome.unknown("Whether the boot code works is not known, see partition.boot-code.");
    };
  }

  private static Outcome espFallback(Facts facts) throws IOException {
    if (facts.table().isDamaged()) {
      return Layout.damaged();
    }
    if (!hasEsp(facts)) {
      return Outcome.notApplicable("There is no EFI system partition.");
    }
    EfiPartition efi = EfiPartition.read(facts);
    if (!efi.fallbacks().isEmpty()) {
      return Outcome.pass("The EFI system partition has " + efi.fallbacks().getFirst() + ".");
    }
    return efi.unread().isEmpty()
        ? Outcome.fail(
            "The EFI system partition has no loader that firmware starts without being told.",
            new Evidence(
                "EFI system partition",
                efi.loaders().isEmpty() ? "no loader" : String.join(", ", efi.loaders()),
                "EFI/BOOT/BOOTX64.EFI or that of its architecture"))
        : Outcome.unknown(
            "The EFI system partition is not read: " + efi.unread().getFirst().reason());
  }

  /** The boot modes that are proven, in the importer's words; empty when none is. */
  static String modes(Facts facts) throws IOException {
    boolean uefi = hasEsp(facts) && !EfiPartition.read(facts).loaders().isEmpty();
    if (startsByBios(facts)) {
      return "BIOS";
    }
    return uefi ? "UEFI" : "";
  }

  private static boolean hasEsp(Facts facts) throws IOException {
    return !facts.partitions(PartitionRole.EFI_SYSTEM).isEmpty();
  }
}
