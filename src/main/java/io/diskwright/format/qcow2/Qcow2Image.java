package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.PageCache;
import java.io.IOException;

/** The disk of a qcow2 image in the state that is read. */
final class Qcow2Image extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final long size;
  private final ClusterMap map;
  private final OtherFiles files;
  private final ImageInfo info;

  private Qcow2Image(
      ByteSource source, long size, ClusterMap map, OtherFiles files, ImageInfo info) {
    this.source = source;
    this.size = size;
    this.map = map;
    this.files = files;
    this.info = info;
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
        metadata.size(),
        new ClusterMap(source, l1, stored, cache, files.backing().disk()),
        files,
        new Facts(metadata, files).info());
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (source;
        files) {
      // all are closed even when one fails
    }
  }
}
