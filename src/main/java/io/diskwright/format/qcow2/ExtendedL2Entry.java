package io.diskwright.format.qcow2;

/**
 * A 128-bit L2 entry, already checked by {@link L2Table}: 32 subclusters, each of its own content.
 *
 * @param bitmap bit n: subcluster n is allocated; bit 32 + n: it reads as zeros
 * @param clusterSize bytes
 */
record ExtendedL2Entry(long descriptor, long bitmap, int clusterSize) implements L2Entry {

  private static final int SUBCLUSTERS = 32;

  @Override
  public Content contentAt(int within) {
    return (descriptor & COMPRESSED) != 0 ? Content.COMPRESSED : content(subcluster(within));
  }

  @Override
  public int contentEnd(int within) {
    if ((descriptor & COMPRESSED) != 0) {
      return clusterSize;
    }
    int index = subcluster(within);
    Content content = content(index);
    do {
      index++;
    } while (index < SUBCLUSTERS && content(index) == content);
    return index * (clusterSize / SUBCLUSTERS);
  }

  /** The subclusters that are said to be both allocated and zero, a bit each. */
  static long contradictions(long bitmap) {
    return bitmap & bitmap >>> SUBCLUSTERS;
  }

  /** The subclusters that are said to be allocated, a bit each. */
  static long allocated(long bitmap) {
    return bitmap & (1L << SUBCLUSTERS) - 1;
  }

  private int subcluster(int within) {
    return within / (clusterSize / SUBCLUSTERS);
  }

  private Content content(int index) {
    if ((bitmap & 1L << SUBCLUSTERS + index) != 0) {
      return Content.ZERO;
    }
    return (bitmap & 1L << index) != 0 ? Content.DATA : Content.UNALLOCATED;
  }
}
