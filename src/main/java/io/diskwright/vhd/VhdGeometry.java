package io.diskwright.vhd;

/**
 * A disk geometry as a VHD footer holds it. It describes at most 136,899,993,600 bytes and, made by
 * the specification's algorithm, never more than the disk has.
 *
 * @param cylinders from 0 to 65,535
 * @param heads from 0 to 255; the algorithm gives 4 to 16
 * @param sectorsPerTrack from 0 to 255; the algorithm gives 17, 31, 63 or 255
 */
public record VhdGeometry(int cylinders, int heads, int sectorsPerTrack) {

  private static final int SECTOR = 512;
  private static final int MAX_CYLINDERS = 65_535;
  private static final int MAX_HEADS = 16;
  private static final int MAX_SECTORS_PER_TRACK = 255;

  /** The largest geometry there is; larger disks have it too. */
  public static final VhdGeometry MAX =
      new VhdGeometry(MAX_CYLINDERS, MAX_HEADS, MAX_SECTORS_PER_TRACK);

  /** Refuses what does not fit the footer's fields. */
  public VhdGeometry {
    if (cylinders < 0
        || cylinders > 0xFFFF
        || heads < 0
        || heads > 0xFF
        || sectorsPerTrack < 0
        || sectorsPerTrack > 0xFF) {
      throw new IllegalArgumentException(cylinders + "/" + heads + "/" + sectorsPerTrack);
    }
  }

  /**
   * The geometry the specification gives a disk; it rounds down.
   *
   * @param bytes the disk's size, not negative
   */
  public static VhdGeometry ofSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes");
    }
    long sectors = Math.min(bytes / SECTOR, MAX.capacity() / SECTOR);
    if (sectors >= 65_535L * 16 * 63) {
      return ofTracks(sectors / 255, 16, 255);
    }
    long tracks = sectors / 17;
    long heads = Math.max(4, Math.ceilDiv(tracks, 1024L));
    if (heads <= MAX_HEADS && tracks < heads * 1024) {
      return ofTracks(tracks, (int) heads, 17);
    }
    tracks = sectors / 31;
    return tracks < MAX_HEADS * 1024L
        ? ofTracks(tracks, MAX_HEADS, 31)
        : ofTracks(sectors / 63, MAX_HEADS, 63);
  }

  private static VhdGeometry ofTracks(long tracks, int heads, int sectorsPerTrack) {
    return new VhdGeometry((int) (tracks / heads), heads, sectorsPerTrack);
  }

  /** The bytes it describes. */
  public long capacity() {
    return (long) cylinders * heads * sectorsPerTrack * SECTOR;
  }

  @Override
  public String toString() {
    return cylinders + "/" + heads + "/" + sectorsPerTrack;
  }
}
