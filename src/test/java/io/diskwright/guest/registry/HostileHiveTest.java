package io.diskwright.guest.registry;

import static io.diskwright.guest.registry.TestHive.BINS;
import static io.diskwright.guest.registry.TestHive.NONE;
import static io.diskwright.guest.registry.TestHive.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is damaged or hostile in a hive is refused, by the structure's name and its place. */
class HostileHiveTest {

  private static final int CELL_HEADER = 4;
  private static final int PIECE = 16344;

  private final TestHive hive = new TestHive();

  /** Reads all keys and values. */
  private static void walk(Hive open) throws IOException {
    Deque<RegistryKey> pending = new ArrayDeque<>(List.of(open.root()));
    while (!pending.isEmpty()) {
      RegistryKey key = pending.pop();
      key.className();
      for (RegistryValue value : key.values()) {
        value.data();
      }
      key.subkeys().forEach(pending::push);
    }
  }

  private <E extends ImageException> Fault refused(Class<E> kind) {
    return catchThrowableOfType(kind, () -> walk(hive.open())).fault();
  }

  /** Refused at a field of a cell. */
  private void corrupt(String structure, int cell, int at) {
    Fault fault = refused(CorruptImage.class);
    assertThat(fault.structure()).isEqualTo(structure);
    assertThat(fault.offset()).isEqualTo(BINS + cell + CELL_HEADER + at);
    assertThat(fault.source()).isEqualTo(TestHive.NAME);
  }

  private static <E extends ImageException> Fault notOpened(Class<E> kind, byte[] bytes) {
    return catchThrowableOfType(kind, () -> Hive.open(TestHive.source(bytes), List.of())).fault();
  }

  @Test
  void refusesWhatIsNoHive() {
    Fault fault = notOpened(CorruptImage.class, hive.head(0, 0x66676572 + 1).bytes());
    assertThat(fault.structure()).isEqualTo("base block signature");
    assertThat(fault.offset()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"20, 2", "24, 7", "24, 1", "20, 0", "24, -1"})
  void refusesOtherVersions(int at, int number) {
    Fault fault = notOpened(UnsupportedFeature.class, hive.head(at, number).bytes());
    assertThat(fault.structure()).isEqualTo("base block version");
    assertThat(fault.offset()).isEqualTo(20);
  }

  @Test
  void refusesALogAsHive() {
    Fault fault = notOpened(CorruptImage.class, hive.head(28, 6).bytes());
    assertThat(fault.structure()).isEqualTo("base block type");
    assertThat(fault.offset()).isEqualTo(28);
  }

  @Test
  void refusesAWrongChecksum() {
    byte[] bytes = hive.bytes();
    bytes[100] ^= 1;
    Fault fault = notOpened(CorruptImage.class, bytes);
    assertThat(fault.structure()).isEqualTo("base block checksum");
    assertThat(fault.offset()).isEqualTo(508);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, BINS, 16 * BINS, 17 * BINS - 1})
  void refusesATruncatedFile(int length) {
    Fault fault = notOpened(CorruptImage.class, Arrays.copyOf(hive.bytes(), length));
    assertThat(fault.structure()).startsWith("base block");
  }

  @Test
  void readsNothingBehindTheBins() {
    int key = hive.child(ROOT, "far");
    hive.head(40, key);
    assertThat(refused(CorruptImage.class).structure()).isEqualTo("subkey list");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 0x7fffffff, -1, -7, -0x7fffffff, Integer.MIN_VALUE, -70000})
  void refusesImpossibleSizesOfCells(int size) {
    int key = hive.child(ROOT, "key");
    hive.cellSize(key, size);
    corrupt("key below 'ROOT' cell size value", key, -CELL_HEADER);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x24, -1, -8, 0x7ffffff8, 16 * BINS, 16 * BINS - 4, 0})
  void refusesImpossibleOffsetsOfCells(int offset) {
    hive.below(ROOT, 1, hive.list("li", offset));
    assertThat(refused(CorruptImage.class).structure()).startsWith("key below 'ROOT'");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 17 * BINS, -1, -8})
  void refusesAWrongRoot(int offset) {
    hive.head(36, offset);
    assertThat(refused(CorruptImage.class).structure()).startsWith("root key");
  }

  @Test
  void refusesARootThatIsNoKey() {
    int cell = hive.cell(new byte[100]);
    hive.head(36, cell);
    corrupt("root key signature", cell, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lf", "lh", "li", "ri"})
  void refusesListsThatClaimMoreThanTheyHold(String kind) {
    int list = hive.list(kind, hive.key(ROOT, "key"), hive.key(ROOT, "other"));
    hive.set16(list, 2, 65535).below(ROOT, 2, list);
    corrupt("subkey list number of entries", list, 2);
  }

  @Test
  void refusesAListOfItself() {
    int list = hive.list("ri", 0);
    hive.set32(list, 4, list).below(ROOT, 1, list);
    corrupt("subkey list signature", list, 0);
  }

  @Test
  void refusesAListOfAnUnknownKind() {
    int list = hive.list("xx", 0);
    hive.below(ROOT, 1, list);
    corrupt("subkey list signature", list, 0);
  }

  @Test
  void refusesAListAsKey() {
    int list = hive.list("li", 0);
    hive.set32(list, 4, list).below(ROOT, 1, list);
    corrupt("key below 'ROOT' signature", list, 0);
  }

  @Test
  void refusesAKeyBelowItself() {
    int key = hive.child(ROOT, "key");
    hive.below(key, 1, hive.list("li", key));
    corrupt("key below 'key' parent of 'key'", key, 16);
  }

  @Test
  void refusesARootBelowItself() {
    hive.set32(ROOT, 16, ROOT).below(ROOT, 1, hive.list("li", ROOT));
    corrupt("key below 'ROOT' parent of 'ROOT'", ROOT, 16);
  }

  @Test
  void refusesAKeyBelowTwo() {
    int first = hive.key(ROOT, "first");
    int second = hive.key(ROOT, "second");
    int shared = hive.child(first, "shared");
    hive.below(second, 1, hive.list("lh", shared)).below(ROOT, 2, hive.list("lh", first, second));
    corrupt("key below 'second' parent of 'shared'", shared, 16);
  }

  @Test
  void refusesAKeyThatIsListedTwice() {
    int key = hive.key(ROOT, "key");
    int list = hive.list("li", key, key);
    hive.below(ROOT, 2, list);
    corrupt("subkey list entry 1", list, 8);
    int again = hive.list("li", key);
    hive.below(ROOT, 2, hive.list("ri", again, again));
    corrupt("subkey list entry 0", again, 4);
  }

  @Test
  void refusesKeysThatLieTooDeep() throws IOException {
    int key = ROOT;
    for (int depth = 0; depth < 512; depth++) {
      key = hive.child(key, "k");
    }
    walk(hive.open());
    int tooDeep = hive.child(key, "k");
    corrupt("key below 'k' depth", tooDeep, 0);
  }

  @Test
  void refusesMoreKeysThanAnyHiveHas() {
    var large = new TestHive(5, 4 << 20);
    int[] lists = new int[5];
    for (int i = 0; i < lists.length; i++) {
      int[] keys = new int[65535];
      Arrays.setAll(keys, new KeyNumbers(i * 65535)::at);
      lists[i] = large.list("li", keys);
    }
    large.below(ROOT, 1, large.list("ri", lists));
    Fault fault = catchThrowableOfType(LimitExceeded.class, () -> walk(large.open())).fault();
    assertThat(fault.structure()).isEqualTo("subkey list number of entries");
    assertThat(fault.offset()).isEqualTo(BINS + lists[4] + CELL_HEADER + 2);
  }

  private record KeyNumbers(int first) {
    int at(int index) {
      return first + index;
    }
  }

  @Test
  void refusesNamesLongerThanTheirCells() {
    int key = hive.child(ROOT, "key");
    hive.set16(key, 72, 500);
    corrupt("key below 'ROOT'", key, 76);
    hive.set16(key, 72, 513);
    corrupt("key below 'ROOT' name length", key, 72);
    hive.set16(key, 72, 3);
    int value = hive.value("value", 4, new byte[4]);
    hive.values(key, value).set16(value, 2, 65535);
    corrupt("value of key 'key'", value, 20);
  }

  @Test
  void refusesCellsShorterThanTheirHeaders() {
    int key = hive.child(ROOT, "key");
    hive.cellSize(key, -56);
    corrupt("key below 'ROOT'", key, 72);
    hive.cellSize(key, -88);
    int value = hive.value("", 4, new byte[4]);
    hive.values(key, value).cellSize(value, -16);
    corrupt("value of key 'key'", value, 16);
  }

  @Test
  void refusesAClassLongerThanItsCell() {
    int name = hive.cell(new byte[12]);
    hive.set32(ROOT, 48, name).set16(ROOT, 74, 14);
    corrupt("class of key 'ROOT'", name, 0);
  }

  @Test
  void refusesListsOfValuesThatClaimMoreThanTheyHold() {
    hive.values(ROOT, hive.value("v", 4, new byte[4])).set32(ROOT, 36, 2);
    corrupt("root key number of values", ROOT, 36);
    hive.set32(ROOT, 36, NONE);
    Fault fault = refused(LimitExceeded.class);
    assertThat(fault.structure()).isEqualTo("root key number of values");
    assertThat(fault.offset()).isEqualTo(BINS + ROOT + CELL_HEADER + 36);
  }

  @Test
  void refusesAValueThatIsNone() {
    hive.values(ROOT, ROOT);
    corrupt("value of key 'ROOT' signature", ROOT, 0);
  }

  @Test
  void refusesManyLongNamesOfOneValue() {
    var large = new TestHive(5, 1 << 20);
    int[] values = new int[600];
    Arrays.fill(values, large.value("x".repeat(30000), 4, new byte[4]));
    large.values(ROOT, values);
    Fault fault = catchThrowableOfType(LimitExceeded.class, () -> walk(large.open())).fault();
    assertThat(fault.structure()).isEqualTo("root key values");
  }

  @Test
  void refusesImpossibleSizesOfData() {
    int value = hive.value("v", 3, 0x80000005, 0);
    hive.values(ROOT, value);
    corrupt("value of key 'ROOT' data size", value, 4);
    hive.set32(value, 4, 0x7fffffff);
    Fault fault = refused(LimitExceeded.class);
    assertThat(fault.structure()).isEqualTo("value of key 'ROOT' data size");
    assertThat(fault.offset()).isEqualTo(BINS + value + CELL_HEADER + 4);
    hive.set32(value, 4, 1 << 24);
    corrupt("value of key 'ROOT' data size", value, 4);
    hive.set32(value, 4, 100).set32(value, 8, hive.cell(new byte[92]));
    corrupt("value of key 'ROOT' data size", value, 4);
    hive.set32(value, 8, NONE);
    assertThat(refused(CorruptImage.class).structure()).isEqualTo("data of value 'v'");
  }

  @Test
  void refusesPiecesThatDoNotMakeUpTheData() {
    int piece = hive.cell(new byte[PIECE]);
    int list = hive.offsets(new byte[0], piece);
    int big = hive.offsets(new byte[] {'d', 'b', 3, 0}, list);
    hive.values(ROOT, hive.value("v", 3, PIECE + 1, big));
    corrupt("data of value 'v' number of pieces", big, 2);
    hive.set16(big, 2, 0);
    corrupt("data of value 'v' number of pieces", big, 2);
    hive.set16(big, 2, 2);
    corrupt("pieces of value 'v'", list, 4);
    int shortPiece = hive.cell(new byte[12]);
    hive.set32(big, 4, hive.offsets(new byte[0], shortPiece, shortPiece));
    corrupt("piece of value 'v'", shortPiece, 0);
    hive.set32(big, 4, 4);
    assertThat(refused(CorruptImage.class).structure()).isEqualTo("pieces of value 'v'");
  }
}
