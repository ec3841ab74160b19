package io.diskwright.vhd;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The footer of a VHD: the last 512 bytes of every VHD file, and once more at the start of dynamic
 * and differencing ones. Its fields are big-endian and named as in the specification.
 *
 * @param cookie {@link #COOKIE} in a footer
 * @param features bit 1 is always set, bit 0 marks a temporary disk
 * @param fileFormatVersion {@link #VERSION}
 * @param dataOffset where the dynamic header starts, in bytes; {@link #NO_DATA_OFFSET} for fixed
 * @param timeStamp seconds since 2000-01-01 UTC
 * @param creatorApplication four characters, padded with blanks or NULs
 * @param creatorVersion major version in the upper half
 * @param creatorHostOs four characters
 * @param originalSize bytes of the disk when it was made
 * @param currentSize bytes of the disk now; negative when the footer claims 2^63 or more
 * @param diskGeometry the geometry derived from the size
 * @param diskType one of {@link #FIXED}, {@link #DYNAMIC}, {@link #DIFFERENCING}
 * @param storedChecksum the checksum that stands in the footer
 * @param computedChecksum the checksum its bytes should have
 * @param uniqueId the image's UUID
 * @param savedState 1 when the machine is suspended
 * @param reservedIsZero whether everything after {@code savedState} is zero
 */
public record VhdFooter(
    String cookie,
    long features,
    long fileFormatVersion,
    long dataOffset,
    long timeStamp,
    String creatorApplication,
    long creatorVersion,
    String creatorHostOs,
    long originalSize,
    long currentSize,
    VhdGeometry diskGeometry,
    long diskType,
    long storedChecksum,
    long computedChecksum,
    UUID uniqueId,
    int savedState,
    boolean reservedIsZero) {

  /** Bytes of a footer. */
  public static final int SIZE = 512;

  /** Bytes of the footer that Virtual PC wrote before its 2004 version. */
  public static final int LEGACY_SIZE = 511;

  /** What a footer starts with. */
  public static final String COOKIE = "conectix";

  /** The only file format version, 1.0. */
  public static final long VERSION = 0x0001_0000;

  /** The data offset of a fixed disk; the specification's text shows only its lower half. */
  public static final long NO_DATA_OFFSET = -1;

  /** Disk type: the disk's bytes, then the footer. */
  public static final long FIXED = 2;

  /** Disk type: blocks are stored once they are written. */
  public static final long DYNAMIC = 3;

  /** Disk type: stores what differs from a parent. */
  public static final long DIFFERENCING = 4;

  private static final long EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
  private static final int CHECKSUM_AT = 64;
  private static final int RESERVED_AT = 85;

  /**
   * Reads a footer of 512 or, from old versions of Virtual PC, 511 bytes.
   *
   * @throws CorruptImage when the cookie, the checksum or the version is wrong
   */
  public static VhdFooter parse(ByteView view) throws CorruptImage {
    VhdFooter footer = inspect(view);
    if (!footer.cookie.equals(COOKIE)) {
      throw view.corrupt("cookie", 0, "'" + footer.cookie + "'", "'" + COOKIE + "'");
    }
    if (!footer.hasSoundChecksum()) {
      throw view.corrupt(
          "checksum",
          CHECKSUM_AT,
          Fault.number(footer.storedChecksum),
          Fault.number(footer.computedChecksum));
    }
    if (footer.fileFormatVersion != VERSION) {
      throw view.corrupt(
          "file format version", 12, Fault.number(footer.fileFormatVersion), Fault.number(VERSION));
    }
    return footer;
  }

  /**
   * Reads the fields without judging any, for those who want to name what is wrong with a footer.
   *
   * @throws CorruptImage when the window holds fewer than 511 bytes
   */
  public static VhdFooter inspect(ByteView view) throws CorruptImage {
    int length = view.length() < SIZE ? LEGACY_SIZE : SIZE;
    return new VhdFooter(
        ascii(view, 0, 8),
        view.u32(8),
        view.u32(12),
        view.u64(16),
        view.u32(24),
        ascii(view, 28, 4),
        view.u32(32),
        ascii(view, 36, 4),
        view.u64(40),
        view.u64(48),
        new VhdGeometry(view.u16(56), view.u8(58), view.u8(59)),
        view.u32(60),
        view.u32(CHECKSUM_AT),
        VhdChecksum.of(view.bytes(0, length), CHECKSUM_AT),
        new UUID(view.u64(68), view.u64(76)),
        view.u8(84),
        view.isZero(RESERVED_AT, length - RESERVED_AT));
  }

  /**
   * The footer of a fixed disk that every reader takes at its exact size: the creator is one whose
   * geometry no reader mistakes for the size.
   *
   * @param currentSize the disk's size in bytes, a multiple of 512 above 0
   * @param time from 2000 to 2136; others are moved to the nearer end
   */
  public static VhdFooter fixed(long currentSize, UUID uniqueId, Instant time) {
    return written(FIXED, NO_DATA_OFFSET, currentSize, uniqueId, time);
  }

  /**
   * The footer of a dynamic disk, as {@link #fixed} otherwise.
   *
   * @param dataOffset where the dynamic header starts, in bytes
   */
  public static VhdFooter dynamic(long dataOffset, long currentSize, UUID uniqueId, Instant time) {
    return written(DYNAMIC, dataOffset, currentSize, uniqueId, time);
  }

  private static VhdFooter written(
      long diskType, long dataOffset, long currentSize, UUID uniqueId, Instant time) {
    if (currentSize <= 0 || currentSize % 512 != 0) {
      throw new IllegalArgumentException(currentSize + " bytes");
    }
    return new VhdFooter(
            COOKIE,
            2,
            VERSION,
            dataOffset,
            Math.clamp(time.getEpochSecond() - EPOCH, 0L, 0xFFFF_FFFFL),
            "win ",
            0x000a_0000,
            "Wi2k",
            currentSize,
            currentSize,
            VhdGeometry.ofSize(currentSize),
            diskType,
            0,
            0,
            uniqueId,
            0,
            true)
        .withChecksum();
  }

  /** Whether the checksum in the footer is that of its bytes. */
  public boolean hasSoundChecksum() {
    return storedChecksum == computedChecksum;
  }

  /** When the image was made. */
  public Instant time() {
    return Instant.ofEpochSecond(EPOCH + timeStamp);
  }

  /** The 512 bytes of this footer, its checksum computed, its reserved bytes zero. */
  public byte[] encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(SIZE)
            .put(cookie.getBytes(StandardCharsets.ISO_8859_1), 0, 8)
            .putInt((int) features)
            .putInt((int) fileFormatVersion)
            .putLong(dataOffset)
            .putInt((int) timeStamp)
            .put(creatorApplication.getBytes(StandardCharsets.ISO_8859_1), 0, 4)
            .putInt((int) creatorVersion)
            .put(creatorHostOs.getBytes(StandardCharsets.ISO_8859_1), 0, 4)
            .putLong(originalSize)
            .putLong(currentSize)
            .putShort((short) diskGeometry.cylinders())
            .put((byte) diskGeometry.heads())
            .put((byte) diskGeometry.sectorsPerTrack())
            .putInt((int) diskType)
            .putInt(0)
            .putLong(uniqueId.getMostSignificantBits())
            .putLong(uniqueId.getLeastSignificantBits())
            .put((byte) savedState);
    bytes.putInt(CHECKSUM_AT, (int) VhdChecksum.of(bytes.array(), CHECKSUM_AT));
    return bytes.array();
  }

  private VhdFooter withChecksum() {
    long checksum = VhdChecksum.of(encode(), CHECKSUM_AT);
    return new VhdFooter(
        cookie,
        features,
        fileFormatVersion,
        dataOffset,
        timeStamp,
        creatorApplication,
        creatorVersion,
        creatorHostOs,
        originalSize,
        currentSize,
        diskGeometry,
        diskType,
        checksum,
        checksum,
        uniqueId,
        savedState,
        reservedIsZero);
  }

  /** All characters, since the NULs that some creators pad with tell them apart. */
  private static String ascii(ByteView view, int at, int length) throws CorruptImage {
    return new String(view.bytes(at, length), StandardCharsets.ISO_8859_1);
  }
}
