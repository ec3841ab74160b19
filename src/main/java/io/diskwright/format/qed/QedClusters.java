package io.diskwright.format.qed;

import io.diskwright.disk.Extent;
import io.diskwright.format.TwoLevelMap.Cluster;
import io.diskwright.format.TwoLevelMap.Clusters;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import java.io.IOException;

/** What L2 entries mean: the offset of a cluster, or zeros. */
record QedClusters(ByteSource source, MetadataMap metadata) implements Clusters {

  private static final long ZERO = 1;

  @Override
  public Extent extent(Cluster cluster) throws IOException {
    long host = cluster.entry();
    if (host == ZERO) {
      return new Extent.Zero(cluster.offset(), cluster.run(0), true);
    }
    int clusterSize = cluster.shape().clusterSize();
    if (host < 0 || host % clusterSize != 0 || host >= source.size()) {
      throw cluster.corrupt(
          source.describe(),
          "cluster offset " + Fault.number(host),
          "0, 1, or multiples of the cluster size "
              + clusterSize
              + " below the file's length "
              + Fault.number(source.size()));
    }
    long length = cluster.run(clusterSize);
    cluster.checkNoMetadata(metadata, source.describe(), host, cluster.within() + length);
    return new Extent.Data(cluster.offset(), length, source, host + cluster.within());
  }
}
