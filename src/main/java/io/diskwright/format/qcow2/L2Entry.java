package io.diskwright.format.qcow2;

/** An L2 entry: what a guest cluster, or each of its subclusters, reads as. */
sealed interface L2Entry permits StandardL2Entry, ExtendedL2Entry {

  /**
   * Bit 63: the cluster is referenced once. It matters to writers only, but for telling the first
   * cluster of an external data file from no cluster.
   */
  long COPIED = 1L << 63;

  long COMPRESSED = 1L << 62;

  /** Where the cluster's data is, in bits that are a byte offset as they stand. */
  long OFFSET = 0x00ff_ffff_ffff_fe00L;

  /** What guest bytes read as. */
  enum Content {
    /** The backing file's bytes, or zeros without one. */
    UNALLOCATED,
    /** Zeros. */
    ZERO,
    /** The bytes at the host offset. */
    DATA,
    /** The bytes of the compressed cluster. */
    COMPRESSED
  }

  /** The first 64 bits of the entry as they stand. */
  long descriptor();

  /** The subcluster bitmap; 0 for an entry without one. */
  long bitmap();

  /** The content of a byte of the cluster. */
  Content contentAt(int within);

  /**
   * Where the content at a byte of the cluster ends, exclusive.
   *
   * @param within bytes from the cluster's start
   */
  int contentEnd(int within);

  /** The cluster's place in its file, in bytes. Not for compressed clusters. */
  default long hostOffset() {
    return descriptor() & OFFSET;
  }

  /** Whether the cluster has a place in its file. Not for compressed clusters. */
  default boolean hasHost() {
    return hasHost(descriptor());
  }

  /** As {@link #hasHost()}, of the first 64 bits of an entry. */
  static boolean hasHost(long descriptor) {
    return (descriptor & (OFFSET | COPIED)) != 0;
  }
}
