package io.diskwright.prepare;

import io.diskwright.disk.Patch;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.volume.Gpt;
import io.diskwright.volume.GptHeader;
import io.diskwright.volume.MasterBootRecord;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.TableProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes a GUID partition table along to a new end of its disk. For one use. */
final class GptMove {

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final long PRIMARY_LBA = 1;
  private static final long PRIMARY_ARRAY_LBA = 2;

  private final VirtualDisk disk;
  private final PartitionTable table;
  private final long newSectors;
  private final SectorPatches changes = new SectorPatches();
  private final List<String> actions = new ArrayList<>();

  /**
   * @param newSize bytes, a multiple of 512, at least the disk's size
   */
  GptMove(VirtualDisk disk, PartitionTable table, long newSize) {
    this.disk = disk;
    this.table = table;
    this.newSectors = newSize / SECTOR;
  }

  List<Patch> patches() {
    return changes.patches();
  }

  /** Fills the changes, and says what they do. */
  List<String> plan() throws IOException {
    Gpt gpt = table.gpt().orElse(null);
    GptHeader header = gpt == null ? null : gpt.inUse().orElse(null);
    if (gpt == null || header == null || table.isDamaged()) {
      return List.of("GPT left as it is, since it is damaged beyond repair: " + firstFault());
    }
    long backupLba = newSectors - 1;
    if (isInPlace(gpt, backupLba)) {
      return List.of();
    }
    long backupArray = backupLba - header.arraySectors();
    long primaryArray = gpt.primarySound() ? header.partitionEntryLba() : PRIMARY_ARRAY_LBA;
    if (Math.max(lastUsedLba(), header.firstUsableLba()) >= backupArray) {
      return List.of("GPT left as it is: no room for a backup between the partitions and the end");
    }
    if (header.firstUsableLba() - header.arraySectors() < primaryArray) {
      return List.of("GPT left as it is: the primary's entries are not before the partitions");
    }
    clearOldBackup(gpt, primaryArray, header.arraySectors());
    write(gpt, header, primaryArray, backupArray, backupLba);
    protect(gpt);
    return actions;
  }

  private void write(Gpt gpt, GptHeader header, long primaryArray, long backupArray, long backupLba)
      throws IOException {
    byte[] array = new byte[(int) header.arrayBytes()];
    disk.read(header.partitionEntryLba() * SECTOR, ByteBuffer.wrap(array));
    long lastUsable = backupArray - 1;
    changes.put(
        PRIMARY_LBA, header.placed(PRIMARY_LBA, backupLba, lastUsable, primaryArray).encode());
    if (!gpt.primarySound()) {
      changes.put(primaryArray, array);
      actions.add("GPT primary header and entries rebuilt from the backup");
    }
    changes.put(backupArray, array);
    changes.put(backupLba, header.placed(backupLba, PRIMARY_LBA, lastUsable, backupArray).encode());
    actions.add("GPT backup header written to sector " + backupLba + ", the disk's last");
    if (header.lastUsableLba() != lastUsable) {
      actions.add("GPT LastUsableLBA set from " + header.lastUsableLba() + " to " + lastUsable);
    }
  }

  private String firstFault() {
    return table.problems().stream()
        .filter(TableProblem::fatal)
        .findFirst()
        .map(p -> p.structure() + ": " + p.found() + " instead of " + p.allowed())
        .orElse("no sound copy");
  }

  private static boolean isInPlace(Gpt gpt, long backupLba) {
    return gpt.primarySound()
        && gpt.backupSound()
        && gpt.backupLba() == backupLba
        && gpt.primary().orElseThrow().alternateLba() == backupLba
        && gpt.primary().orElseThrow().describesSame(gpt.backup().orElseThrow());
  }

  /** The last sector of any partition; 0 when there is none. */
  private long lastUsedLba() {
    return table.partitions().stream()
        .mapToLong(p -> (p.start() + p.length()) / SECTOR - 1)
        .max()
        .orElse(0);
  }

  private boolean isTaken(long lba) {
    return table.partitions().stream()
        .anyMatch(p -> p.start() / SECTOR <= lba && lba < (p.start() + p.length()) / SECTOR);
  }

  /**
   * Programs that look for a lost GPT would find the old backup. Its entries are only cleared where
   * they belong: between the last usable sector and their header.
   */
  private void clearOldBackup(Gpt gpt, long primaryArray, long primarySectors) {
    if (gpt.backup().isEmpty()) {
      return;
    }
    GptHeader backup = gpt.backup().get();
    long first = gpt.backupLba();
    if (gpt.backupSound()
        && backup.partitionEntryLba() > backup.lastUsableLba()
        && backup.partitionEntryLba() < first) {
      first = Math.max(backup.partitionEntryLba(), first - backup.arraySectors());
    }
    boolean cleared = false;
    for (long lba = first; lba <= gpt.backupLba(); lba++) {
      boolean primary = lba >= primaryArray && lba - primaryArray < primarySectors;
      if (!primary && !isTaken(lba)) {
        changes.clear(lba);
        cleared = true;
      }
    }
    if (cleared) {
      actions.add("Old GPT backup before sector " + (gpt.backupLba() + 1) + " cleared");
    }
  }

  /** The protective entry covers the whole disk; in a hybrid MBR, only if it did before. */
  private void protect(Gpt gpt) throws IOException {
    MasterBootRecord mbr = table.mbr().orElseThrow();
    byte[] sector = new byte[SECTOR];
    disk.read(0, ByteBuffer.wrap(sector));
    var edit = new ProtectiveMbr(sector);
    if (edit.cover(mbr, disk.size() / SECTOR, gpt.backupLba() + 1, newSectors)) {
      changes.put(0, edit.sector());
      actions.add("Protective MBR set to cover the disk");
    }
  }
}
