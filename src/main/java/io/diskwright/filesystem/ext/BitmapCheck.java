package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Compares the bitmaps of the groups with what is in use, and their counters with the bitmaps. */
record BitmapCheck(ExtVolume volume, CheckReport report) {

  /** Compares the bitmap of a group's blocks. */
  void blocks(long group, BlockUse use) throws IOException {
    Superblock superblock = volume.superblock();
    try {
      GroupDescriptor descriptor = volume.descriptor(group);
      if (superblock.hasUninitializedGroups() && descriptor.blocksUninitialized()) {
        return;
      }
      String name = "group " + group + " block bitmap";
      ByteView bitmap = volume.block(name, descriptor.blockBitmap());
      int bits = (int) superblock.clustersPerGroup();
      verify(bitmap, bits / 8, descriptor.blockBitmapCsum(), descriptor.csumBits());
      long ratio = 1L << superblock.clusterBits();
      int clusters = (int) ((superblock.blocksIn(group) + ratio - 1) / ratio);
      long first = superblock.firstBlock(group);
      int wrong = 0;
      long example = 0;
      long free = 0;
      for (int i = 0; i < clusters; i++) {
        boolean marked = isSet(bitmap, i);
        free += marked ? 0 : 1;
        if (use.covers(first + i * ratio) && marked != use.isMarked(first + i * ratio)) {
          wrong++;
          example = first + i * ratio;
        }
      }
      if (wrong > 0) {
        report.add(
            name,
            bitmap.offset(),
            wrong + " bits that say otherwise, the last for block " + example,
            "what is in use");
      }
      padding(name, bitmap, clusters, 8 * volume.blockSize());
      counter(group, "bg_free_blocks_count", descriptor.freeBlocks(), free);
    } catch (ImageException e) {
      report.add(e);
    }
  }

  static boolean isSet(ByteView bitmap, int bit) throws IOException {
    return (bitmap.u8(bit / 8) >> (bit % 8) & 1) != 0;
  }

  /** Bits that stand for nothing must say that it is in use. */
  void padding(String name, ByteView bitmap, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      if (!isSet(bitmap, i)) {
        report.add(name + " padding", bitmap.offset() + i / 8, "bit " + i + " clear", "all set");
        return;
      }
    }
  }

  void counter(long group, String field, long stored, long counted) {
    if (stored != counted) {
      report.add(
          "group " + group + " descriptor " + field,
          -1,
          Long.toString(stored),
          counted + ", as the bitmaps and the inodes have it");
    }
  }

  /**
   * Verifies a bitmap's checksum.
   *
   * @param length bytes that count
   * @param bits of the checksum that are kept
   */
  void verify(ByteView bitmap, int length, long stored, int bits) throws IOException {
    if (volume.superblock().hasMetadataChecksums()) {
      int mask = bits == 32 ? ~0 : 0xffff;
      int expected = volume.checksums().of(ByteBuffer.wrap(bitmap.bytes(0, length))) & mask;
      ExtVolume.verify(bitmap, "checksum", 0, (int) stored & mask, expected);
    }
  }
}
