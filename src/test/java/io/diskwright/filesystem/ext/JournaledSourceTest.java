package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.MemorySource;
import io.diskwright.io.Run;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JournaledSourceTest {

  private static final int BLOCK = 64;

  /** Blocks 2 and 3 have copies in blocks 7 and 9, of which the second is escaped. */
  @Test
  void copiesStandWhereTheyBelong() throws Exception {
    byte[] volume = new byte[10 * BLOCK];
    new Random(1).nextBytes(volume);
    Arrays.fill(volume, 9 * BLOCK, 9 * BLOCK + 4, (byte) 0);
    byte[] expected = volume.clone();
    System.arraycopy(volume, 7 * BLOCK, expected, 2 * BLOCK, BLOCK);
    System.arraycopy(volume, 9 * BLOCK, expected, 3 * BLOCK, BLOCK);
    ByteBuffer.wrap(expected).putInt(3 * BLOCK, 0xc03b3998);
    var newer = new LongTable();
    newer.put(3, JournaledSource.copy(9, true));
    newer.put(2, JournaledSource.copy(5, true));
    newer.put(2, JournaledSource.copy(7, false));
    ByteSource source = new JournaledSource(new MemorySource("volume", volume), BLOCK, newer);
    for (int from = 0; from <= 6 * BLOCK; from++) {
      for (int length : new int[] {1, 2, 3, 5, BLOCK, 3 * BLOCK + 1}) {
        ByteBuffer read = ByteBuffer.allocate(length);
        source.read(from, read);
        assertThat(read.array()).isEqualTo(Arrays.copyOfRange(expected, from, from + length));
      }
    }
    assertThat(source.runAt(0, 10 * BLOCK)).isEqualTo(new Run(false, 2 * BLOCK));
    assertThat(source.runAt(2 * BLOCK + 1, 10)).isEqualTo(new Run(false, 10));
  }

  @Test
  void aTableKeepsTheLastValue() {
    var table = new LongTable();
    for (long i = 0; i < 10_000; i++) {
      assertThat(table.put(i * 4097, i)).isTrue();
      table.put(i * 4097, i + 1);
    }
    assertThat(table.size()).isEqualTo(10_000);
    assertThat(table.get(4097 * 77, -1)).isEqualTo(78);
    assertThat(table.get(5, -1)).isEqualTo(-1);
    assertThat(table.sortedKeys()).hasSize(10_000).isSorted();
  }
}
