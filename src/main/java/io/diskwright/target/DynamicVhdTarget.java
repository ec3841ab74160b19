package io.diskwright.target;

import io.diskwright.disk.Extent;
import io.diskwright.io.FileRange;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * A dynamic VHD: a copy of the footer, the dynamic header, the block allocation table, the blocks
 * in the order in which they were expected, each behind its sector bitmap, and the footer.
 */
final class DynamicVhdTarget implements Target {

  private static final int BLOCK = 2 << 20;
  private static final int SECTOR = 512;

  /** A bit a sector of the block, all set: what is not written of a block is zero anyway. */
  private static final int BITMAP = BLOCK / SECTOR / Byte.SIZE;

  private static final int HEADER_AT = VhdFooter.SIZE;
  private static final int TABLE_AT = HEADER_AT + VhdDynamicHeader.SIZE;
  private static final int ABSENT = -1;

  private final PartialFile file;
  private final Stamp stamp;

  /** Each block's place, in sectors. Written by {@link #expect}, which precedes all who read it. */
  private final int[] table;

  private long end;

  /**
   * @param file closed with the target
   * @param virtualSize bytes of the disk, up to 2040 GiB
   */
  DynamicVhdTarget(PartialFile file, long virtualSize, Stamp stamp) {
    this.file = file;
    this.stamp = stamp;
    this.table = new int[Math.toIntExact(Math.ceilDiv(virtualSize, BLOCK))];
    Arrays.fill(table, ABSENT);
    this.end = TABLE_AT + Math.ceilDiv(table.length * 4L, SECTOR) * SECTOR;
  }

  @Override
  public void expect(Extent extent) {
    for (long block = extent.start() / BLOCK; block * BLOCK < extent.end(); block++) {
      if (table[(int) block] == ABSENT) {
        table[(int) block] = (int) (end / SECTOR);
        end += BITMAP + BLOCK;
      }
    }
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public Writer writer() throws IOException {
    return new BlockWriter(file.openChannel());
  }

  @Override
  public void flush() throws IOException {
    file.flush();
  }

  @Override
  public long finish(long virtualSize) throws IOException {
    ByteBuffer ones = ByteBuffer.allocate(BITMAP);
    Arrays.fill(ones.array(), (byte) 0xff);
    ByteBuffer entries = ByteBuffer.allocate(table.length * 4);
    for (int sector : table) {
      entries.putInt(sector);
      if (sector != ABSENT) {
        put(ones.clear(), bytes(sector));
      }
    }
    byte[] footer = VhdFooter.dynamic(HEADER_AT, virtualSize, stamp.id(), stamp.time()).encode();
    put(ByteBuffer.wrap(footer), 0);
    put(
        ByteBuffer.wrap(VhdDynamicHeader.dynamic(TABLE_AT, table.length, BLOCK).encode()),
        HEADER_AT);
    put(padded(entries.flip()), TABLE_AT);
    put(ByteBuffer.wrap(footer), end);
    file.setLength(end + footer.length);
    return file.finish();
  }

  /** The rest of the table's last sector holds absent entries, too. */
  private static ByteBuffer padded(ByteBuffer entries) {
    ByteBuffer whole = ByteBuffer.allocate(Math.ceilDiv(entries.remaining(), SECTOR) * SECTOR);
    Arrays.fill(whole.array(), (byte) 0xff);
    return whole.put(entries).clear();
  }

  private static long bytes(int sector) {
    return Integer.toUnsignedLong(sector) * SECTOR;
  }

  private void put(ByteBuffer bytes, long offset) throws IOException {
    for (long at = offset; bytes.hasRemaining(); ) {
      at += file.channel().write(bytes, at);
    }
  }

  @Override
  public void publish() throws IOException {
    file.publish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Splits writes at the blocks. */
  private final class BlockWriter implements Writer {

    private final FileWriter blocks;

    BlockWriter(FileChannel channel) {
      this.blocks = new FileWriter(channel);
    }

    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      for (long at = offset; bytes.hasRemaining(); ) {
        int count = (int) Math.min(bytes.remaining(), BLOCK - at % BLOCK);
        int limit = bytes.limit();
        blocks.write(bytes.limit(bytes.position() + count), place(at));
        bytes.limit(limit);
        at += count;
      }
    }

    @Override
    public void copy(FileRange range, long offset) throws IOException {
      for (long done = 0; done < range.length(); ) {
        long at = offset + done;
        long count = Math.min(range.length() - done, BLOCK - at % BLOCK);
        blocks.copy(
            new FileRange(range.file(), range.channel(), range.offset() + done, count), place(at));
        done += count;
      }
    }

    private long place(long offset) {
      return bytes(table[(int) (offset / BLOCK)]) + BITMAP + offset % BLOCK;
    }

    @Override
    public void close() throws IOException {
      blocks.close();
    }
  }
}
