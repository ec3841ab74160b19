package io.diskwright.guest.registry;

import static io.diskwright.guest.registry.TestHive.BINS;
import static io.diskwright.guest.registry.TestHive.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.guest.registry.TestLog.Page;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives that were not written to the end: each change raises the number in their value. */
class HiveRecoveryTest {

  private static final int BINS_SIZE = 4 * BINS;
  private static final int PRIMARY = 4;
  private static final int TYPE = 28;
  private static final int LAST_WRITTEN = 12;

  private final byte[] dirty = state(0, BINS_SIZE);

  HiveRecoveryTest() {
    change(dirty, hive -> hive.putInt(PRIMARY, 8).putInt(PRIMARY + 4, 7));
  }

  /** The hive as it is after a change, by the changes' number. */
  private static byte[] state(int number, int binsSize) {
    var hive = new TestHive(5, binsSize);
    hive.values(
        ROOT, hive.value("state", RegistryValue.DWORD, new byte[] {(byte) number, 0, 0, 0}));
    // A page that only this change touches.
    hive.cell(new byte[(number + 1) * 1000]);
    hive.values(
        hive.child(ROOT, "key"), hive.value("at " + number, RegistryValue.BINARY, new byte[9]));
    return hive.bytes();
  }

  private static void change(byte[] head, Consumer<ByteBuffer> change) {
    change.accept(TestLog.little(head));
    TestHive.checksum(head);
  }

  /** The entry that leads from the state of the number before to that of a number. */
  private static byte[] entry(int number) {
    List<Page> pages = TestLog.changes(state(number - 1, BINS_SIZE), state(number, BINS_SIZE));
    return TestLog.entry(6 + number, BINS_SIZE, pages);
  }

  private ByteSource log(int first, int last) {
    byte[][] entries = new byte[last - first + 1][];
    Arrays.setAll(entries, i -> entry(first + i));
    return TestLog.of(dirty, 6 + first, entries);
  }

  private Hive open(ByteSource... logs) throws IOException {
    return Hive.open(TestHive.source(dirty), List.of(logs));
  }

  /** That all of the hive is as it was after a change. */
  private static void holds(int number, HiveState state, Hive hive) throws IOException {
    assertThat(hive.state()).isEqualTo(state);
    assertThat(hive.root().value("state").orElseThrow().number())
        .isEqualTo(OptionalLong.of(number));
    RegistryKey key = hive.key("key").orElseThrow();
    assertThat(key.value("at " + number).orElseThrow().data()).hasSize(9);
  }

  @Test
  void isIncompleteWithoutALog() throws IOException {
    holds(0, HiveState.INCOMPLETE, open());
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG1", new byte[0])));
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG1", new byte[8192])));
    holds(0, HiveState.INCOMPLETE, open(TestHive.source(dirty)));
  }

  @Test
  void leavesACleanOneAlone() throws IOException {
    byte[] clean = state(0, BINS_SIZE);
    holds(0, HiveState.CLEAN, Hive.open(TestHive.source(clean), List.of(log(1, 2))));
  }

  @Test
  void takesTheEntriesOfOneLog() throws IOException {
    holds(1, HiveState.RECOVERED, open(log(1, 1)));
    holds(3, HiveState.RECOVERED, open(log(1, 3)));
  }

  @Test
  void takesTwoLogsInWhateverOrder() throws IOException {
    holds(4, HiveState.RECOVERED, open(log(1, 2), log(3, 4)));
    holds(4, HiveState.RECOVERED, open(log(3, 4), log(1, 2)));
  }

  @Test
  void takesALogThatIsThereTwiceOnce() throws IOException {
    holds(2, HiveState.RECOVERED, open(log(1, 2), log(1, 2)));
  }

  @Test
  void endsAtAGapBetweenLogs() throws IOException {
    holds(1, HiveState.RECOVERED, open(log(1, 1), log(3, 4)));
  }

  @Test
  void endsAtAGapInALog() throws IOException {
    holds(1, HiveState.RECOVERED, open(TestLog.of(dirty, 7, entry(1), entry(3))));
  }

  @Test
  void takesNoEntryThatTheLogDoesNotStartWith() throws IOException {
    holds(0, HiveState.INCOMPLETE, open(TestLog.of(dirty, 7, entry(2), entry(3))));
  }

  @Test
  void ignoresALogThatIsOlderThanTheHive() throws IOException {
    byte[] old = TestLog.entry(6, BINS_SIZE, TestLog.changes(dirty, state(9, BINS_SIZE)));
    ByteSource older = TestLog.of(dirty, 6, old);
    holds(0, HiveState.INCOMPLETE, open(older));
    holds(2, HiveState.RECOVERED, open(older, log(1, 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12, 16, 24, 31, 32, 39, 40, 44, 47, 600})
  void endsAtAnEntryThatWasHarmed(int at) throws IOException {
    byte[] harmed = entry(2);
    harmed[at] ^= 1;
    holds(1, HiveState.RECOVERED, open(TestLog.of(dirty, 7, entry(1), harmed, entry(3))));
  }

  /** Fields of an entry that its hashes are right for. */
  @ParameterizedTest
  @ValueSource(ints = {4, 16, 20, 40, 44})
  void endsAtAnEntryThatCannotBe(int at) throws IOException {
    for (int number : new int[] {0, 1, 100, 513, 1 << 30, -512, -1}) {
      byte[] wrong = entry(2);
      boolean possible =
          switch (at) {
            case 16 -> number == 1 << 30;
            case 20 -> number == 1;
            case 40 -> number % 512 == 0;
            default -> false;
          };
      if (possible) {
        continue;
      }
      TestLog.little(wrong).putInt(at, number);
      TestLog.hash(wrong);
      holds(1, HiveState.RECOVERED, open(TestLog.of(dirty, 7, entry(1), wrong)));
    }
  }

  @Test
  void endsAtTheEndOfALog() throws IOException {
    byte[] whole = new byte[(int) log(1, 2).size()];
    log(1, 2).read(0, ByteBuffer.wrap(whole));
    byte[] cut = Arrays.copyOf(whole, whole.length - 1024);
    holds(1, HiveState.RECOVERED, open(new MemorySource("LOG1", cut)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 24, 200, 508})
  void ignoresALogWithADamagedHead(int at) throws IOException {
    byte[] whole = new byte[(int) log(1, 2).size()];
    log(1, 2).read(0, ByteBuffer.wrap(whole));
    whole[at] ^= 1;
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG1", whole)));
  }

  @Test
  void refusesALogThatIsTooLong() {
    ByteSource log =
        new ByteSource() {
          @Override
          public long size() {
            return 1L << 40;
          }

          @Override
          public void read(long offset, ByteBuffer target) {
            throw new AssertionError();
          }

          @Override
          public String describe() {
            return "LOG1";
          }
        };
    assertThatThrownBy(() -> open(log))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("LOG1");
  }

  @Test
  void growsWithItsLog() throws IOException {
    byte[] grown = state(40, 12 * BINS);
    byte[] entry = TestLog.entry(7, 12 * BINS, TestLog.changes(dirty, grown));
    holds(40, HiveState.RECOVERED, open(TestLog.of(dirty, 7, entry)));
    byte[] partly = TestLog.entry(7, 13 * BINS, TestLog.changes(dirty, grown));
    holds(40, HiveState.RECOVERED, open(TestLog.of(dirty, 7, partly)));
  }

  @Test
  void isZeroWhereNeitherHiveNorLogReaches() throws IOException {
    byte[] grown = state(40, 12 * BINS);
    List<Page> pages = TestLog.changes(dirty, grown);
    byte[] entry =
        TestLog.entry(7, 12 * BINS, pages.stream().filter(page -> page.offset() < BINS).toList());
    Hive hive = open(TestLog.of(dirty, 7, entry));
    assertThatThrownBy(() -> hive.key("key"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("cell size value at offset")
        .hasMessageContaining("found 0,");
  }

  @Test
  void takesTheHeadFromTheNewestLogWhenTheHiveHasLostIts() throws IOException {
    dirty[24] = 1;
    dirty[36] ^= 0x55;
    byte[] sound = state(0, BINS_SIZE);
    ByteSource log =
        TestLog.of(
            sound,
            9,
            TestLog.entry(9, BINS_SIZE, TestLog.changes(state(0, BINS_SIZE), state(3, BINS_SIZE))));
    byte[] older = TestLog.entry(5, BINS_SIZE, TestLog.changes(sound, state(9, BINS_SIZE)));
    Hive hive = open(log, TestLog.of(sound, 5, older));
    holds(3, HiveState.RECOVERED, hive);
    assertThat(hive.version()).isEqualTo("1.5");
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void laterPagesHideEarlierOnes() throws IOException {
    byte[] grown = state(2, BINS_SIZE);
    // One page of all bins, a middle sector of it anew, and its first two over that.
    Page all = new Page(0, Arrays.copyOfRange(state(5, BINS_SIZE), BINS, BINS + BINS_SIZE));
    List<Page> changes = TestLog.changes(state(5, BINS_SIZE), grown);
    Page head = new Page(0, Arrays.copyOfRange(grown, BINS, BINS + 1024));
    byte[] first = TestLog.entry(7, BINS_SIZE, List.of(all));
    byte[] second = TestLog.entry(8, BINS_SIZE, changes);
    byte[] third = TestLog.entry(9, BINS_SIZE, List.of(head));
    holds(2, HiveState.RECOVERED, open(TestLog.of(dirty, 7, first, second, third)));
    byte[] again = TestLog.entry(9, BINS_SIZE, List.of(all));
    holds(5, HiveState.RECOVERED, open(TestLog.of(dirty, 7, first, second, again)));
  }

  private ByteSource old(int sequence, int number) {
    return TestLog.old(dirty, sequence, TestLog.changes(dirty, state(number, BINS_SIZE)));
  }

  private ByteSource old(long written, int number) {
    byte[] head = dirty.clone();
    change(head, hive -> hive.putLong(LAST_WRITTEN, written));
    return TestLog.old(head, 8, TestLog.changes(dirty, state(number, BINS_SIZE)));
  }

  @Test
  void takesALogOfTheOldKind() throws IOException {
    holds(3, HiveState.RECOVERED, open(old(8, 3)));
    holds(3, HiveState.RECOVERED, open(old(7, 3)));
  }

  @Test
  void takesTheNewerOfTwoOldLogs() throws IOException {
    holds(4, HiveState.RECOVERED, open(old(1000L, 3), old(1001L, 4)));
    holds(4, HiveState.RECOVERED, open(old(1001L, 4), old(1000L, 3)));
  }

  @Test
  void ignoresAnOldLogOfAnEarlierTime() throws IOException {
    holds(0, HiveState.INCOMPLETE, open(old(999L, 3)));
  }

  @Test
  void prefersLogsOfTheNewKind() throws IOException {
    holds(1, HiveState.RECOVERED, open(old(8, 3), log(1, 1)));
  }

  @Test
  void takesTheHeadFromAnOldLog() throws IOException {
    ByteSource log = old(1000L, 3);
    ByteSource tooOld = old(999L, 3);
    dirty[24] = 1;
    holds(3, HiveState.RECOVERED, open(log));
    assertThatThrownBy(() -> open(tooOld)).isInstanceOf(CorruptImage.class);
  }

  @Test
  void ignoresOldLogsThatAreNotWhole() throws IOException {
    byte[] whole = new byte[(int) old(8, 3).size()];
    old(8, 3).read(0, ByteBuffer.wrap(whole));
    holds(
        0,
        HiveState.INCOMPLETE,
        open(new MemorySource("LOG", Arrays.copyOf(whole, whole.length - 1))));
    byte[] mark = whole.clone();
    mark[512] = 'X';
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG", mark)));
    byte[] half = whole.clone();
    change(half, head -> head.putInt(PRIMARY, 9));
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG", half)));
    byte[] type = whole.clone();
    change(type, head -> head.putInt(TYPE, 0));
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG", type)));
    byte[] size = whole.clone();
    change(size, head -> head.putInt(40, BINS_SIZE + 512));
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG", size)));
    change(size, head -> head.putInt(40, -4096));
    holds(0, HiveState.INCOMPLETE, open(new MemorySource("LOG", size)));
  }
}
