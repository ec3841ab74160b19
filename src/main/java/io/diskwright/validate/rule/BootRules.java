package io.diskwright.validate.rule;

import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.PartitionRole;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.BootCode;
import io.diskwright.volume.MbrEntry;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
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

  private static Outcome sameDisk(Facts facts) {
    return Outcome.unknown(
        "What the system mounts stands in its own files, which the rules of this version do"
            + " not read yet.");
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
              esp
                  ? "The disk starts by BIOS; there is an EFI system partition too, which is not"
                      + " looked into in this version."
                  : "The disk starts by BIOS.");
      case FAIL -> {
        if (!esp) {
          yield Outcome.fail(
                  "The disk starts neither by BIOS nor by UEFI.",
                  new Evidence(
                      "boot mode", "no boot code that works and no EFI system partition", "one"))
              .atLeast(Severity.ERROR);
        }
        yield uefiTaken
            ? Outcome.unknown(
                "The disk does not start by BIOS; whether the EFI system partition holds a"
                    + " loader is not looked into in this version.")
            : Outcome.fail(
                    "The disk can only start by UEFI, which the importer does not offer.",
                    new Evidence("boot mode", "UEFI at best", "BIOS"))
                .derived();
      }
      case UNKNOWN, NOT_APPLICABLE ->
          Outcome.unknown("Whether the boot code works is not known, see partition.boot-code.");
    };
  }

  private static Outcome espFallback(Facts facts) throws IOException {
    if (facts.table().isDamaged()) {
      return Layout.damaged();
    }
    return hasEsp(facts)
        ? Outcome.unknown(
            "The FAT filesystem of the EFI system partition is not read in this version.")
        : Outcome.notApplicable("There is no EFI system partition.");
  }

  private static boolean hasEsp(Facts facts) throws IOException {
    return !facts.partitions(PartitionRole.EFI_SYSTEM).isEmpty();
  }
}
