package io.diskwright.validate.rule;

import io.diskwright.guest.PartitionRole;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.validate.Evidence;
import io.diskwright.volume.BootCode;
import io.diskwright.volume.MasterBootRecord;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Follows the boot code of the first sector to what it loads. */
final class BootChain {

  private static final int SECTOR = PartitionTable.SECTOR;

  /** GRUB 2's first core sector ends in a list of the others, 12 bytes an entry, going down. */
  private static final int BLOCK_LIST = 500;

  private static final int BLOCK_LIST_ENTRY = 12;
  private static final int MAX_BLOCK_LISTS = 32;
  private static final int BOOT_REGION = 16 * SECTOR;

  private final Facts facts;

  BootChain(Facts facts) {
    this.facts = facts;
  }

  /** Passes when the chain is proven, fails when it is broken, is undecided otherwise. */
  Outcome follow() throws IOException {
    PartitionTable table = facts.table();
    Optional<MasterBootRecord> mbr = table.mbr();
    if (mbr.isEmpty()) {
      return Outcome.fail(
          "The first sector does not end in 55 AA, so no BIOS starts it.",
          new Evidence("MBR signature", "none", "55 AA"));
    }
    BootCode code = BootCode.of(mbr.get());
    return switch (code) {
      case BootCode.None none ->
          Outcome.fail(
              "There is no boot code in the first sector.",
              new Evidence("MBR boot code", "zeros", "a boot loader"));
      case BootCode.Grub2(long coreLba) -> embedded(code, coreLba, true);
      case BootCode.Grub1(long stage2Lba) -> embedded(code, stage2Lba, false);
      case BootCode.Known(var kind) ->
          switch (kind) {
            case WINDOWS, SYSLINUX -> activePartition(code);
            case ISOLINUX, LILO, FREEBSD -> notFollowed(code);
          };
      case BootCode.Unknown unknown ->
          Outcome.unknown("The boot code in the first sector is of an unknown loader.");
    };
  }

  private static Outcome notFollowed(BootCode code) {
    return Outcome.unknown(
        "The boot code is " + code.loader() + "'s; its next stage is not followed.");
  }

  private Outcome embedded(BootCode code, long lba, boolean hasBlockList) throws IOException {
    String field = code.loader() + " next stage";
    if (lba <= 0 || lba >= facts.size() / SECTOR) {
      return Outcome.fail(
          "The boot code loads its next stage from outside the disk.",
          new Evidence(field, "sector " + Fault.number(lba), "a sector of the disk"));
    }
    Optional<ByteView> first = facts.bytes("boot loader", lba * SECTOR, SECTOR);
    if (first.isEmpty() || first.get().isZero(0, SECTOR)) {
      return Outcome.fail(
          "The boot code loads its next stage from a sector of zeros.",
          new Evidence(field, "zeros in sector " + lba, "a boot loader"));
    }
    long end = roomEnd(lba);
    if (end == 0) {
      return Outcome.unknown(
          "The boot code loads its next stage from inside a partition, where it is not followed.",
          Evidence.of(field, "sector " + lba));
    }
    return hasBlockList ? blockLists(code, first.get(), lba, end) : proven(code, lba);
  }

  private static Outcome proven(BootCode code, long lba) {
    return Outcome.pass(
        "The boot code is " + code.loader() + "'s and leads to sector " + lba + ".");
  }

  /**
   * Where the room for a loader ends that a sector lies in, in sectors: the gap before the first
   * partition, or on a GPT disk the BIOS boot partition; 0 when it lies in neither.
   */
  private long roomEnd(long lba) throws IOException {
    PartitionTable table = facts.table();
    if (table.kind() == PartitionTable.Kind.GPT) {
      return facts.partitions(PartitionRole.BIOS_BOOT).stream()
          .filter(p -> lba >= p.start() / SECTOR && lba < (p.start() + p.length()) / SECTOR)
          .mapToLong(p -> (p.start() + p.length()) / SECTOR)
          .findFirst()
          .orElse(0);
    }
    long firstPartition =
        table.partitions().stream().mapToLong(Partition::start).min().orElse(0) / SECTOR;
    return lba < firstPartition ? firstPartition : 0;
  }

  private Outcome blockLists(BootCode code, ByteView sector, long lba, long end)
      throws IOException {
    int entries = 0;
    for (int at = BLOCK_LIST; entries < MAX_BLOCK_LISTS; at -= BLOCK_LIST_ENTRY) {
      long start = sector.u64(at);
      int length = sector.u16(at + 8);
      if (length == 0) {
        break;
      }
      if (start <= 0 || start >= end || length > end - start) {
        return Outcome.fail(
            "The boot loader's core reaches into a partition.",
            new Evidence(
                "GRUB 2 core block list",
                length + " sectors from " + Fault.number(start),
                "sectors below " + end));
      }
      entries++;
    }
    return entries == 0
        ? Outcome.unknown("The first sector of GRUB 2's core holds no list of the others.")
        : proven(code, lba);
  }

  /** Code that starts the active partition: its boot sector must be a loader too. */
  private Outcome activePartition(BootCode code) throws IOException {
    if (facts.table().kind() != PartitionTable.Kind.MBR) {
      return notFollowed(code);
    }
    List<Partition> active =
        facts.table().partitions().stream()
            .filter(p -> p.active() && p.kind() != Partition.Kind.LOGICAL)
            .toList();
    if (active.size() != 1) {
      return Outcome.fail(
          "The boot code starts the active partition, and there is not exactly one.",
          new Evidence("active partitions", Integer.toString(active.size()), "1"));
    }
    Partition partition = active.getFirst();
    Optional<ByteView> region = facts.bytes("boot sector", partition.start(), BOOT_REGION);
    if (region.isEmpty() || region.get().u8(510) != 0x55 || region.get().u8(511) != 0xAA) {
      return Outcome.fail(
          "The active partition does not start with a boot sector.",
          new Evidence("partition " + partition.number() + " boot sector", "no 55 AA", "55 AA"));
    }
    return names(region.get(), "BOOTMGR") || names(region.get(), "NTLDR")
        ? Outcome.pass(
            "The boot code starts partition "
                + partition.number()
                + ", whose boot sector loads Windows' boot manager.")
        : Outcome.unknown(
            "The boot code starts partition "
                + partition.number()
                + ", whose boot sector is not followed.");
  }

  private static boolean names(ByteView region, String file) throws IOException {
    byte[] bytes = region.bytes(0, region.length());
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(file)
        || new String(bytes, StandardCharsets.UTF_16LE).contains(file);
  }
}
