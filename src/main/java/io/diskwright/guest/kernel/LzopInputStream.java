package io.diskwright.guest.kernel;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lzo.LzoDecompressor;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The file format of lzop: a header, then blocks of up to 64 MiB with their lengths. */
final class LzopInputStream extends BlockInputStream {

  private static final int MAX_BLOCK = 64 << 20;
  private static final int ADLER_DATA = 1;
  private static final int ADLER_PACKED = 2;
  private static final int EXTRA = 0x40;
  private static final int CRC_DATA = 0x100;
  private static final int CRC_PACKED = 0x200;
  private static final int FILTER = 0x800;

  private final DataInputStream in;
  private final LzoDecompressor decompressor = new LzoDecompressor();
  private final int flags;

  LzopInputStream(InputStream in) throws IOException {
    this.in = new DataInputStream(in);
    this.flags = header();
  }

  private int header() throws IOException {
    in.skipNBytes(9);
    int version = in.readUnsignedShort();
    in.skipNBytes(2);
    boolean recent = version >= 0x940;
    if (recent) {
      in.skipNBytes(2);
    }
    in.skipNBytes(recent ? 2 : 1);
    int read = in.readInt();
    if ((read & FILTER) != 0) {
      in.skipNBytes(4);
    }
    in.skipNBytes(recent ? 12 : 8);
    in.skipNBytes(in.readUnsignedByte());
    in.skipNBytes(4);
    if ((read & EXTRA) != 0) {
      in.skipNBytes(Math.max(0, in.readInt()));
      in.skipNBytes(4);
    }
    return read;
  }

  @Override
  boolean next() throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return false;
    }
    int packed = in.readInt();
    if (size < 0 || size > MAX_BLOCK || packed <= 0 || packed > size) {
      throw new IOException("an LZO block of " + packed + " for " + size + " bytes");
    }
    long sums = bit(ADLER_DATA) + bit(CRC_DATA);
    if (packed < size) {
      sums += bit(ADLER_PACKED) + bit(CRC_PACKED);
    }
    in.skipNBytes(4 * sums);
    byte[] block = in.readNBytes(packed);
    if (packed == size) {
      give(block, block.length);
      return true;
    }
    byte[] unpacked = new byte[size];
    try {
      give(unpacked, decompressor.decompress(block, 0, block.length, unpacked, 0, size));
    } catch (MalformedInputException e) {
      throw new IOException("damaged LZO block", e);
    }
    return true;
  }

  private int bit(int flag) {
    return (flags & flag) != 0 ? 1 : 0;
  }
}
