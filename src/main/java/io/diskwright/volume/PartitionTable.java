package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a disk says about its partitions, in sectors of 512 bytes.
 *
 * @param kind which table describes the disk
 * @param mbr the first sector, when it ends in 55 AA; also present when the table is a GPT
 * @param gpt the GUID partition table, when a header of one was found
 * @param partitions in the order of their numbers; empty when there is no table or it is beyond use
 * @param problems everything that is wrong, in the order of the disk's structures
 * @param sector4096 whether a GPT header lies at byte 4096: the disk was made with sectors of 4 KiB
 */
public record PartitionTable(
    Kind kind,
    Optional<MasterBootRecord> mbr,
    Optional<Gpt> gpt,
    List<Partition> partitions,
    List<TableProblem> problems,
    boolean sector4096) {

  /** Bytes of a sector. */
  public static final int SECTOR = 512;

  /** The tables diskwright tells apart. */
  public enum Kind {
    /** No partition table; the whole disk may be one volume. */
    NONE,
    /** A master boot record. */
    MBR,
    /** A GUID partition table. */
    GPT
  }

  /** Takes copies of the lists. */
  public PartitionTable {
    partitions = List.copyOf(partitions);
    problems = List.copyOf(problems);
  }

  /**
   * Reads a disk's table. A damaged table is reported among the {@link #problems()}, never thrown.
   *
   * @throws io.diskwright.io.ImageException when the image does not yield the bytes of the table
   */
  public static PartitionTable read(VirtualDisk disk) throws IOException {
    return new TableReader(disk).read();
  }

  /** Whether a GPT backup header lies in the disk's last sector. */
  public boolean gptBackupAtEnd() {
    return gpt.isPresent() && gpt.get().backupAtEnd();
  }

  /** Whether a problem leaves the partitions in doubt. */
  public boolean isDamaged() {
    return problems.stream().anyMatch(TableProblem::fatal);
  }
}
