package io.diskwright.filesystem.fat;

import java.io.IOException;
import java.util.Arrays;

/**
 * The clusters of a file or directory, as runs of contiguous ones. It takes 8 bytes a run, and
 * cannot have more runs than the volume has clusters.
 */
final class ClusterChain {

  private final int clusterBytes;
  private int[] clusters = new int[4];
  private int[] indexes = new int[4];
  private int runs;
  private int length;

  private ClusterChain(int clusterBytes) {
    this.clusterBytes = clusterBytes;
  }

  /**
   * Follows a chain, past what is wanted too: so far that a chain which comes back to a cluster
   * that was kept shows it. What it does then does not matter.
   *
   * @param structure whose chain it is, for messages
   * @param wanted clusters to keep
   * @throws io.diskwright.io.CorruptImage when the chain leads nowhere before that, or in a circle
   */
  static ClusterChain follow(AllocationTable fat, String structure, long first, long wanted)
      throws IOException {
    var chain = new ClusterChain(fat.boot().clusterBytes());
    FatKind kind = fat.boot().kind();
    long previous = -1;
    // Brent: whoever walks in a circle meets the place that was remembered at a power of two, in
    // less than three times the steps that lead into the circle and around it once.
    long remembered = -1;
    long untilNext = 1;
    long sinceLast = 0;
    long most = 4 * wanted + 16;
    for (long at = first, steps = 0; !kind.isEnd(at) && steps < most; steps++) {
      if (!fat.isCluster(at)) {
        if (chain.length < wanted) {
          String where = previous < 0 ? " first cluster" : " cluster " + previous;
          long offset = previous < 0 ? -1 : fat.entryOffset(previous);
          throw fat.refuse(structure + where, offset, fat.describe(at));
        }
        break;
      }
      if (at == remembered) {
        throw fat.refuse(
            structure + " cluster " + previous,
            fat.entryOffset(previous),
            at + ", which is earlier in the same chain");
      }
      if (sinceLast == untilNext) {
        remembered = at;
        untilNext *= 2;
        sinceLast = 0;
      }
      sinceLast++;
      if (chain.length < wanted) {
        chain.add((int) at);
      }
      previous = at;
      at = fat.get(at);
    }
    return chain;
  }

  private void add(int cluster) {
    boolean continues = runs > 0 && cluster - clusters[runs - 1] == length - indexes[runs - 1];
    if (!continues) {
      if (runs == clusters.length) {
        clusters = Arrays.copyOf(clusters, runs + (runs >> 1));
        indexes = Arrays.copyOf(indexes, clusters.length);
      }
      clusters[runs] = cluster;
      indexes[runs] = length;
      runs++;
    }
    length++;
  }

  /** The clusters that were kept. */
  long length() {
    return length;
  }

  /** The bytes in the clusters that were kept. */
  long bytes() {
    return (long) length * clusterBytes;
  }

  /**
   * Where a byte of the content lies.
   *
   * @param offset from 0 to below {@link #bytes}
   */
  Place locate(long offset) {
    int index = (int) (offset / clusterBytes);
    int found = Arrays.binarySearch(indexes, 0, runs, index);
    int run = found >= 0 ? found : -found - 2;
    int end = run + 1 < runs ? indexes[run + 1] : length;
    int cluster = clusters[run] + index - indexes[run];
    return new Place(cluster, (int) (offset % clusterBytes), (long) end * clusterBytes - offset);
  }

  /**
   * @param within bytes from the start of the cluster
   * @param left bytes that follow without a gap, at least 1
   */
  record Place(int cluster, int within, long left) {}
}
