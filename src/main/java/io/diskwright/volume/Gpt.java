package io.diskwright.volume;

import java.util.List;
import java.util.Optional;

/**
 * A GUID partition table: both headers as they were found and the entries of the copy that is used.
 *
 * @param primary the header of sector 1, sound or not; empty when none is there
 * @param backup the header of the last sector, or where the primary says it is; empty when none is
 *     there
 * @param primarySound whether the primary header and its array can be used
 * @param backupSound whether the backup header and its array can be used
 * @param backupLba where the backup was found, in sectors; -1 when it was not
 * @param backupAtEnd whether the backup lies in the disk's last sector
 * @param entries the used entries of the primary when it is sound, else of the backup; none when
 *     neither is
 */
public record Gpt(
    Optional<GptHeader> primary,
    Optional<GptHeader> backup,
    boolean primarySound,
    boolean backupSound,
    long backupLba,
    boolean backupAtEnd,
    List<GptEntry> entries) {

  /** Takes a copy of the entries. */
  public Gpt {
    entries = List.copyOf(entries);
  }

  /** The header whose entries are used: the primary when it is sound, else the backup if sound. */
  public Optional<GptHeader> inUse() {
    return primarySound ? primary : backupSound ? backup : Optional.empty();
  }
}
