package io.diskwright.guest.kernel;

import java.io.IOException;
import java.io.InputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** The legacy frame of LZ4: a magic number, then blocks of up to 8 MiB, each behind its length. */
final class Lz4LegacyInputStream extends BlockInputStream {

  private static final int MAGIC = 0x184c2102;
  private static final int BLOCK = 8 << 20;
  private static final int MAX_PACKED = BLOCK + BLOCK / 255 + 16;

  private final InputStream in;
  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();
  private final byte[] unpacked = new byte[BLOCK];

  Lz4LegacyInputStream(InputStream in) throws IOException {
    this.in = in;
    in.skipNBytes(4);
  }

  @Override
  boolean next() throws IOException {
    byte[] length = in.readNBytes(4);
    if (length.length < 4) {
      return false;
    }
    int packed =
        (length[0] & 0xff)
            | (length[1] & 0xff) << 8
            | (length[2] & 0xff) << 16
            | (length[3] & 0xff) << 24;
    if (packed == MAGIC) {
      return next();
    }
    if (packed <= 0 || packed > MAX_PACKED) {
      // Padding, or what does not belong to it any more.
      return false;
    }
    byte[] block = in.readNBytes(packed);
    try {
      give(unpacked, decompressor.decompress(block, 0, block.length, unpacked, 0, BLOCK));
    } catch (LZ4Exception e) {
      throw new IOException("damaged LZ4 block", e);
    }
    return true;
  }
}
