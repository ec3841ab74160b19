package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the whole tree and the file allocation tables. A directory is entered once, when its first
 * cluster is taken, so that it ends whatever the volume holds.
 */
final class ConsistencyCheck {

  /** As many directories are kept to be walked later; no volume has this many side by side. */
  private static final int MAX_WAITING = 1 << 20;

  private final FatVolume volume;
  private final BootSector boot;
  private final Consumer<Problem> problems;
  private final ClusterUse use;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /**
   * @param parent number of the directory that holds it
   * @param clusters that belong to it alone, 0 for the fixed root directory
   */
  private record Waiting(long number, long parent, long clusters) {}

  ConsistencyCheck(FatVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.boot = volume.boot();
    this.problems = problems;
    this.use = new ClusterUse(volume, problems);
  }

  void run() throws IOException {
    try {
      VolumeFacts.of(volume).problems().forEach(problems);
      long taken =
          volume.isFixedRoot(FatVolume.ROOT)
              ? 0
              : use.take("root directory", Fault.NOWHERE, boot.rootCluster());
      waiting.push(new Waiting(FatVolume.ROOT, FatVolume.ROOT, taken));
      while (!waiting.isEmpty()) {
        directory(waiting.pop());
      }
      compareFree(use.reportLost());
      if (boot.fatBytes() > VolumeFacts.READ_WHOLE) {
        new TableComparison(volume, problems).run();
      }
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  private void directory(Waiting directory) throws IOException {
    String structure = FatVolume.directoryName(directory.number());
    try {
      OptionalLong parent = DirectoryScan.parent(volume, directory.number());
      if (parent.isPresent() && parent.getAsLong() != directory.parent()) {
        problem(
            structure + " '..'",
            boot.clusterOffset(directory.number()) + ShortEntry.SIZE,
            "directory " + parent.getAsLong(),
            "the directory that holds it, " + directory.parent());
      }
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
    try {
      entries(structure, directory);
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  /** Only the clusters that are the directory's alone are read: others' can be read forever. */
  private @Nullable ClusterChain chain(String structure, Waiting directory) throws IOException {
    if (volume.isFixedRoot(directory.number())) {
      return null;
    }
    long first = volume.firstCluster(directory.number());
    long most = volume.maxDirectoryClusters();
    if (directory.clusters() > most) {
      String found = directory.clusters() + " clusters";
      problem(structure, boot.clusterOffset(first), found, "at most " + most);
    }
    long wanted = Math.min(directory.clusters(), most);
    return ClusterChain.follow(volume.fat(), structure, first, wanted);
  }

  private void entries(String structure, Waiting directory) throws IOException {
    long number = directory.number();
    var scan = new DirectoryScan(volume, number, chain(structure, directory));
    Set<String> names = new HashSet<>();
    for (NamedEntry named = scan.next(); named != null; named = scan.next()) {
      ShortEntry entry = named.entry();
      if (!names.add(named.name())
          || !(named.shortName().isEmpty()
              || named.shortName().equals(named.name())
              || names.add(named.shortName()))) {
        problem(structure, entry.offset(), named.quoted() + " again", "every name once");
      }
      if (!named.isPossible()) {
        problem(structure + " name", entry.offset(), named.quoted(), NamedEntry.ALLOWED);
      }
      ShortNameRules.violation(entry)
          .ifPresent(found ->
              problem(
                  structure + " short name", entry.offset(), found, "characters of a short name"));
      if (entry.isDirectory()) {
        subdirectory(number, entry);
      } else {
        file(entry);
      }
    }
    if (scan.orphans() > 0) {
      String found = scan.orphans() + " parts of long names that belong to no entry";
      problem(structure, Fault.NOWHERE, found, "long names before the entry that they name");
    }
    if (scan.nameless() > 0) {
      problem(structure, Fault.NOWHERE, scan.nameless() + " empty names", "names");
    }
  }

  private void subdirectory(long parent, ShortEntry entry) throws IOException {
    String structure = "directory " + entry.firstCluster();
    long taken = use.take(structure, entry.offset(), entry.firstCluster());
    if (entry.fileSize() != 0) {
      problem(structure, entry.offset(), "size " + Fault.number(entry.fileSize()), "size 0");
    }
    if (taken == 0) {
      return;
    }
    if (waiting.size() == MAX_WAITING) {
      problem(structure, entry.offset(), "too many directories", "at most " + MAX_WAITING);
      return;
    }
    waiting.push(new Waiting(entry.firstCluster(), parent, taken));
  }

  private void file(ShortEntry entry) throws IOException {
    String structure = "file " + entry.offset();
    long wanted = Math.ceilDiv(entry.fileSize(), boot.clusterBytes());
    long taken =
        entry.firstCluster() == 0 ? 0 : use.take(structure, entry.offset(), entry.firstCluster());
    if (taken != wanted) {
      problem(
          structure + " cluster chain",
          entry.offset(),
          taken + " clusters",
          wanted + " clusters for the size " + Fault.number(entry.fileSize()));
    }
  }

  private void compareFree(long free) throws IOException {
    Optional<FsInfo> info = FsInfo.read(volume);
    if (info.isPresent()
        && info.get().free(boot.clusters()).isPresent()
        && info.get().freeCount() != free) {
      problem(
          "FSInfo FSI_Free_Count",
          info.get().offset() + FsInfo.FREE_COUNT_AT,
          Fault.number(info.get().freeCount()),
          Fault.number(free) + ", the clusters that are free");
    }
  }

  private void problem(String structure, long offset, String found, String expected) {
    problems.accept(new Problem(structure, offset, found, expected));
  }
}
