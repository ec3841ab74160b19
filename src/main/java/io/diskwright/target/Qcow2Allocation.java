package io.diskwright.target;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the clusters of a qcow2 lie: host clusters given out from the start of the file on, how
 * often each is referred to, and the L2 tables that say so. Compressed clusters are packed one
 * behind the other, as far as they lie together. For one thread at a time.
 */
final class Qcow2Allocation {

  static final int CLUSTER = 1 << Qcow2Header.CLUSTER_BITS;

  /** Entries of an L2 table, which fills a cluster. */
  static final int L2_ENTRIES = CLUSTER / Long.BYTES;

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;

  /** Where a compressed cluster's descriptor holds its additional sectors. */
  private static final int SECTORS_SHIFT = 62 - (Qcow2Header.CLUSTER_BITS - 8);

  private static final int SECTOR = 512;

  private final long[][] l2;
  private final List<char[]> counts = new ArrayList<>();
  private long end;
  private long packed;

  /**
   * @param virtualSize bytes of the disk
   */
  Qcow2Allocation(long virtualSize) {
    this.l2 = new long[Math.toIntExact(Math.ceilDiv(virtualSize, (long) CLUSTER * L2_ENTRIES))][];
  }

  /** Gives out clusters that lie together, each referred to once; returns their offset in bytes. */
  long clusters(long count) {
    long offset = end;
    for (long i = 0; i < count; i++) {
      count(end);
      end += CLUSTER;
    }
    return offset;
  }

  /** Gives a cluster of the disk a place of its own, and returns that place in bytes. */
  long plain(long cluster) {
    long offset = clusters(1);
    entry(cluster, offset | COPIED);
    return offset;
  }

  /** Gives a compressed cluster of the disk its place, and returns that place in bytes. */
  long compressed(long cluster, int length) {
    int inside = (int) (packed % CLUSTER);
    int left = inside == 0 ? 0 : CLUSTER - inside;
    if (left < length) {
      if (left > 0 && packed + left == end) {
        end += CLUSTER;
      } else {
        packed = end;
        end += CLUSTER;
      }
    }
    long offset = packed;
    packed += length;
    for (long at = offset / CLUSTER * CLUSTER; at < packed; at += CLUSTER) {
      count(at);
    }
    long sectors = (packed - 1) / SECTOR - offset / SECTOR;
    entry(cluster, COMPRESSED | sectors << SECTORS_SHIFT | offset);
    return offset;
  }

  private void entry(long cluster, long value) {
    int table = (int) (cluster / L2_ENTRIES);
    if (l2[table] == null) {
      l2[table] = new long[L2_ENTRIES];
    }
    l2[table][(int) (cluster % L2_ENTRIES)] = value;
  }

  private void count(long offset) {
    long host = offset / CLUSTER;
    int block = (int) (host / refcountsPerBlock());
    while (counts.size() <= block) {
      counts.add(new char[refcountsPerBlock()]);
    }
    counts.get(block)[(int) (host % refcountsPerBlock())]++;
  }

  /** Reference counts in a refcount block, which fills a cluster. */
  static int refcountsPerBlock() {
    return CLUSTER / Character.BYTES;
  }

  /** The L2 tables; null where none of a table's clusters is stored. */
  long[][] l2() {
    return l2;
  }

  /** The refcount blocks of all clusters given out so far. */
  List<char[]> counts() {
    return counts;
  }

  /** The end of what is given out, in bytes. */
  long end() {
    return end;
  }
}
