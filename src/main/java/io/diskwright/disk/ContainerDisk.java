package io.diskwright.disk;

import io.diskwright.io.ByteSource;
import java.io.IOException;

/** A disk in one container file, all of whose facts are known when it is opened. */
public abstract class ContainerDisk extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final ImageInfo info;

  /**
   * Takes an opened container.
   *
   * @param source the container file; closed with the disk
   * @param info its facts, the disk's size among them
   */
  protected ContainerDisk(ByteSource source, ImageInfo info) {
    this.source = source;
    this.info = info;
  }

  /** The container file. */
  protected final ByteSource source() {
    return source;
  }

  @Override
  public final long size() {
    return info.virtualSize();
  }

  @Override
  public final String describe() {
    return source.describe();
  }

  @Override
  public final ImageInfo info() {
    return info;
  }

  /** Closes the container file; a disk with other files closes those as well. */
  @Override
  protected void closeFiles() throws IOException {
    source.close();
  }
}
