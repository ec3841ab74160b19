package io.diskwright.format.qcow;

import io.diskwright.disk.Extent;
import io.diskwright.format.TwoLevelMap.Cluster;
import io.diskwright.format.TwoLevelMap.Clusters;
import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.DeflateCodec;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import java.io.IOException;

/** What L2 entries mean: the offset of a cluster, or the offset and length of a compressed one. */
final class QcowClusters implements Clusters {

  private static final int SECTOR = 512;

  private final ByteSource source;
  private final MetadataMap metadata;
  private final BlockCodec codec = new DeflateCodec();

  QcowClusters(ByteSource source, MetadataMap metadata) {
    this.source = source;
    this.metadata = metadata;
  }

  /** Bit 63 tells compressed clusters from others. */
  @Override
  public Extent extent(Cluster cluster) throws IOException {
    return cluster.entry() < 0 ? compressed(cluster) : data(cluster);
  }

  private Extent data(Cluster cluster) throws IOException {
    long host = cluster.entry();
    if (host % SECTOR != 0 || host >= source.size()) {
      throw cluster.corrupt(
          source.describe(),
          "cluster offset " + Fault.number(host),
          "multiples of " + SECTOR + " below the file's length " + Fault.number(source.size()));
    }
    long length = cluster.run(cluster.shape().clusterSize());
    cluster.checkNoMetadata(metadata, source.describe(), host, cluster.within() + length);
    return new Extent.Data(cluster.offset(), length, source, host + cluster.within());
  }

  /** The cluster size decides where offset and length meet; a stream is shorter than a cluster. */
  private Extent compressed(Cluster cluster) throws IOException {
    int clusterSize = cluster.shape().clusterSize();
    int offsetBits = Long.SIZE - 1 - cluster.shape().clusterBits();
    long offset = cluster.entry() & (1L << offsetBits) - 1;
    int length = (int) (cluster.entry() >>> offsetBits) & clusterSize - 1;
    if (length == 0 || offset > source.size() || length > source.size() - offset) {
      throw cluster.corrupt(
          source.describe(),
          "compressed data of " + length + " bytes at " + Fault.number(offset),
          "at least 1 byte, inside the file's " + Fault.number(source.size()));
    }
    cluster.checkNoMetadata(metadata, source.describe(), offset, length);
    return new Extent.Encoded(
        cluster.offset(),
        clusterSize - cluster.within(),
        source,
        offset,
        length,
        codec,
        clusterSize,
        cluster.within());
  }
}
