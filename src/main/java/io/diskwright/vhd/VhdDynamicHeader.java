package io.diskwright.vhd;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The header of dynamic and differencing VHDs. Its fields are big-endian and named as in the
 * specification.
 *
 * @param dataOffset unused, all ones
 * @param tableOffset where the block allocation table starts, in bytes; negative when the header
 *     claims 2^63 or more
 * @param headerVersion {@link #VERSION}
 * @param maxTableEntries entries of the block allocation table
 * @param blockSize bytes of disk in a block, without its sector bitmap
 * @param parentUniqueId the parent's UUID, all zero without a parent
 * @param parentTimeStamp the parent's modification time, seconds since 2000-01-01 UTC
 * @param parentUnicodeName the parent's file name, empty without a parent
 */
public record VhdDynamicHeader(
    long dataOffset,
    long tableOffset,
    long headerVersion,
    long maxTableEntries,
    long blockSize,
    UUID parentUniqueId,
    long parentTimeStamp,
    String parentUnicodeName) {

  /** Bytes of a header. */
  public static final int SIZE = 1024;

  /** What a header starts with. */
  public static final String COOKIE = "cxsparse";

  /** The only header version, 1.0. */
  public static final long VERSION = 0x0001_0000;

  private static final int VERSION_AT = 24;
  private static final int CHECKSUM_AT = 36;
  private static final int PARENT_NAME_LENGTH = 512;

  /**
   * Reads a header of 1,024 bytes.
   *
   * @throws CorruptImage when the cookie, the checksum or the version is wrong
   */
  public static VhdDynamicHeader parse(ByteView view) throws CorruptImage {
    if (!view.startsWith(0, COOKIE)) {
      throw view.corrupt(
          "cookie",
          0,
          "'" + view.text(0, 8, StandardCharsets.ISO_8859_1) + "'",
          "'" + COOKIE + "'");
    }
    long stored = view.u32(CHECKSUM_AT);
    long computed = VhdChecksum.of(view.bytes(0, SIZE), CHECKSUM_AT);
    if (stored != computed) {
      throw view.corrupt("checksum", CHECKSUM_AT, Fault.number(stored), Fault.number(computed));
    }
    long version = view.u32(VERSION_AT);
    if (version != VERSION) {
      throw view.corrupt(
          "header version", VERSION_AT, Fault.number(version), Fault.number(VERSION));
    }
    return new VhdDynamicHeader(
        view.u64(8),
        view.u64(16),
        version,
        view.u32(28),
        view.u32(32),
        new UUID(view.u64(40), view.u64(48)),
        view.u32(56),
        view.text(64, PARENT_NAME_LENGTH, StandardCharsets.UTF_16BE));
  }

  /** The header of a dynamic disk, which has no parent. */
  public static VhdDynamicHeader dynamic(long tableOffset, long maxTableEntries, long blockSize) {
    return new VhdDynamicHeader(
        -1, tableOffset, VERSION, maxTableEntries, blockSize, new UUID(0, 0), 0, "");
  }

  /** The 1,024 bytes of this header without parent locators, its checksum computed. */
  public byte[] encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(SIZE)
            .put(COOKIE.getBytes(StandardCharsets.ISO_8859_1))
            .putLong(dataOffset)
            .putLong(tableOffset)
            .putInt((int) headerVersion)
            .putInt((int) maxTableEntries)
            .putInt((int) blockSize)
            .putInt(0)
            .putLong(parentUniqueId.getMostSignificantBits())
            .putLong(parentUniqueId.getLeastSignificantBits())
            .putInt((int) parentTimeStamp)
            .putInt(0)
            .put(parentUnicodeName.getBytes(StandardCharsets.UTF_16BE));
    bytes.putInt(CHECKSUM_AT, (int) VhdChecksum.of(bytes.array(), CHECKSUM_AT));
    return bytes.array();
  }

  /** When the parent was last modified, as this image remembers it. */
  public Instant parentTime() {
    return Instant.parse("2000-01-01T00:00:00Z").plusSeconds(parentTimeStamp);
  }
}
