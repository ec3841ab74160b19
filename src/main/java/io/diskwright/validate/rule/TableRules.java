package io.diskwright.validate.rule;

import io.diskwright.guest.PartitionRole;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.volume.Gpt;
import io.diskwright.volume.MasterBootRecord;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.TableProblem;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the partition table must be. */
final class TableRules {

  private TableRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("partition.table-mbr", TableRules::mbr),
        Rule.of("partition.table-valid", TableRules::valid),
        Rule.of("partition.gpt-backup-position", TableRules::backupPosition));
  }

  private static Outcome mbr(Facts facts) throws IOException {
    PartitionTable table = facts.table();
    return switch (table.kind()) {
      case GPT -> gpt(facts, table);
      case NONE -> none(facts);
      case MBR -> {
        if (table.mbr().map(MasterBootRecord::isProtective).orElse(false)) {
          yield Outcome.fail(
              "The MBR has an entry of type EE, as a disk with a GPT has.",
              new Evidence("MBR", "an entry of type EE", "none"));
        }
        if (table.partitions().isEmpty()) {
          yield Outcome.fail(
              "The MBR names no partition.",
              new Evidence("MBR", "four empty entries", "a partition"));
        }
        yield table.gpt().isPresent()
            ? Outcome.fail(
                    "The disk has an MBR, but the remains of a GPT confuse some tools.",
                    new Evidence("GPT header", "present", "none"))
                .atMost(Severity.WARNING)
            : Outcome.pass("The disk has an MBR.");
      }
    };
  }

  private static Outcome gpt(Facts facts, PartitionTable table) throws IOException {
    boolean hybrid = table.mbr().map(MasterBootRecord::isHybrid).orElse(false);
    var evidence = new Evidence("partition table", hybrid ? "GPT with a hybrid MBR" : "GPT", "MBR");
    // The import notes list CoreOS as supported, and all its images are GPT.
    return facts.partitions(PartitionRole.COREOS_USR).isEmpty()
        ? Outcome.fail("The disk has a GPT.", evidence)
        : Outcome.fail(
                "The disk has a GPT, as every CoreOS has, which the import notes list as"
                    + " supported all the same.",
                evidence)
            .derived()
            .atMost(Severity.INFO);
  }

  private static Outcome none(Facts facts) throws IOException {
    Optional<String> filesystem =
        facts.volumes().stream().flatMap(v -> v.content().stream()).map(c -> c.type()).findFirst();
    return Outcome.fail(
        "The disk has no partition table"
            + filesystem.map(f -> ": all of it is one volume, " + f).orElse("")
            + ".",
        new Evidence("first sector", "no partition table", "MBR"));
  }

  private static Outcome valid(Facts facts) throws IOException {
    PartitionTable table = facts.table();
    if (table.kind() == PartitionTable.Kind.NONE) {
      return facts.profile().partitionTables().contains("none")
          ? Outcome.notApplicable("There is no partition table.")
          : Outcome.fail(
                  "The disk has no partition table.",
                  new Evidence("first sector", "no partition table", "MBR or GPT"))
              .advising(
                  "Supply the image of a whole system disk, not of a partition or a data disk.",
                  Fix.USER);
    }
    String kind = table.kind().name();
    if (table.problems().isEmpty()) {
      return Outcome.pass("The " + kind + " is sound.");
    }
    List<Evidence> evidence = table.problems().stream().map(TableRules::evidence).toList();
    return table.isDamaged()
        ? Outcome.fail("The " + kind + " is damaged.", evidence)
        : Outcome.fail("The " + kind + " has a fault that readers get around.", evidence)
            .atMost(Severity.WARNING);
  }

  private static Evidence evidence(TableProblem problem) {
    return new Evidence(
        String.format(
            Locale.ROOT, "%s at offset 0x%x of the disk", problem.structure(), problem.offset()),
        problem.found(),
        problem.allowed());
  }

  private static Outcome backupPosition(Facts facts) throws IOException {
    Optional<Gpt> gpt = facts.table().gpt();
    if (facts.table().kind() != PartitionTable.Kind.GPT || gpt.isEmpty()) {
      return Outcome.notApplicable("The disk has no GPT.");
    }
    long last = facts.size() / PartitionTable.SECTOR - 1;
    if (gpt.get().backupAtEnd()) {
      return Outcome.pass("The GPT's backup lies in the last sector.");
    }
    long lba = gpt.get().backupLba();
    return Outcome.fail(
        "The GPT's backup does not lie in the last sector.",
        new Evidence(
            "GPT backup header", lba < 0 ? "none found" : "in sector " + lba, "in sector " + last));
  }
}
