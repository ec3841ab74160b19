package io.diskwright.format.qcow2;

import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import io.diskwright.io.PageCache;
import java.io.IOException;

/** The disk of a qcow2 image in the state that is read. */
final class Qcow2Image extends ContainerDisk {

  private final ClusterMap map;
  private final OtherFiles files;

  private Qcow2Image(ByteSource source, ClusterMap map, OtherFiles files, ImageInfo info) {
    super(source, info);
    this.map = map;
    this.files = files;
  }

  /** Takes what {@link Qcow2Format} has checked, and closes {@code source} and {@code files}. */
  static Qcow2Image of(ByteSource source, Metadata metadata, OtherFiles files, PageCache cache) {
    L1Table l1 = metadata.l1();
    StoredClusters plain =
        files.data() != null
            ? new ExternalClusters(files.data().opened(), l1.layout())
            : new OwnClusters(
                source, l1.layout(), metadata.places(), metadata.features().compression().codec());
    StoredClusters stored =
        metadata
            .encryption()
            .<StoredClusters>map(e -> new EncryptedClusters(plain, e.decryption()))
            .orElse(plain);
    return new Qcow2Image(
        source,
        new ClusterMap(source, l1, stored, cache, files.backing().disk()),
        files,
        new Facts(metadata, files).info());
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (files) {
      super.closeFiles();
    }
  }
}
