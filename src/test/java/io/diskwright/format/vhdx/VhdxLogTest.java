package io.diskwright.format.vhdx;

import static io.diskwright.format.vhdx.TestVhdx.BAT;
import static io.diskwright.format.vhdx.TestVhdx.DATA;
import static io.diskwright.format.vhdx.TestVhdx.FULL;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_1;
import static io.diskwright.format.vhdx.TestVhdx.LOG;
import static io.diskwright.format.vhdx.TestVhdx.METADATA;
import static io.diskwright.format.vhdx.TestVhdx.MIB;
import static io.diskwright.format.vhdx.TestVhdx.REGIONS_1;
import static io.diskwright.format.vhdx.TestVhdx.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.vhdx.TestLog.Change;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images with a log to replay. The disk is one block, which the BAT in the file says is zero; only
 * the log knows that it is stored.
 */
class VhdxLogTest {

  private static final int SECTOR = TestLog.SECTOR;
  private static final int SECTORS = MIB / SECTOR;
  private static final Change STORED = Change.data(BAT, TestLog.table(FULL, 4));
  private static final Change STALE = Change.data(BAT, TestLog.table(FULL, 5));

  @TempDir Path folder;

  private final TestVhdx vhdx =
      TestVhdx.empty(MIB, 2).stored(0, 0).pattern(DATA + MIB, MIB, 9).entry(0, ZERO, 0).dirty();
  private final TestLog log = new TestLog(vhdx);

  /** Fails unless the image yields the block at 4 MiB, and its file is as it was. */
  private void assertReplayed(int entries) throws IOException {
    Path file = vhdx.write(folder);
    try (DiskImage image = TestVhdx.open(file)) {
      assertThat(TestVhdx.content(image)).isEqualTo(vhdx.disk);
      assertThat(image.info().details().get("log"))
          .startsWith(entries + (entries == 1 ? " entry " : " entries "))
          .contains("replayed in memory");
      assertThat(image.info().anomalies())
          .singleElement()
          .satisfies(a -> assertThat(a.kind()).isEqualTo(Anomaly.Kind.DIRTY))
          .satisfies(a -> assertThat(a.offset()).isEqualTo(LOG));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(vhdx.bytes.array());
  }

  @Test
  void replaysOneEntry() throws Exception {
    log.entry(0, 0, 1, STORED);
    assertReplayed(1);
  }

  /** The oldest entry is often empty, and a tail need not be where the sequence starts. */
  @Test
  void replaysFromTheTailOfTheHeadOn() throws Exception {
    int second = log.entry(0, 0, 100, STALE);
    int third = log.entry(second, 0, 101);
    log.entry(third, second, 102, STORED);
    assertReplayed(2);
  }

  /** What an entry before the tail would change is in its place already, and may be old. */
  @Test
  void doesNotReplayWhatIsBeforeTheTail() throws Exception {
    int second = log.entry(0, 0, 100, Change.zero(DATA, MIB));
    log.entry(second, second, 101, STORED);
    assertReplayed(1);
  }

  @Test
  void laterEntriesWin() throws Exception {
    int second = log.entry(0, 0, 100, STALE, Change.data(DATA, new byte[SECTOR]));
    byte[] sector = Arrays.copyOfRange(vhdx.bytes.array(), DATA, DATA + SECTOR);
    log.entry(second, 0, 101, STORED, Change.data(DATA, sector));
    assertReplayed(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {SECTORS - 1, SECTORS - 2, SECTORS - 3})
  void anEntryGoesRoundTheEndOfTheLog(int start) throws Exception {
    log.entry(start, start, 1, STORED, Change.data(DATA, sectorOfDisk(0)), STORED);
    assertReplayed(1);
  }

  @Test
  void aSequenceGoesRoundTheEndOfTheLog() throws Exception {
    int at = SECTORS - 5;
    for (int i = 0; i < 4; i++) {
      at = log.entry(at, SECTORS - 5, 50 + i, i == 3 ? STORED : STALE);
    }
    assertReplayed(4);
  }

  /** The log's old entries lie behind the head; their numbers are lower. */
  @Test
  void oldSequencesDoNotCount() throws Exception {
    log.entry(0, 0, 200, STORED);
    log.entry(100, 100, 150, STALE);
    log.entry(200, 200, 199, STALE);
    // adjacent, but of the time before
    log.entry(2, 2, 120, STALE);
    assertReplayed(1);
  }

  /** An entry that was being written when the machine stopped: the one before it is the head. */
  @Test
  void anEntryThatWasCutOffDoesNotCount() throws Exception {
    int second = log.entry(0, 0, 7, STORED);
    int third = log.entry(second, 0, 8, STALE);
    vhdx.u8(LOG + third * SECTOR - 9, 0xEE);
    assertReplayed(1);
  }

  /** An entry whose tail is lost: an older complete sequence counts, as MS-VHDX rules. */
  @Test
  void aSequenceWithoutItsTailDoesNotCount() throws Exception {
    log.entry(0, 0, 7, STORED);
    log.entry(100, 50, 9, STALE);
    assertReplayed(1);
  }

  @Test
  void entriesOfAnotherLogDoNotCount() throws Exception {
    log.entry(0, 0, 7, STORED);
    UUID other = UUID.fromString("40112233-4455-6677-8899-aabbccddeeff");
    log.put(10, TestLog.sealed(log.build(10, 900, other, List.of(STALE))));
    assertReplayed(1);
  }

  @Test
  void zeroDescriptorsAreRangesOverEarlierSectors() throws Exception {
    int second =
        log.entry(
            0, 0, 1, STORED, Change.data(DATA + 8192, sectorOfDisk(5)), Change.zero(DATA, 65536));
    log.entry(
        second,
        0,
        2,
        Change.data(DATA + 4096, sectorOfDisk(9)),
        Change.zero(DATA + 32768, 8192),
        Change.zero(DATA + 61440, 8192));
    System.arraycopy(sectorOfDisk(9), 0, vhdx.disk, 4096, SECTOR);
    Arrays.fill(vhdx.disk, 0, 4096, (byte) 0);
    Arrays.fill(vhdx.disk, 8192, 61440 + 8192, (byte) 0);
    assertReplayed(2);
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      assertThat(image.extentAt(0, MIB)).isInstanceOf(Extent.Zero.class);
      assertThat(image.extentAt(0, MIB).length()).isEqualTo(4096);
      assertThat(image.extentAt(8192, MIB - 8192).length()).isLessThanOrEqualTo(61440);
      assertThat(image.extentAt(65536, MIB - 65536)).isInstanceOf(Extent.Zero.class);
    }
  }

  /** 127 descriptors need a second sector, 255 a third. */
  @ParameterizedTest
  @ValueSource(ints = {125, 126, 127, 253, 254, 255})
  void descriptorsGoOnInTheNextSectors(int count) throws Exception {
    List<Change> changes = new ArrayList<>(TestLog.zeros(count, DATA + MIB, SECTOR));
    changes.add(STORED);
    log.put(3, TestLog.sealed(log.build(3, 1, TestVhdx.LOG_GUID, changes)));
    assertReplayed(1);
  }

  /** The file's end was not yet durable when the machine stopped. */
  @Test
  void theFileGrowsAsTheLogSays() throws Exception {
    int second = log.lengths(DATA, DATA).entry(0, 0, 1);
    log.lengths(DATA, DATA + 3 * MIB).entry(second, 0, 2, Change.data(BAT, TestLog.table(FULL, 6)));
    Path file = vhdx.write(folder);
    try (DiskImage image = TestVhdx.open(file)) {
      assertThat(TestVhdx.content(image)).isEqualTo(new byte[MIB]);
      assertThat(image.info().details().get("log")).contains("the file 1048576 (0x100000) bytes");
    }
    log.lengths(DATA, DATA + 2 * MIB).entry(second, 0, 2, Change.data(BAT, TestLog.table(FULL, 6)));
    refuses(CorruptImage.class, "BAT entry 0 at offset 0x300000");
  }

  /** Region tables and metadata are read as they are after the replay. */
  @Test
  void tablesAndMetadataAreReplayedToo() throws Exception {
    byte[] items = Arrays.copyOfRange(vhdx.bytes.array(), METADATA + 0x1_0000, METADATA + 0x1_1000);
    byte[] table = Arrays.copyOfRange(vhdx.bytes.array(), REGIONS_1, REGIONS_1 + SECTOR);
    vhdx.fill(METADATA + 0x1_0000, SECTOR, 0xEE).fill(REGIONS_1, SECTOR, 0xEE);
    log.entry(
        0, 0, 1, STORED, Change.data(METADATA + 0x1_0000, items), Change.data(REGIONS_1, table));
    assertReplayed(1);
  }

  @Test
  void dataThatIsNotPatchedIsStillCopiedFromTheFile() throws Exception {
    log.entry(0, 0, 1, STORED, Change.data(DATA + 65536, sectorOfDisk(16)));
    try (DiskImage image = TestVhdx.open(vhdx.write(folder))) {
      var before = (Extent.Data) image.extentAt(0, 65536);
      assertThat(before.source().fileRange(before.sourceOffset(), 65536)).isNotNull();
      assertThat(before.source().fileRange(before.sourceOffset(), 65537)).isNull();
      assertThat(before.source().fileRange(before.sourceOffset() + 65536, 4096)).isNull();
      assertThat(before.source().fileRange(before.sourceOffset() + 69632, 4096)).isNotNull();
    }
  }

  private byte[] sectorOfDisk(int index) {
    return Arrays.copyOfRange(
        vhdx.bytes.array(), DATA + index * SECTOR, DATA + (index + 1) * SECTOR);
  }

  private void refuses(Class<? extends ImageException> type, String message) throws IOException {
    Path file = vhdx.write(folder);
    assertThatThrownBy(() -> TestVhdx.open(file))
        .isInstanceOf(type)
        .hasMessageContaining("a.vhdx: ")
        .hasMessageContaining(message);
    assertThat(VhdxRefusalTest.openFiles()).doesNotContain(file.toRealPath());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        corrupt("empty", t -> {}, "log at offset 0x100000: found a LogGuid, but no valid sequence"),
        corrupt("checksum", t -> t.stored().vhdx.u8(LOG + 100, 1), "has Checksum"),
        corrupt("entry length 0", t -> t.stored().vhdx.u32(LOG + 8, 0), "has EntryLength 0"),
        corrupt("entry length 4097", t -> t.stored().vhdx.u32(LOG + 8, 4097), "has EntryLength"),
        corrupt("entry length max", t -> t.stored().vhdx.u32(LOG + 8, -1), "has EntryLength"),
        corrupt("count max", t -> t.stored().vhdx.u32(LOG + 24, -1), "has DescriptorCount"),
        corrupt("count 127", t -> t.zeros(127).change(0, 24, 255).seal(), "has DescriptorCount"),
        corrupt("tail odd", t -> t.stored().vhdx.u32(LOG + 12, 5), "has Tail 5"),
        corrupt("tail beyond", t -> t.stored().vhdx.u32(LOG + 12, MIB), "has Tail"),
        corrupt("sequence 0", t -> t.log.entry(0, 0, 0, STORED), "has SequenceNumber 0"),
        corrupt("another guid", t -> t.stored().vhdx.u8(LOG + 40, 1), "has LogGuid"),
        corrupt("tail elsewhere", t -> t.log.entry(0, 5, 1, STORED), "no valid sequence"),
        corrupt(
            "two heads",
            t -> {
              t.log.entry(0, 0, 1, STORED);
              t.log.entry(9, 9, 1, STALE);
            },
            "two sequences that end in SequenceNumber 1"),
        corrupt(
            "hole in the sequence",
            t -> {
              int second = t.log.entry(0, 0, 1, STORED);
              t.log.entry(second, 0, 3, STALE);
              t.vhdx.u8(LOG + 1000, 1);
            },
            "no valid sequence"),
        corrupt("log bites its tail", Damage::cycle, "no valid sequence"),
        corrupt(
            "descriptor's number",
            t -> t.stored().change(64, 24, 2).seal(),
            "log descriptor SequenceNumber at offset 0x100058"),
        corrupt(
            "descriptor's signature",
            t -> t.stored().change(64, 0, 2).seal(),
            "log descriptor Signature at offset 0x100040"),
        corrupt(
            "data signature",
            t -> t.stored().change(SECTOR, 0, 2).seal(),
            "log data sector DataSignature at offset 0x101000"),
        corrupt(
            "data number high",
            t -> t.stored().change(SECTOR, 4, 1).seal(),
            "SequenceHigh, SequenceLow at offset 0x101004"),
        corrupt(
            "data number low",
            t -> t.stored().change(2 * SECTOR, -4, 2).seal(),
            "SequenceHigh, SequenceLow at offset 0x101004"),
        corrupt(
            "data sector missing",
            t -> t.stored().change(0, 8, SECTOR).seal(SECTOR),
            "log entry EntryLength at offset 0x100008"),
        corrupt("unaligned", t -> t.write(BAT + 1), "FileOffset at offset 0x100050"),
        corrupt("headers", t -> t.write(HEADER_1), "over the headers"),
        corrupt("identifier", t -> t.write(0), "over the headers"),
        corrupt("itself", t -> t.write(LOG + 8192), "over the log itself"),
        corrupt("beyond", t -> t.write(6L * MIB), "FileOffset at offset 0x100050"),
        corrupt("negative", t -> t.write(-4096), "FileOffset at offset 0x100050"),
        corrupt("zero 2^63", t -> t.zero(DATA, Long.MIN_VALUE), "bytes at 4194304"),
        corrupt("zero 2^62", t -> t.zero(DATA, 1L << 62), "FileOffset at offset 0x100050"),
        corrupt("zero over all", t -> t.zero(0, 6L * MIB), "over the log itself"),
        corrupt("zero odd", t -> t.zero(DATA, 100), "ZeroLength at offset 0x100048"),
        corrupt(
            "file shorter",
            t -> t.log.lengths(7L * MIB, 7L * MIB).entry(0, 0, 1, STORED),
            "log entry FlushedFileOffset at offset 0x100030"),
        corrupt(
            "flushed max",
            t -> t.log.lengths(-1, 6L * MIB).entry(0, 0, 1, STORED),
            "log entry FlushedFileOffset at offset 0x100030"),
        limit(
            "file much longer",
            t -> t.log.lengths(DATA, 6L * MIB + (1L << 30) + 1).entry(0, 0, 1, STORED),
            "log entry LastFileOffset at offset 0x100038"),
        limit(
            "last max",
            t -> t.log.lengths(DATA, -1).entry(0, 0, 1, STORED),
            "log entry LastFileOffset at offset 0x100038"),
        limit("more than is kept", t -> t.zeros(8200), "more than 8192 changed stretches"));
  }

  private static Arguments corrupt(String name, Consumer<Damage> damage, String message) {
    return Arguments.of(Named.of(name, damage), CorruptImage.class, message);
  }

  private static Arguments limit(String name, Consumer<Damage> damage, String message) {
    return Arguments.of(Named.of(name, damage), LimitExceeded.class, message);
  }

  /** An image and its log, to be damaged. */
  private record Damage(TestVhdx vhdx, TestLog log) {

    Damage stored() {
      log.entry(0, 0, 1, STORED);
      return this;
    }

    /** Two entries, the second of which goes round the log and one sector into the first. */
    void cycle() {
      stored();
      int length = MIB - SECTOR;
      byte[] second = Arrays.copyOf(log.build(0, 2, TestVhdx.LOG_GUID, List.of()), length);
      System.arraycopy(vhdx.bytes.array(), LOG, second, length - SECTOR, SECTOR);
      ByteBuffer.wrap(second).order(ByteOrder.LITTLE_ENDIAN).putInt(8, length);
      log.put(2, TestLog.sealed(second));
    }

    /** Changes bytes of the first entry; {@link #seal} comes after. */
    Damage change(int at, int field, long value) {
      vhdx.u32(LOG + at + field, value);
      return this;
    }

    void seal() {
      seal(vhdx.bytes.getInt(LOG + 8));
    }

    void seal(int length) {
      vhdx.seal(LOG, length);
    }

    void write(long offset) {
      log.entry(0, 0, 1, Change.data(offset, TestLog.table(FULL, 4)));
    }

    void zero(long offset, long length) {
      log.entry(0, 0, 1, Change.zero(offset, length));
    }

    /** An entry with so many stretches that do not touch, in a file that they fit into. */
    Damage zeros(int count) {
      log.lengths(6L * MIB, 100L * MIB);
      List<Change> changes = TestLog.zeros(count, DATA, 8192);
      log.put(0, TestLog.sealed(log.build(0, 1, TestVhdx.LOG_GUID, changes)));
      return this;
    }
  }

  @ParameterizedTest
  @MethodSource
  void refusals(Consumer<Damage> damage, Class<? extends ImageException> type, String message)
      throws IOException {
    damage.accept(new Damage(vhdx, log));
    refuses(type, message);
  }

  /** Entries inside entries: a log that costs more to check than any honest one. */
  @Test
  void refusesALogThatIsCoveredManyTimes() throws IOException {
    for (int sector = 0; sector < SECTORS; sector++) {
      byte[] entry = log.build(sector, 1, TestVhdx.LOG_GUID, List.of());
      log.put(sector, entry);
      vhdx.u32(LOG + sector * SECTOR + 8, MIB);
    }
    refuses(LimitExceeded.class, "log entry EntryLength");
  }

  @Test
  void refusesALogTooLongToSearch() throws IOException {
    vhdx.headers64(72, 8L * MIB).headers32(68, 257L * MIB).sealed();
    Path file = vhdx.write(folder.resolve("a.vhdx"), 300L * MIB);
    assertThatThrownBy(() -> TestVhdx.open(file))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("a.vhdx: log at offset 0x800000");
  }
}
