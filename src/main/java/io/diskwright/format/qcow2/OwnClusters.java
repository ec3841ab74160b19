package io.diskwright.format.qcow2;

import io.diskwright.disk.Extent;
import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import java.io.IOException;

/**
 * Clusters in the image's own file, between its metadata.
 *
 * @param codec what decodes compressed clusters
 */
record OwnClusters(ByteSource source, Layout layout, MetadataMap metadata, BlockCodec codec)
    implements StoredClusters {

  @Override
  public Extent data(Place place, L2Entry entry, long length) throws IOException {
    int within = layout.within(place.offset());
    long host = entry.hostOffset();
    if (host >= source.size()) {
      throw place.corrupt(
          "host cluster offset " + Fault.number(host),
          "below the file's length " + Fault.number(source.size()));
    }
    checkNoMetadata(place, host, within + length);
    return new Extent.Data(place.offset(), length, source, host + within);
  }

  @Override
  public Extent compressed(Place place, long entry) throws IOException {
    int clusterSize = layout.clusterSize();
    var descriptor = CompressedDescriptor.parse(entry, layout.clusterBits());
    long available = source.size() - descriptor.offset();
    // The last sector of the file need not be complete, but it must be there.
    if (available <= 0 || descriptor.length() - available >= CompressedDescriptor.SECTOR) {
      throw place.corrupt(
          "compressed data of "
              + descriptor.length()
              + " bytes at "
              + Fault.number(descriptor.offset()),
          "inside the file's " + Fault.number(source.size()) + " bytes");
    }
    int inHostCluster = layout.within(descriptor.offset());
    checkNoMetadata(place, descriptor.offset() - inHostCluster, inHostCluster + 1L);
    int within = layout.within(place.offset());
    return new Extent.Encoded(
        place.offset(),
        clusterSize - within,
        source,
        descriptor.offset(),
        (int) Math.min(descriptor.length(), available),
        codec,
        clusterSize,
        within);
  }

  private void checkNoMetadata(Place place, long host, long length) throws IOException {
    var overlap = metadata.overlapping(host, length);
    if (overlap.isPresent()) {
      long into = Math.max(0, overlap.get().offset() - host);
      int further = (int) (into >>> layout.clusterBits());
      throw place
          .table()
          .corrupt(
              place.index() + further,
              "host cluster offset "
                  + Fault.number(host + into)
                  + " inside the "
                  + overlap.get().name(),
              "clusters that hold no metadata");
    }
  }
}
