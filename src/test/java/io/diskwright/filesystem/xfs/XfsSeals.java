package io.diskwright.filesystem.xfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/** Makes the checksums of a changed filesystem right again, so that its changes are looked at. */
public final class XfsSeals {

  private static final int SECTOR = 512;

  /** Where the checksum is in what starts with these letters. */
  private static final Map<String, Integer> SECTORS =
      Map.of("XFSB", 224, "XAGF", 216, "XAGI", 312, "XAFL", 32);

  private static final Map<String, Integer> BLOCKS =
      Map.of(
          "AB3B", 52, "AB3C", 52, "IAB3", 52, "FIB3", 52, "RMB3", 52, "R3FC", 52, "BMA3", 64,
          "XARM", 12);

  private static final Map<String, Integer> DIRECTORY_BLOCKS =
      Map.of("XDB3", 4, "XDD3", 4, "XDF3", 4);

  private final byte[] volume;
  private final ByteBuffer buffer;

  private XfsSeals(byte[] volume) {
    this.volume = volume;
    this.buffer = ByteBuffer.wrap(volume);
  }

  /** Seals every structure of version 5 that can be recognised. */
  public static void seal(byte[] volume) {
    if (volume.length >= SECTOR) {
      new XfsSeals(volume).run();
    }
  }

  private void run() {
    int sector = Short.toUnsignedInt(buffer.getShort(102));
    int block = buffer.getInt(4);
    int inode = Short.toUnsignedInt(buffer.getShort(104));
    int log = volume[192];
    if (block < SECTOR || block > 1 << 16 || log < 0 || log > 7) {
      return;
    }
    for (int at = 0; at + SECTOR <= volume.length; at += SECTOR) {
      String magic = new String(volume, at, 4, StandardCharsets.ISO_8859_1);
      if (SECTORS.containsKey(magic)) {
        seal(at, sector, SECTORS.get(magic));
      } else if (BLOCKS.containsKey(magic)) {
        seal(at, block, BLOCKS.get(magic));
      } else if (DIRECTORY_BLOCKS.containsKey(magic)) {
        seal(at, block << log, DIRECTORY_BLOCKS.get(magic));
      } else if (magic.equals("XSLM")) {
        int length = Math.min(buffer.getInt(at + 8), 1024);
        seal(at, (length + 56 + block - 1) / block * block, 12);
      } else if (magic.startsWith("IN") && volume[at + 4] == 3) {
        seal(at, inode, 100);
      } else {
        index(at, block, log);
      }
    }
  }

  private void index(int at, int block, int log) {
    int magic = Short.toUnsignedInt(buffer.getShort(at + 8));
    // A node is of a directory when it lies where directories keep theirs, which only its owner
    // knows: whichever length was right before is hard to tell, so the shorter one goes first.
    switch (magic) {
      case 0x3df1, 0x3dff -> seal(at, block << log, 12);
      case 0x3bee -> seal(at, block, 12);
      case 0x3ebe -> seal(at, isOfAttributes(at, block) ? block : block << log, 12);
      default -> {}
    }
  }

  /** Whether the inode that owns a node has no directory's mode. */
  private boolean isOfAttributes(int at, int block) {
    long owner = buffer.getLong(at + 48);
    int perBlock = volume[123];
    int agLog = volume[124];
    if (perBlock < 0 || perBlock > 8 || agLog < 0 || agLog > 31) {
      return true;
    }
    long group = owner >>> perBlock + agLog;
    long inGroup = owner >>> perBlock & (1L << agLog) - 1;
    long agBlocks = Integer.toUnsignedLong(buffer.getInt(84));
    long place =
        (group * agBlocks + inGroup) * block
            + (owner & (1L << perBlock) - 1) * Short.toUnsignedInt(buffer.getShort(104));
    return place < 0
        || place > volume.length - SECTOR
        || (buffer.getShort((int) place + 2) & 0170000) != 0040000;
  }

  private void seal(int at, int length, int crcAt) {
    if (length <= crcAt + 4 || length > volume.length - at) {
      return;
    }
    buffer.putInt(at + crcAt, 0);
    var crc = new CRC32C();
    crc.update(volume, at, length);
    buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(at + crcAt, (int) crc.getValue());
    buffer.order(ByteOrder.BIG_ENDIAN);
  }
}
