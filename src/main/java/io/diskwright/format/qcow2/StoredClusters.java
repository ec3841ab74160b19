package io.diskwright.format.qcow2;

import io.diskwright.disk.Extent;
import io.diskwright.io.CorruptImage;
import java.io.IOException;

/** How clusters are stored that have bytes of their own. Safe for any thread. */
interface StoredClusters {

  /**
   * Where a guest offset is mapped, for checks and messages.
   *
   * @param index of the entry in {@code table}
   * @param offset guest bytes
   */
  record Place(L2Table table, int index, long offset) {

    /** Refuses what the entry points to. */
    CorruptImage corrupt(String found, String allowed) {
      return table.corrupt(index, found, allowed);
    }
  }

  /**
   * Bytes of clusters that are stored as they are.
   *
   * @param entry the L2 entry of the first cluster
   * @param length bytes from the place on whose clusters lie one behind the other
   * @return an extent of that length, or a shorter one
   */
  Extent data(Place place, L2Entry entry, long length) throws IOException;

  /**
   * Bytes of a compressed cluster, up to its end.
   *
   * @param descriptor its L2 entry
   */
  Extent compressed(Place place, long descriptor) throws IOException;
}
