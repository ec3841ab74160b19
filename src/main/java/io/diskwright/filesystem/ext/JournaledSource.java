package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A volume whose blocks are read from its journal where that holds something newer. */
final class JournaledSource implements ByteSource {

  private static final int JOURNAL_MAGIC = 0xc03b3998;

  private final ByteSource parent;
  private final int blockSize;
  private final NavigableMap<Long, JournalReplay.Copy> blocks;

  JournaledSource(ByteSource parent, int blockSize, Map<Long, JournalReplay.Copy> blocks) {
    this.parent = parent;
    this.blockSize = blockSize;
    this.blocks = new TreeMap<>(blocks);
  }

  @Override
  public long size() {
    return parent.size();
  }

  @Override
  public String describe() {
    return parent.describe();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      long block = position / blockSize;
      JournalReplay.Copy copy = blocks.get(block);
      int limit = target.limit();
      if (copy == null) {
        Long next = blocks.higherKey(block);
        long end = next == null ? Long.MAX_VALUE : next * blockSize;
        int length = (int) Math.min(target.remaining(), end - position);
        parent.read(position, target.limit(target.position() + length));
        position += length;
      } else {
        int within = (int) (position % blockSize);
        int length = Math.min(target.remaining(), blockSize - within);
        int start = target.position();
        parent.read(copy.block() * blockSize + within, target.limit(start + length));
        unescape(copy, within, target, start, length);
        position += length;
      }
      target.limit(limit);
    }
  }

  private static void unescape(
      JournalReplay.Copy copy, int within, ByteBuffer target, int start, int length) {
    for (int i = within; copy.escaped() && i < Math.min(4, within + length); i++) {
      target.put(start + i - within, (byte) (JOURNAL_MAGIC >>> (24 - 8 * i)));
    }
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    Long next = blocks.ceilingKey(offset / blockSize);
    if (next == null) {
      return parent.runAt(offset, length);
    }
    long before = next * blockSize - offset;
    return before > 0 ? parent.runAt(offset, Math.min(length, before)) : new Run(false, length);
  }
}
