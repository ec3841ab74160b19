package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Which clusters belong to a file or directory: a bit each, of clusters that the file allocation
 * table has entries for.
 */
final class ClusterUse {

  private final AllocationTable fat;
  private final FatKind kind;
  private final Consumer<Problem> problems;
  private final long[] used;

  ClusterUse(FatVolume volume, Consumer<Problem> problems) {
    this.fat = volume.fat();
    this.kind = volume.boot().kind();
    this.problems = problems;
    this.used = new long[(int) ((volume.boot().clusters() + 2) / Long.SIZE) + 1];
  }

  boolean isUsed(long cluster) {
    return (used[(int) (cluster / Long.SIZE)] & 1L << cluster % Long.SIZE) != 0;
  }

  /**
   * Takes the clusters of a chain, until its end or something that contradicts.
   *
   * @param at where the first cluster is named, in bytes of the volume
   * @return how many were taken
   */
  long take(String structure, long at, long first) throws IOException {
    long count = 0;
    long offset = at;
    for (long cluster = first; count == 0 || !kind.isEnd(cluster); ) {
      if (!fat.isCluster(cluster)) {
        problem(structure, offset, fat.describe(cluster), "a cluster or an end of the chain");
        return count;
      }
      if (isUsed(cluster)) {
        problem(
            structure,
            offset,
            "cluster " + cluster + ", which is in another chain or earlier in this one",
            "a cluster that nothing else uses");
        return count;
      }
      used[(int) (cluster / Long.SIZE)] |= 1L << cluster % Long.SIZE;
      count++;
      offset = fat.entryOffset(cluster);
      cluster = fat.get(cluster);
    }
    return count;
  }

  private void problem(String structure, long offset, String found, String expected) {
    problems.accept(new Problem(structure + " cluster chain", offset, found, expected));
  }

  /**
   * Reports the clusters that are allocated and belong to nothing, as one problem.
   *
   * @return how many clusters are free
   */
  long reportLost() throws IOException {
    long free = 0;
    long lost = 0;
    long first = 0;
    for (long cluster = 2; fat.isCluster(cluster); cluster++) {
      long entry = fat.get(cluster);
      if (entry == 0) {
        free++;
      } else if (!kind.isBad(entry) && !isUsed(cluster)) {
        first = lost == 0 ? cluster : first;
        lost++;
      }
    }
    if (lost > 0) {
      problems.accept(
          new Problem(
              "FAT",
              fat.entryOffset(first),
              Fault.number(lost) + " clusters in use by no file, the first is " + first,
              "every cluster in use belongs to a file"));
    }
    return free;
  }
}
