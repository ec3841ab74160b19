package io.diskwright.source;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How an image is opened. Made by {@link #defaults}, refined by the {@code with} methods.
 *
 * @param format the format it has, as {@code --from} names it; empty to recognise it by content
 * @param references which other files it may name
 * @param snapshot the internal snapshot to read instead of the active state, by name or id
 * @param secretFile the file whose content unlocks an encrypted image
 * @param disk which disk of an archive that holds several, from 1 on
 * @param spoolFolder where content that must be unpacked before it can be read is kept meanwhile;
 *     empty for the system's temporary folder
 * @param notices told in a sentence what opening costs, when that is more than one would expect
 */
public record OpenOptions(
    Optional<String> format,
    ReferencePolicy references,
    Optional<String> snapshot,
    Optional<Path> secretFile,
    OptionalInt disk,
    Optional<Path> spoolFolder,
    Consumer<String> notices) {

  /** Recognised by content, references inside the image's own folder, the active state. */
  public static OpenOptions defaults() {
    return new OpenOptions(
        Optional.empty(),
        ReferencePolicy.folder(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        notice -> {});
  }

  /** The same for an image of a known format; empty to recognise it by content. */
  public OpenOptions withFormat(Optional<String> value) {
    return new OpenOptions(value, references, snapshot, secretFile, disk, spoolFolder, notices);
  }

  /** The same with another gate for the files an image names. */
  public OpenOptions withReferences(ReferencePolicy value) {
    return new OpenOptions(format, value, snapshot, secretFile, disk, spoolFolder, notices);
  }

  /** The same, reading an internal snapshot. */
  public OpenOptions withSnapshot(Optional<String> value) {
    return new OpenOptions(format, references, value, secretFile, disk, spoolFolder, notices);
  }

  /** The same with the file that holds the passphrase. */
  public OpenOptions withSecretFile(Optional<Path> value) {
    return new OpenOptions(format, references, snapshot, value, disk, spoolFolder, notices);
  }

  /** The same for one disk of an archive, from 1 on. */
  public OpenOptions withDisk(OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException("disks are counted from 1 on");
    }
    return new OpenOptions(format, references, snapshot, secretFile, value, spoolFolder, notices);
  }

  /** The same with a folder for what must be unpacked before it can be read. */
  public OpenOptions withSpoolFolder(Optional<Path> value) {
    return new OpenOptions(format, references, snapshot, secretFile, disk, value, notices);
  }

  /** The same with somebody who is told what opening costs, from the thread that opens. */
  public OpenOptions withNotices(Consumer<String> value) {
    return new OpenOptions(format, references, snapshot, secretFile, disk, spoolFolder, value);
  }

  /** The folder for what must be unpacked before it can be read. */
  public Path folderForUnpacking() {
    return spoolFolder.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
  }
}
