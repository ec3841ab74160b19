package io.diskwright.guest.registry;

import static io.diskwright.guest.registry.TestHive.ROOT;
import static io.diskwright.guest.registry.TestHive.utf16;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sound hive holds. */
class HiveTest {

  private static final int PIECE = 16344;

  private final TestHive hive = new TestHive();

  private static List<String> names(RegistryKey key) throws IOException {
    return key.subkeys().stream().map(RegistryKey::name).toList();
  }

  private RegistryValue value(int type, byte[] data) throws IOException {
    hive.values(ROOT, hive.value("v", type, data));
    return hive.open().root().value("V").orElseThrow();
  }

  @Test
  void opensAnEmptyOne() throws IOException {
    Hive open = hive.open();
    assertThat(open.state()).isEqualTo(HiveState.CLEAN);
    assertThat(open.version()).isEqualTo("1.5");
    assertThat(open.describe()).isEqualTo(TestHive.NAME);
    assertThat(open.root().name()).isEqualTo("ROOT");
    assertThat(open.root().subkeys()).isEmpty();
    assertThat(open.root().values()).isEmpty();
    assertThat(open.root().className()).isEmpty();
    assertThat(open.root().isLink()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void opensEveryVersion(int minor) throws IOException {
    assertThat(new TestHive(minor, 4096).open().version()).isEqualTo("1." + minor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lf", "lh", "li"})
  void readsEveryKindOfList(String kind) throws IOException {
    int[] keys = {hive.key(ROOT, "a"), hive.key(ROOT, "b"), hive.key(ROOT, "c")};
    hive.below(ROOT, 3, hive.list(kind, keys));
    assertThat(names(hive.open().root())).containsExactly("a", "b", "c");
  }

  @Test
  void readsListsOfLists() throws IOException {
    int first = hive.list("lf", hive.key(ROOT, "a"), hive.key(ROOT, "b"));
    int second = hive.list("lh", hive.key(ROOT, "c"));
    int third = hive.list("li", hive.key(ROOT, "d"));
    hive.below(ROOT, 4, hive.list("ri", first, second, third));
    assertThat(names(hive.open().root())).containsExactly("a", "b", "c", "d");
  }

  @Test
  void readsNamesOfBytesAndOfUtf16() throws IOException {
    int bytes = hive.key(ROOT, "Größe");
    int wide = hive.key(ROOT, "Привет");
    hive.below(ROOT, 2, hive.list("lh", bytes, wide));
    hive.values(bytes, hive.value("ÄÖ", 4, new byte[4]), hive.value("日本", 4, new byte[4]));
    Hive open = hive.open();
    assertThat(names(open.root())).containsExactly("Größe", "Привет");
    assertThat(open.key("GRÖSSE")).isEmpty();
    assertThat(open.key("grÖße").orElseThrow().values())
        .extracting(RegistryValue::name)
        .containsExactly("ÄÖ", "日本");
    assertThat(open.key("ПРИВЕТ")).isPresent();
  }

  @Test
  void findsKeysByTheirPathInAnyCase() throws IOException {
    int microsoft = hive.child(ROOT, "Microsoft");
    hive.child(hive.child(microsoft, "Windows NT"), "CurrentVersion");
    Hive open = hive.open();
    assertThat(open.key("MICROSOFT\\windows nt\\currentVERSION").orElseThrow().name())
        .isEqualTo("CurrentVersion");
    assertThat(open.key("\\Microsoft\\").orElseThrow().name()).isEqualTo("Microsoft");
    assertThat(open.key("").orElseThrow().name()).isEqualTo("ROOT");
    assertThat(open.key("Microsoft\\Windows")).isEmpty();
    assertThat(open.key("None\\Windows NT")).isEmpty();
  }

  @Test
  void readsTimesClassesAndLinks() throws IOException {
    int key = hive.child(ROOT, "Lsa");
    hive.set32(key, 48, hive.cell(utf16("1a2b3c4d"))).set16(key, 74, 16).set16(key, 2, 0x30);
    RegistryKey lsa = hive.open().key("lsa").orElseThrow();
    assertThat(lsa.className()).isEqualTo("1a2b3c4d");
    assertThat(lsa.isLink()).isTrue();
    assertThat(lsa.lastWritten()).isEqualTo(Instant.parse("2024-01-17T21:20:01.234567800Z"));
  }

  @Test
  void takesATimeBeyond63Bits() throws IOException {
    hive.set32(ROOT, 4, -1).set32(ROOT, 8, -1);
    assertThat(hive.open().root().lastWritten()).isAfter(Instant.parse("+60000-01-01T00:00:00Z"));
  }

  @Test
  void readsTexts() throws IOException {
    assertThat(value(RegistryValue.SZ, utf16("Windows\0")).text()).isEqualTo("Windows");
    assertThat(value(RegistryValue.SZ, utf16("no end")).text()).isEqualTo("no end");
    assertThat(value(RegistryValue.SZ, utf16("a\0b")).text()).isEqualTo("a");
    assertThat(value(RegistryValue.SZ, new byte[0]).text()).isEmpty();
    assertThat(value(RegistryValue.SZ, new byte[] {'a', 0, 'b'}).text()).isEqualTo("a");
  }

  @Test
  void readsSeveralTexts() throws IOException {
    int type = RegistryValue.MULTI_SZ;
    assertThat(value(type, utf16("a\0bb\0ccc\0\0")).texts()).containsExactly("a", "bb", "ccc");
    assertThat(value(type, utf16("a\0bb\0")).texts()).containsExactly("a", "bb");
    assertThat(value(type, utf16("a\0bb")).texts()).containsExactly("a", "bb");
    assertThat(value(type, utf16("a\0\0b\0\0")).texts()).containsExactly("a");
    assertThat(value(type, utf16("\0")).texts()).isEmpty();
    assertThat(value(type, utf16("\0\0")).texts()).isEmpty();
    assertThat(value(type, new byte[0]).texts()).isEmpty();
  }

  @Test
  void readsNumbers() throws IOException {
    byte[] four = {1, 2, 3, (byte) 0xf4};
    byte[] eight = {1, 0, 0, 0, 0, 0, 0, 2};
    assertThat(value(RegistryValue.DWORD, four).number()).hasValue(0xf4030201L);
    assertThat(value(RegistryValue.DWORD_BIG_ENDIAN, four).number()).hasValue(0x010203f4L);
    assertThat(value(RegistryValue.QWORD, eight).number()).hasValue(0x0200000000000001L);
    assertThat(value(RegistryValue.QWORD, four).number()).isEqualTo(OptionalLong.empty());
    assertThat(value(RegistryValue.DWORD, eight).number()).isEqualTo(OptionalLong.empty());
    assertThat(value(RegistryValue.DWORD_BIG_ENDIAN, eight).number())
        .isEqualTo(OptionalLong.empty());
    assertThat(value(RegistryValue.BINARY, four).number()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void readsDataInPlaceAndInACell() throws IOException {
    for (int length = 0; length <= 6; length++) {
      byte[] data = Arrays.copyOf(new byte[] {1, 2, 3, 4, 5, 6}, length);
      RegistryValue value = value(RegistryValue.BINARY, data);
      assertThat(value.data()).isEqualTo(data);
      assertThat(value.type()).isEqualTo(RegistryValue.BINARY);
    }
    hive.values(ROOT, hive.value("", RegistryValue.BINARY, 0, TestHive.NONE));
    assertThat(hive.open().root().value("").orElseThrow().data()).isEmpty();
  }

  @Test
  void readsLongDataInPieces() throws IOException {
    byte[] data = new byte[2 * PIECE + 5];
    new Random(1).nextBytes(data);
    int[] pieces = {
      hive.cell(Arrays.copyOfRange(data, 0, PIECE)),
      hive.cell(Arrays.copyOfRange(data, PIECE, 2 * PIECE)),
      hive.cell(Arrays.copyOfRange(data, 2 * PIECE, data.length))
    };
    int big = hive.offsets(new byte[] {'d', 'b', 3, 0}, hive.offsets(new byte[0], pieces));
    hive.values(ROOT, hive.value("v", RegistryValue.BINARY, data.length, big));
    assertThat(hive.open().root().value("v").orElseThrow().data()).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void readsLongDataInOneCell(int minor) throws IOException {
    var old = new TestHive(minor, 64 << 10);
    byte[] data = new byte[PIECE + 1];
    // Before 1.4, data may start like a list of pieces.
    data[0] = (byte) (minor == 3 ? 'd' : 'x');
    data[1] = 'b';
    old.values(ROOT, old.value("v", RegistryValue.BINARY, data));
    assertThat(old.open().root().value("v").orElseThrow().data()).isEqualTo(data);
  }

  @Test
  void readsDataThatIsNotLongInOneCellWhateverItHolds() throws IOException {
    byte[] data = new byte[PIECE];
    data[0] = 'd';
    data[1] = 'b';
    assertThat(value(RegistryValue.BINARY, data).data()).isEqualTo(data);
  }
}
