package io.diskwright.disk;

/** A disk together with what its container says about itself. */
public interface DiskImage extends VirtualDisk {

  /** The container's facts; they do not change while it is open. */
  ImageInfo info();
}
