package io.diskwright.crypt;

import io.diskwright.disk.Extent;
import io.diskwright.io.CorruptImage;

/**
 * Makes extents of encrypted bytes into extents that decode to the guest's. Safe for any thread.
 *
 * @param numbering by which number each sector was encrypted
 */
public record Decryption(SectorCipher cipher, SectorNumbering numbering) {

  /** Guest bytes decrypted at once; extents end at multiples of it. */
  private static final int PIECE = 1 << 16;

  /**
   * The first piece of an encrypted extent, 64 KiB at most. Holes of its file count as encrypted
   * zeros, as they do for the guest.
   *
   * @param data starts at the same place in a sector of the disk and of the file
   * @param limit guest bytes that are asked for; no more sectors than these lie in are decrypted
   * @throws CorruptImage when the piece leaves its source
   */
  public Extent.Encoded decrypted(Extent.Data data, long limit) throws CorruptImage {
    int skip = (int) (data.start() % SectorCipher.SECTOR);
    long length = Math.min(Math.min(limit, data.length()), PIECE - data.start() % PIECE);
    int blockLength = Math.ceilDiv((int) length + skip, SectorCipher.SECTOR) * SectorCipher.SECTOR;
    long offset = data.sourceOffset() - skip;
    data.source().checkInside("encrypted data", offset, blockLength);
    long shift =
        numbering == SectorNumbering.BY_FILE
            ? 0
            : (data.start() - data.sourceOffset()) / SectorCipher.SECTOR;
    return new Extent.Encoded(
        data.start(),
        length,
        data.source(),
        offset,
        blockLength,
        new SectorCodec(cipher, shift),
        blockLength,
        skip);
  }
}
