package io.diskwright.format.qcow2;

import io.diskwright.disk.Extent;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * Clusters in an external data file, each at the offset that it has on the disk. What lies beyond
 * the file's end is refused: a cluster that was written has been in the file.
 */
record ExternalClusters(ByteSource data, Layout layout) implements StoredClusters {

  @Override
  public Extent data(Place place, L2Entry entry, long length) throws IOException {
    long cluster = place.offset() - layout.within(place.offset());
    if (entry.hostOffset() != cluster) {
      throw place.corrupt(
          "offset " + Fault.number(entry.hostOffset()) + " in the data file",
          Fault.number(cluster) + ", the cluster's offset on the disk");
    }
    if (place.offset() >= data.size()) {
      throw place.corrupt(
          "offset " + Fault.number(cluster) + " in the data file",
          "below the length " + Fault.number(data.size()) + " of " + data.describe());
    }
    return new Extent.Data(place.offset(), length, data, place.offset());
  }

  @Override
  public Extent compressed(Place place, long descriptor) {
    throw new IllegalStateException("L2Table refuses compressed clusters beside a data file");
  }
}
