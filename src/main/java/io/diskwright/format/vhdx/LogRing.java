package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The log as the ring it is: what reaches its end goes on at its start.
 *
 * @param region where it lies; its length is a multiple of a sector
 */
record LogRing(ByteSource source, Region region) {

  static final int SECTOR = 4096;

  private static final int PIECE = 1 << 16;

  /** The log's length in bytes. */
  long length() {
    return region.length();
  }

  /** A place in the log, however often the way to it went round. */
  long wrapped(long at) {
    return at % region.length();
  }

  /** Where a place in the log lies in the file, in bytes. */
  long fileOffset(long at) {
    return region.offset() + wrapped(at);
  }

  /** A sector; sectors do not wrap. */
  ByteView sector(String name, long at) throws IOException {
    return source.view(name, fileOffset(at), SECTOR, ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether the checksum of an entry, which is not longer than the log, is right. */
  boolean isSound(LogEntryHeader entry) throws IOException {
    var crc = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    for (long done = 0; done < entry.entryLength(); done += piece.limit()) {
      long untilEnd = region.length() - wrapped(entry.at() + done);
      long length = Math.min(Math.min(PIECE, entry.entryLength() - done), untilEnd);
      piece.clear().limit((int) length);
      source.read(fileOffset(entry.at() + done), piece);
      if (done == 0) {
        piece.putInt(Copy.CHECKSUM_AT, 0);
      }
      crc.update(piece.flip());
    }
    return crc.getValue() == entry.checksum();
  }
}
