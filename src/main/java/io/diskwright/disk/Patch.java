package io.diskwright.disk;

/**
 * Bytes that stand in for those of a disk.
 *
 * @param offset guest bytes from the start of the disk
 * @param bytes at least one
 */
public record Patch(long offset, byte[] bytes) {

  /** Takes a copy of the bytes. */
  public Patch {
    bytes = bytes.clone();
  }

  /** A copy of the bytes. */
  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Where it ends, exclusive. */
  public long end() {
    return offset + bytes.length;
  }
}
