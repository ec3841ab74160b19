package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.MemorySource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A log beside a hive, laid out byte by byte. */
final class TestLog {

  static final int NEW = 6;
  static final int OLD = 1;

  private static final int SECTOR = 512;
  private static final int ENTRY_HEADER = 40;

  private TestLog() {}

  /** Bytes of the hive's bins from an offset on. */
  record Page(int offset, byte[] content) {}

  /** The pages in which two states of a hive differ. */
  static List<Page> changes(byte[] before, byte[] after) {
    List<Page> pages = new ArrayList<>();
    for (int at = TestHive.BINS; at < after.length; at += SECTOR) {
      byte[] page = Arrays.copyOfRange(after, at, at + SECTOR);
      boolean grown = at + SECTOR > before.length;
      if (grown || !Arrays.equals(page, Arrays.copyOfRange(before, at, at + SECTOR))) {
        pages.add(new Page(at - TestHive.BINS, page));
      }
    }
    return pages;
  }

  /** A log of the new kind: a hive's head and entries. */
  static ByteSource of(byte[] hive, int sequence, byte[]... entries) {
    var log = new ByteArrayOutputStream();
    log.writeBytes(head(hive, NEW, sequence));
    for (byte[] entry : entries) {
      log.writeBytes(entry);
    }
    log.writeBytes(new byte[SECTOR]);
    return new MemorySource("LOG1", log.toByteArray());
  }

  static byte[] head(byte[] hive, int type, int sequence) {
    byte[] head = Arrays.copyOf(hive, SECTOR);
    little(head).putInt(4, sequence).putInt(8, sequence).putInt(28, type);
    TestHive.checksum(head);
    return head;
  }

  static byte[] entry(int sequence, int binsSize, List<Page> pages) {
    int length = ENTRY_HEADER + pages.stream().mapToInt(page -> 8 + page.content().length).sum();
    byte[] bytes = new byte[(length + SECTOR - 1) / SECTOR * SECTOR];
    ByteBuffer entry = little(bytes);
    entry.put(TestHive.ascii("HvLE")).putInt(bytes.length).putInt(0).putInt(sequence);
    entry.putInt(binsSize).putInt(pages.size()).position(ENTRY_HEADER);
    pages.forEach(page -> entry.putInt(page.offset()).putInt(page.content().length));
    pages.forEach(page -> entry.put(page.content()));
    hash(bytes);
    return bytes;
  }

  static void hash(byte[] entry) {
    little(entry).putLong(24, Marvin32.of(entry, ENTRY_HEADER, entry.length));
    little(entry).putLong(32, Marvin32.of(entry, 0, 32));
  }

  /** A log of the old kind: the pages of one change. */
  static ByteSource old(byte[] hive, int sequence, List<Page> pages) {
    int bitmapLength = (hive.length - TestHive.BINS) / 4096;
    int start = SECTOR + (4 + bitmapLength + SECTOR - 1) / SECTOR * SECTOR;
    byte[] log = Arrays.copyOf(head(hive, OLD, sequence), start + pages.size() * SECTOR);
    ByteBuffer bytes = little(log).put(SECTOR, TestHive.ascii("DIRT")).position(start);
    for (Page page : pages) {
      int bit = page.offset() / SECTOR;
      log[SECTOR + 4 + bit / 8] |= (byte) (1 << bit % 8);
      bytes.put(page.content());
    }
    return new MemorySource("LOG", log);
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
