package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.Node;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes of directories, damaged and malicious. */
@Timeout(60)
class IndexHostileTest {

  private static final int HIGHEST_VCN = 24;
  private static final int RUNS = 32;
  private static final int DATA_SIZE = 48;

  private final TestVolume volume = new TestVolume();

  private static void refused(ThrowingCallable action, String... words) {
    assertThatThrownBy(action).isInstanceOf(CorruptImage.class).hasMessageContainingAll(words);
  }

  @Test
  void refusesAnIndexThatLoops() {
    for (int vcn = 0; vcn < 36; vcn += 4) {
      volume.block(
          vcn,
          block -> {
            // Each block's last entry leads to the block itself.
            int entry = 24 + block.getInt(24);
            while ((block.getShort(entry + 12) & 2) == 0) {
              entry += block.getShort(entry + 8);
            }
            block.putShort(entry + 8, (short) 24).putShort(entry + 12, (short) 3);
            block.putLong(entry + 16, block.getLong(16));
            block.putInt(28, entry + 24 - 24);
          });
    }
    refused(() -> list("many"), "index of directory");
    refused(() -> volume.node("many").child("zzz"), "index of directory");
  }

  @Test
  void refusesNodesThatAreNotThere() {
    rootEntry((record, entry) -> record.putLong(entry + record.getShort(entry + 8) - 8, 1000));
    refused(() -> list("many"), "index of directory", "node 1000");
    rootEntry((record, entry) -> record.putLong(entry + record.getShort(entry + 8) - 8, -5));
    refused(() -> list("many"), "index of directory");
    rootEntry(
        (record, entry) -> record.putLong(entry + record.getShort(entry + 8) - 8, Long.MAX_VALUE));
    refused(() -> list("many"), "index of directory");
  }

  @Test
  void refusesABlockThatIsAnother() {
    volume.block(4, block -> block.putLong(16, 8));
    refused(() -> list("many"), "VCN");
  }

  @ParameterizedTest
  @CsvSource({"8, 0", "8, 8", "8, 4097", "8, 4096", "10, 4000", "10, 60"})
  void refusesEntriesOfOddLengths(int field, short value) {
    volume.block(4, block -> block.putShort(24 + block.getInt(24) + field, value));
    refused(() -> list("many"), "index block", "of directory");
  }

  @ParameterizedTest
  @ValueSource(chars = {'/', '\0'})
  void refusesImpossibleNames(char character) {
    volume.block(4, block -> block.putChar(24 + block.getInt(24) + 16 + 66, character));
    refused(() -> list("many"), "name");
  }

  @Test
  void refusesADirectoryWithoutAnIndex() {
    volume.attribute("many", Attribute.INDEX_ROOT, (record, at) -> record.putInt(at, 0x1000));
    refused(() -> list("many"), "$INDEX_ROOT");
  }

  @Test
  void refusesAnIndexOfAbsurdSize() {
    volume.attribute(
        "many",
        Attribute.INDEX_ALLOCATION,
        (record, at) -> {
          int start = at + record.getShort(at + RUNS);
          record.put(start, (byte) 6);
          for (int i = 0; i < 6; i++) {
            record.put(start + 1 + i, (byte) 0x7f);
          }
          record.put(start + 7, (byte) 0);
          record.putLong(at + HIGHEST_VCN, 0x7f7f7f7f7f7fL - 1);
          record.putLong(at + DATA_SIZE, 0x7f7f7f7f7f7fL * 1024).putLong(at + 56, 0);
        });
    assertThrows(LimitExceeded.class, () -> list("many"));
  }

  /** Changes the first entry of the root of {@code many}'s index. */
  private void rootEntry(TestVolume.AttributeChange change) {
    volume.attribute(
        "many",
        Attribute.INDEX_ROOT,
        (record, at) -> {
          int header = at + record.getShort(at + 20) + 16;
          change.apply(record, header + record.getInt(header));
        });
  }

  private void list(String path) throws IOException {
    Node directory = volume.node(path);
    EntryCursor entries = directory.entries();
    for (var entry = entries.next(); entry != null; entry = entries.next()) {
      assertThat(entry.name().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }
  }
}
