package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage and malice: each structure, changed field by field, is refused by its name. */
@Timeout(60)
class NtfsHostileTest {

  private static final int HIGHEST_VCN = 24;
  private static final int RUNS = 32;
  private static final int DATA_SIZE = 48;

  private final TestVolume volume = new TestVolume();

  private static void refused(ThrowingCallable action, String... words) {
    assertThatThrownBy(action).isInstanceOf(CorruptImage.class).hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @CsvSource({
    "11, 2, 0, bytes per sector",
    "11, 2, 3, bytes per sector",
    "11, 2, 0x2000, bytes per sector",
    "13, 1, 0, sectors per cluster",
    "13, 1, 3, sectors per cluster",
    "13, 1, 0x81, sectors per cluster",
    "13, 1, 0xf0, sectors per cluster",
    "40, 8, 0, total sectors",
    "40, 8, -1, total sectors",
    "40, 8, 0x7fffffffffffffff, total sectors",
    "48, 8, -1, $MFT cluster",
    "48, 8, 0x7fffffffffffffff, $MFT cluster",
    "56, 8, 3072, $MFTMirr cluster",
    "64, 1, 0, file record size",
    "64, 1, 3, file record size",
    "64, 1, 0x80, file record size",
    "64, 1, 0xe0, file record size",
    "68, 1, 0, index block size",
    "68, 1, 0xef, index block size"
  })
  void refusesBootSectors(int at, int length, String value, String field) {
    long number = Long.decode(value);
    for (int i = 0; i < length; i++) {
      volume.buffer().put(at + i, (byte) (number >> 8 * i));
    }
    refused(volume::open, "boot sector " + field);
  }

  @Test
  void boundsWorkByTheVolumeAndNotByWhatItClaims() throws IOException {
    volume.buffer().putLong(40, 1L << 50);
    assertThat(volume.open().facts().freeBlocks()).isLessThan(3072);
    assertThat(volume.open().facts().problems())
        .anyMatch(problem -> problem.structure().contains("total sectors"));
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void refusesARecordNotWrittenWhole() {
    long number = TestVolume.number("resident");
    for (int at = 0; at < volume.buffer().limit(); at += 512) {
      if (volume.buffer().getInt(at) == 0x454c4946 && volume.buffer().getInt(at + 44) == number) {
        volume.buffer().put(at + 510, (byte) (volume.buffer().get(at + 510) + 1));
      }
    }
    refused(() -> volume.node("resident"), "file record " + number + " update sequence");
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "4, 1000", "6, 0", "6, 2", "6, 1000"})
  void refusesUpdateSequences(int at, short value) {
    long number = TestVolume.number("resident");
    for (int i = 0; i < volume.buffer().limit(); i += 512) {
      if (volume.buffer().getInt(i) == 0x454c4946 && volume.buffer().getInt(i + 44) == number) {
        volume.buffer().putShort(i + at, value);
      }
    }
    refused(() -> volume.node("resident"), "file record " + number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12, 0x7ffffff8, -8})
  void refusesAttributeLengths(int length) {
    volume.attribute("resident", Attribute.DATA, (record, at) -> record.putInt(at + 4, length));
    refused(() -> volume.node("resident"), "attribute length");
  }

  @Test
  void refusesValuesOutsideTheirAttribute() {
    volume.attribute("resident", Attribute.DATA, (record, at) -> record.putInt(at + 16, 1000));
    refused(() -> volume.content("resident"), "attribute 0x80 value length");
    volume.attribute("resident", Attribute.DATA, (record, at) -> record.putInt(at + 16, -1));
    refused(() -> volume.content("resident"), "attribute 0x80 value length");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11 0f ff", // a run of 15 clusters at -1
        "21 0f 00 7f", // behind the volume's end
        "81 0f ff ff ff ff ff ff ff 7f", // at 2^63 - 1
        "81 0f 00 00 00 00 00 00 00 80", // at -2^63
        "18 ff ff ff ff ff ff ff 7f 01", // 2^63 - 1 clusters
        "18 00 00 00 00 00 00 00 80 01", // -2^63 clusters
        "11 00 10", // none
        "10 0f", // no bytes of a length
        "91 0f 01 01 01 01 01 01 01 01", // more bytes than 8
        "11 05 10", // too few
        "11 0f 10 11 01 20" // too many
      })
  void refusesRuns(String runs) {
    volume.attribute(
        "plain",
        Attribute.DATA,
        (record, at) -> {
          String[] bytes = (runs + " 00").split(" ");
          int start = at + record.getShort(at + RUNS);
          for (int i = 0; i < bytes.length; i++) {
            record.put(start + i, (byte) Integer.parseInt(bytes[i], 16));
          }
        });
    refused(() -> volume.content("plain"), "attribute 0x80");
  }

  @Test
  void refusesRunsWithoutAnEnd() {
    volume.attribute(
        "plain",
        Attribute.DATA,
        (record, at) -> {
          int start = at + record.getShort(at + RUNS);
          for (int i = start; i < at + record.getInt(at + 4); i += 2) {
            record.put(i, (byte) 1).put(i + 1, (byte) 1);
          }
        });
    refused(() -> volume.content("plain"), "attribute 0x80");
  }

  @ParameterizedTest
  @CsvSource({
    "16, 1, lowest VCN",
    "16, -1, lowest VCN",
    "24, 13, highest VCN",
    "24, -1, highest VCN",
    "48, 0x7fffffffffffffff, data size",
    "48, -1, data size",
    "48, 15361, data size",
    "56, 0x7fffffffffffffff, data size",
    "56, -1, initialized size"
  })
  void refusesSizes(int field, String value, String name) {
    volume.attribute(
        "plain", Attribute.DATA, (record, at) -> record.putLong(at + field, Long.decode(value)));
    refused(() -> volume.content("plain"), "attribute 0x80 " + name);
  }

  @Test
  void readsHugeHolesWithoutRoomForThem() throws IOException {
    long clusters = (1L << 52) - 1;
    volume.attribute(
        "sparse",
        Attribute.DATA,
        (record, at) -> {
          int start = at + record.getShort(at + RUNS);
          record.put(start, (byte) 7);
          for (int i = 0; i < 7; i++) {
            record.put(start + 1 + i, (byte) (clusters >> 8 * i));
          }
          record.put(start + 8, (byte) 0);
          record.putLong(at + HIGHEST_VCN, clusters - 1);
          record.putLong(at + DATA_SIZE, clusters * 1024).putLong(at + 56, clusters * 1024);
        });
    ByteSource content = volume.node("sparse").content();
    assertThat(content.size()).isEqualTo(clusters * 1024);
    assertThat(content.runAt(0, content.size()).length()).isEqualTo(content.size());
    ByteBuffer last = ByteBuffer.allocate(2);
    content.read(content.size() - 2, last);
    assertThat(last.flip()).isEqualTo(ByteBuffer.allocate(2));
  }

  @Test
  void refusesAStreamThatHasTheVolumeMoreThanOnce() {
    volume.attribute(
        "plain",
        Attribute.DATA,
        (record, at) -> {
          int start = at + record.getShort(at + RUNS);
          // Twice all 3071 clusters: from 0 on, and from 0 again.
          byte[] runs = {0x12, (byte) 0xff, 0x0b, 0x00, 0x12, (byte) 0xff, 0x0b, 0x00, 0};
          for (int i = 0; i < runs.length && start + i < at + record.getInt(at + 4); i++) {
            record.put(start + i, runs[i]);
          }
        });
    refused(() -> volume.content("plain"), "attribute 0x80 run");
  }

  @Test
  void refusesReferencesToReusedRecords() {
    volume.record("resident", record -> record.putShort(16, (short) 77));
    refused(() -> volume.node("resident"), "sequence number", "found 77");
  }

  @Test
  void refusesRecordsNotInUse() {
    volume.record("resident", record -> record.putShort(22, (short) 0));
    refused(() -> volume.node("resident"), "not in use");
    volume.record("resident", record -> record.putShort(22, (short) 1).putLong(32, 70));
    refused(() -> volume.node("resident"), "an extension of another record");
  }

  /** Changes the attribute list of {@code pieces}, outside its record, or the resident one. */
  private void attributeList(String path, TestVolume.AttributeChange change) {
    if (path.equals("pieces")) {
      volume.attribute(
          path,
          Attribute.ATTRIBUTE_LIST,
          (record, at) -> change.apply(volume.buffer(), listOutside(record, at)));
    } else {
      volume.makeListResident(path);
      volume.attribute(
          path,
          Attribute.ATTRIBUTE_LIST,
          (record, at) -> change.apply(record, at + record.getShort(at + 20)));
    }
  }

  private static int listOutside(ByteBuffer record, int at) {
    int run = at + record.getShort(at + RUNS);
    assertThat(record.get(run)).isEqualTo((byte) 0x21);
    return record.getShort(run + 2) * 1024;
  }

  @Test
  void readsListsInTheRecord() throws IOException {
    volume.makeListResident("named");
    assertThat(volume.content("named")).asString().isEqualTo("many names");
    assertThat(volume.node("named").attributes().links()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"pieces, 0", "pieces, 25", "pieces, 20000", "named, 0", "named, 25", "named, 20000"})
  void refusesEntriesOfAttributeLists(String path, short length) {
    attributeList(path, (list, at) -> list.putShort(at + 4, length));
    refused(() -> volume.node(path), "attribute 0x20 entry length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pieces", "named"})
  void refusesExtensionsOfOthers(String path) {
    long other = TestVolume.number("resident");
    attributeList(path, (list, at) -> eachEntry(list, at, e -> list.putLong(e + 16, other)));
    refused(() -> volume.node(path), "file record " + other + " base record");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pieces", "named"})
  void refusesExtensionsThatAreNotThere(String path) {
    attributeList(path, (list, at) -> eachEntry(list, at, e -> list.putLong(e + 16, 1L << 47)));
    refused(() -> volume.node(path), "file record number");
  }

  @Test
  void readsARecordOnceHoweverOftenAListNamesIt() throws IOException {
    long self = TestVolume.number("pieces");
    attributeList("pieces", (list, at) -> eachEntry(list, at, e -> list.putLong(e + 16, self)));
    assertThat(volume.node("pieces").extendedAttributes()).isEmpty();
    assertThat(volume.check()).isNotEmpty();
  }

  private static void eachEntry(ByteBuffer list, int at, IntConsumer change) {
    for (int entry = at; list.getShort(entry + 4) >= 26; entry += list.getShort(entry + 4)) {
      change.accept(entry);
    }
  }

  @Test
  void refusesATableOfFilesWithHoles() {
    volume.record(
        0,
        record -> {
          int at = TestVolume.attribute(record, Attribute.DATA);
          int start = at + record.getShort(at + RUNS);
          record.put(start, (byte) (record.get(start) & 0x0f));
          // The bytes of the place count for the next run's head; nothing follows.
          record.put(start + 1 + (record.get(start) & 0xf), (byte) 0);
        });
    refused(volume::open, "file record 0");
  }

  @Test
  void namesWhatItDoesNotRead() {
    volume.attribute(
        "resident", Attribute.DATA, (record, at) -> record.putShort(at + 12, (short) 0x4000));
    assertThatThrownBy(() -> volume.content("resident"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("EFS");
    volume.attribute("plain", Attribute.DATA, (record, at) -> record.putShort(at + 12, (short) 2));
    assertThrows(UnsupportedFeature.class, () -> volume.content("plain"));
    volume.attribute(
        "wof-LZX32K",
        Attribute.REPARSE_POINT,
        (record, at) -> record.putInt(at + record.getShort(at + 20), 0x80000013));
    assertThatThrownBy(() -> volume.content("wof-LZX32K"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("reparse tag 0x80000013");
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 31, 32, 63, 64, 255})
  void refusesCompressionUnits(int exponent) {
    volume.attribute(
        "compressed/text", Attribute.DATA, (record, at) -> record.put(at + 34, (byte) exponent));
    refused(() -> volume.content("compressed/text"), "compression unit");
  }

  @Test
  void refusesReparsePointsThatAreCutOff() {
    volume.attribute(
        "junction",
        Attribute.REPARSE_POINT,
        (record, at) -> record.putShort(at + record.getShort(at + 20) + 4, (short) 5000));
    refused(() -> volume.node("junction"), "data length");
    volume.attribute(
        "junction",
        Attribute.REPARSE_POINT,
        (record, at) -> {
          int value = at + record.getShort(at + 20);
          record.putShort(value + 4, (short) (record.getInt(at + 16) - 8));
          record.putShort(value + 10, (short) 9000);
        });
    refused(() -> volume.node("junction").linkTarget(), "reparse point");
  }
}
