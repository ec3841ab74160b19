package io.diskwright.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryTableTest {

  private static MemorySource table(int count, int entrySize, int offset, ByteOrder order) {
    ByteBuffer bytes = ByteBuffer.allocate(offset + count * entrySize).order(order);
    for (int i = 0; i < count; i++) {
      if (entrySize == Integer.BYTES) {
        bytes.putInt(offset + i * entrySize, 0x80000000 + i);
      } else {
        bytes.putLong(offset + i * entrySize, 0x8000000000000000L + i);
      }
    }
    return new MemorySource("table.img", bytes.array());
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "4, 3", "8, 0", "8, 65533"})
  void readsEveryEntryAcrossPages(int entrySize, int offset) throws Exception {
    int count = 40_000;
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      var source = table(count, entrySize, offset, order);
      var entries =
          new EntryTable(new PageCache(1), source, "L1 table", offset, count, entrySize, order);
      for (int i = 0; i < count; i++) {
        assertThat(entries.get(i))
            .isEqualTo((entrySize == Integer.BYTES ? 0x80000000L : 0x8000000000000000L) + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 101", "8, 100", "-8, 1", "801, 0", "0, 9223372036854775807", "0, -1"})
  void refusesATableThatLeavesTheFile(long offset, long count) {
    var source = new MemorySource("table.img", new byte[800]);
    assertThatThrownBy(() ->
            new EntryTable(new PageCache(1), source, "BAT", offset, count, 8, ByteOrder.BIG_ENDIAN))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("table.img: BAT");
  }

  @Test
  void anIndexPastTheTableIsABugNotABadImage() throws Exception {
    var source = new MemorySource("table.img", new byte[800]);
    var table = new EntryTable(new PageCache(1), source, "BAT", 0, 100, 8, ByteOrder.BIG_ENDIAN);
    assertThatThrownBy(() -> table.get(100)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
