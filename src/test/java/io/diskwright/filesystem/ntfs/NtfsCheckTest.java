package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a volume says of itself, and what contradicts in it. */
class NtfsCheckTest {

  private final TestVolume volume = new TestVolume();

  private static Condition<Problem> problem(String structure, String found) {
    return new Condition<>(
        p -> p.structure().contains(structure) && p.found().contains(found),
        "%s: %s",
        structure,
        found);
  }

  @Test
  void findsNothingInASoundVolume() throws IOException {
    assertThat(volume.check()).isEmpty();
    FilesystemFacts facts = volume.open().facts();
    assertThat(facts.label()).isEqualTo("FORMS");
    assertThat(facts.blockSize()).isEqualTo(1024);
    assertThat(facts.clean()).isTrue();
    assertThat(facts.details())
        .containsEntry("version", "3.1")
        .containsEntry("log", "empty")
        .containsEntry("boot sector copy", "same");
    assertThat(facts.problems()).isEmpty();
  }

  @Test
  void tellsThatTheVolumeIsDirty() throws IOException {
    volume.record(
        NtfsVolume.VOLUME,
        record -> {
          int at = TestVolume.attribute(record, Attribute.VOLUME_INFORMATION);
          record.putShort(at + record.getShort(at + 20) + 10, (short) 1);
        });
    assertThat(volume.open().facts().clean()).isFalse();
    assertThat(volume.open().facts().errors()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "RSTR, 0, 0, in use",
    "RSTR, 0xffff, 0, clean",
    "RSTR, 0, 2, clean",
    "CHKD, 0xffff, 0, clean",
    "CHKD, 0, 0, in use",
    "RCRD, 0, 0, empty"
  })
  void tellsWhatTheLogSays(String magic, String clients, short flags, String state)
      throws IOException {
    restartPage(0, magic, 5, Integer.decode(clients).shortValue(), flags);
    assertThat(volume.open().facts().details()).containsEntry("log", state);
    assertThat(volume.open().facts().recovery())
        .isEqualTo(state.equals("in use") ? Recovery.NEEDED : Recovery.NOT_NEEDED);
  }

  @Test
  void goesByTheNewerRestartPage() throws IOException {
    restartPage(0, "RSTR", 5, (short) -1, (short) 0);
    restartPage(1, "RSTR", 6, (short) 0, (short) 0);
    assertThat(volume.open().facts().details()).containsEntry("log", "in use");
    restartPage(0, "RSTR", 7, (short) -1, (short) 0);
    assertThat(volume.open().facts().details()).containsEntry("log", "clean");
  }

  private void restartPage(int page, String magic, long sequence, short clients, short flags) {
    int[] start = new int[1];
    volume.record(
        NtfsVolume.LOG_FILE,
        record -> {
          int at = TestVolume.attribute(record, Attribute.DATA);
          start[0] = record.getShort(at + record.getShort(at + 32) + 3) * 1024;
        });
    int at = start[0] + page * 4096;
    volume
        .buffer()
        .put(at, magic.getBytes(StandardCharsets.US_ASCII))
        .putShort(at + 0x18, (short) 48);
    volume.buffer().putLong(at + 48, sequence);
    volume.buffer().putShort(at + 48 + 12, clients).putShort(at + 48 + 14, flags);
  }

  @ParameterizedTest
  @CsvSource({
    "hibr, hibernated",
    "HIBR, hibernated",
    "wake, woken",
    "WAKE, woken",
    "RSTR, woken",
    "xxxx, none"
  })
  void tellsWhetherWindowsIsHibernated(String magic, String state) throws IOException {
    volume.attribute(
        "hiberfil.sys",
        Attribute.DATA,
        (record, at) -> {
          int run = at + record.getShort(at + 32);
          volume
              .buffer()
              .put(record.getShort(run + 2) * 1024, magic.getBytes(StandardCharsets.US_ASCII));
        });
    assertThat(volume.open().facts().details()).containsEntry("hibernation", state);
  }

  @Test
  void findsABootSectorWithoutItsCopy() throws IOException {
    volume.buffer().put(volume.buffer().limit() - 512, new byte[512]);
    assertThat(volume.open().facts().details()).containsEntry("boot sector copy", "different");
  }

  @Test
  void findsClustersThatNothingUsesOrTwoFilesUse() throws IOException {
    volume.attribute(
        "plain",
        Attribute.DATA,
        (record, at) -> {
          int run = at + record.getShort(at + 32);
          record.putShort(run + 2, (short) (record.getShort(run + 2) + 1));
        });
    assertThat(volume.check())
        .haveAtLeastOne(problem("$Bitmap", "bits that say otherwise"))
        .haveAtLeastOne(problem("attribute 0x80", "clusters of"));
  }

  @Test
  void findsRecordsThatTheBitmapHasOtherwise() throws IOException {
    long number = TestVolume.number("resident");
    volume.record("resident", record -> record.putShort(22, (short) 0));
    assertThat(volume.check())
        .haveAtLeastOne(problem("$MFT bitmap", "record " + number + " in use"))
        .haveAtLeastOne(problem("file record " + number, "not in use"));
  }

  @Test
  void findsReusedRecords() throws IOException {
    long number = TestVolume.number("resident");
    volume.record("resident", record -> record.putShort(16, (short) 99));
    assertThat(volume.check())
        .haveAtLeastOne(problem("file record " + number + " sequence number", "99"));
  }

  @Test
  void findsNamesThatDoNotMatch() throws IOException {
    long number = TestVolume.number("resident");
    volume.attribute(
        "resident",
        Attribute.FILE_NAME,
        (record, at) -> record.putChar(at + record.getShort(at + 20) + 66, 'R'));
    assertThat(volume.check())
        .haveAtLeastOne(problem("file record " + number, "no name 'resident'"));
  }

  @Test
  void findsAnotherParent() throws IOException {
    long number = TestVolume.number("resident");
    volume.attribute(
        "resident",
        Attribute.FILE_NAME,
        (record, at) -> record.putLong(at + record.getShort(at + 20), TestVolume.number("many")));
    assertThat(volume.check())
        .haveAtLeastOne(problem("file record " + number, "no name 'resident'"));
  }

  @Test
  void findsLinkCountsThatDoNotMatch() throws IOException {
    volume.record("resident", record -> record.putShort(18, (short) 4));
    assertThat(volume.check())
        .haveExactly(1, problem("file record " + TestVolume.number("resident"), "4 links"));
  }

  @Test
  void findsEntriesOutOfOrder() throws IOException {
    volume.block(4, block -> block.putChar(24 + block.getInt(24) + 16 + 66, 'z'));
    assertThat(volume.check()).haveAtLeastOne(problem("file record", "index entry"));
  }

  @Test
  void findsAMirrorThatDiffers() throws IOException {
    int mirror = (int) volume.buffer().getLong(0x38) * 1024;
    volume.buffer().put(mirror + 3 * 1024 + 0x60, (byte) 0x55);
    assertThat(volume.check()).haveAtLeastOne(problem("$MFTMirr record 3", "another content"));
  }

  @Test
  void goesOnWithoutABitmapOfRecords() throws IOException {
    volume.record(
        NtfsVolume.MFT,
        record -> record.putInt(TestVolume.attribute(record, Attribute.BITMAP), 0x1000));
    assertThat(volume.check()).haveAtLeastOne(problem("file record 0", "no $BITMAP"));
  }

  @Test
  void goesOnWhenTheVolumesOwnFilesAreDamaged() throws IOException {
    for (long number : new long[] {1, 2, 3, 6, 10}) {
      volume.record(number, record -> record.putShort(22, (short) 0));
    }
    assertThat(volume.open().facts().problems()).hasSizeGreaterThan(2);
    assertThat(volume.check()).isNotEmpty();
  }
}
