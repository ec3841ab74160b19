package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.CorruptImage;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryScanTest {

  private static final String SHORT = "SHORT   TXT";

  private final TestFat fat = new TestFat(FatKind.FAT16);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"README  TXT\", 0x00, README.TXT",
        "\"README  TXT\", 0x08, readme.TXT",
        "\"README  TXT\", 0x10, README.txt",
        "\"README  TXT\", 0x18, readme.txt",
        "\"NOEXT      \", 0x18, noext",
        "\"A B C   D E\", 0x00, A B C.D E",
        "\"A\u0000RUBBISH  \", 0x00, A.H",
        "\"\u0005BC     \u0080  \", 0x00, σBC.Ç",
        "\"\u0080\u009a\u00e2     \u008e  \", 0x18, çüΓ.ä",
      })
  void showsShortNamesAsWindowsDoes(String raw, String ntRes, String shown) throws Exception {
    fat.entry(fat.root(0), raw, 0, 0, 0).u8(fat.root(0) + 12, Integer.decode(ntRes));
    assertThat(fat.names()).containsExactly(shown);
  }

  @Test
  void leavesOutWhatIsNoFile() throws Exception {
    fat.entry(fat.root(0), "LABEL      ", 0x08, 0, 0)
        .entry(fat.root(1), "\u00e5GONE   TXT", 0, 0, 0)
        .entry(fat.root(2), ".          ", TestFat.DIRECTORY, 0, 0)
        .entry(fat.root(3), "           ", 0, 0, 0)
        .entry(fat.root(4), "KEPT       ", 0, 0, 0)
        .entry(fat.root(6), "PAST       ", 0, 0, 0);
    assertThat(fat.names()).containsExactly("KEPT");
  }

  @Test
  void joinsLongNamesAndFindsThemInEveryWay() throws Exception {
    int sum = TestFat.checksum("LONGNA~1TXT");
    fat.longName(fat.root(0), 0x42, sum, "Länge.TXT")
        .longName(fat.root(1), 0x01, sum, "A long name of")
        .entry(fat.root(2), "LONGNA~1TXT", 0, 0, 0)
        .entry(fat.root(3), "OTHER      ", 0, 0, 0);
    assertThat(fat.names()).containsExactly("A long name oLänge.TXT", "OTHER");
    long number = fat.root(2);
    for (String name :
        List.of(
            "A long name oLänge.TXT", "a LONG name olÄNGE.txt", "longna~1.txt", "LONGNA~1.TXT")) {
      assertThat(fat.find(name).number()).as(name).isEqualTo(number);
    }
    assertThat(fat.open().root().child("LONGNA~2.TXT")).isEmpty();
    assertThat(fat.check()).isEmpty();
  }

  @Test
  void prefersTheNameAsItIsWritten() throws Exception {
    String raw = "AB      TXT";
    fat.longName(fat.root(0), 0x41, TestFat.checksum(raw), "ab.txt")
        .entry(fat.root(1), raw, 0, 0, 0);
    raw = "AB~1    TXT";
    fat.longName(fat.root(2), 0x41, TestFat.checksum(raw), "Ab.txt")
        .entry(fat.root(3), raw, 0, 0, 0);
    assertThat(fat.find("Ab.txt").number()).isEqualTo(fat.root(3));
    assertThat(fat.find("aB.txt").number()).isEqualTo(fat.root(1));
  }

  @Test
  void ignoresLongNamesThatBelongToNothing() throws Exception {
    int sum = TestFat.checksum(SHORT);
    int at = -1;
    fat.longName(fat.root(++at), 0x41, sum + 1, "wrong sum").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x42, sum, "lost begin").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x01, sum, "lost end").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x43, sum, "gap")
        .longName(fat.root(++at), 0x01, sum, "gap")
        .entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x41, sum, "deleted")
        .entry(fat.root(++at), "\u00e5           ", 0, 0, 0)
        .entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x40, sum, "no order").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x7f, sum, "63 parts").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x41, sum, "").entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x42, sum, "restarted")
        .longName(fat.root(++at), 0x41, sum, "good")
        .entry(fat.root(++at), SHORT, 0, 0, 0);
    fat.longName(fat.root(++at), 0x41, sum, "nothing follows");
    assertThat(fat.names())
        .containsExactly(
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "SHORT.TXT",
            "good");
    assertThat(fat.check()).anyMatch(line -> line.contains("11 parts of long names"));
  }

  @Test
  void takes255UnitsAndNoMore() throws Exception {
    int sum = TestFat.checksum(SHORT);
    for (int i = 0; i < 20; i++) {
      int order = 20 - i;
      String part = order == 20 ? "12345678" : "ABCDEFGHIJKLM";
      fat.longName(fat.root(i), order == 20 ? 0x54 : order, sum, part);
      fat.longName(fat.root(21 + i), order == 20 ? 0x54 : order, sum, part + "9");
    }
    fat.entry(fat.root(20), SHORT, 0, 0, 0).entry(fat.root(41), SHORT, 0, 0, 0);
    assertThat(fat.names()).containsExactly("ABCDEFGHIJKLM".repeat(19) + "12345678", "SHORT.TXT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", ".", "..", "/"})
  void refusesNamesThatNoPathHolds(String name) {
    fat.longName(fat.root(0), 0x41, TestFat.checksum(SHORT), name)
        .entry(fat.root(1), SHORT, 0, 0, 0);
    assertThatThrownBy(fat::names).isInstanceOf(CorruptImage.class).hasMessageContaining("name");
  }

  @Test
  void keepsSurrogates() throws Exception {
    fat.longName(fat.root(0), 0x41, TestFat.checksum(SHORT), "\ud83d\ude00 \ud800")
        .entry(fat.root(1), SHORT, 0, 0, 0);
    assertThat(fat.names()).containsExactly("\ud83d\ude00 \ud800");
    assertThat(fat.find("\ud83d\ude00 \ud800").number()).isEqualTo(fat.root(1));
  }

  @Test
  void tellsTimesAndAttributes() throws Exception {
    int at = fat.root(0);
    fat.entry(at, SHORT, 0x27, 0, 0).u16(at + 22, 0xbf7d).u16(at + 24, 0xff9f);
    fat.u8(at + 13, 199).u16(at + 14, 0x0001).u16(at + 16, 0x0021).u16(at + 18, 0x5c22);
    Node node = fat.find("short.txt");
    assertThat(node.attributes().times().modified())
        .isEqualTo(Instant.parse("2107-12-31T23:59:58Z"));
    assertThat(node.attributes().times().accessed())
        .isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
    assertThat(node.attributes().times().created())
        .contains(Instant.parse("1980-01-01T00:00:03.990Z"));
    assertThat(node.attributes().flags())
        .containsExactlyInAnyOrder(
            InodeFlag.READ_ONLY, InodeFlag.HIDDEN, InodeFlag.SYSTEM, InodeFlag.ARCHIVE);
    assertThat(node.attributes().permissions()).isEqualTo(0555);
    assertThat(DosTime.of(0, 0, 0)).isEqualTo(Instant.parse("1980-01-01T00:00:00Z"));
    assertThat(DosTime.of(0x01e0, 0, 0)).isEqualTo(Instant.parse("1980-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @EnumSource(FatKind.class)
  void walksDirectories(FatKind kind) throws Exception {
    var tree = new TestFat(kind);
    tree.directory(tree.root(0), "A          ", 5, 0);
    tree.directory(tree.cluster(5) + 64, "B          ", 6, 5);
    tree.entry(tree.cluster(6) + 64, "FILE       ", 0, 0, 0);
    try (Stream<Path> paths = Files.walk(new TreeFileSystem(tree.open()).root())) {
      assertThat(paths.map(Path::toString)).containsExactly("/", "/A", "/A/B", "/A/B/FILE");
    }
    assertThat(tree.find("A").attributes().links()).isEqualTo(3);
    assertThat(tree.find("a").number()).isEqualTo(5);
    assertThat(tree.find("a").parentNumber()).hasValue(1);
    assertThat(tree.find("a").child("b").orElseThrow().parentNumber()).hasValue(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 0, 1, 5002, 7})
  void refusesDirectoriesThatComeBackOrLeadNowhere(int cluster) throws Exception {
    fat.directory(fat.root(0), "A          ", 5, 0)
        .directory(fat.cluster(5) + 64, "B          ", 6, 5);
    fat.entry(fat.cluster(6) + 64, "LOOP       ", TestFat.DIRECTORY, cluster, 0);
    Path root = new TreeFileSystem(fat.open()).root();
    assertThatThrownBy(
            () -> {
              try (Stream<Path> paths = Files.walk(root)) {
                paths.toList();
              }
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(CorruptImage.class);
    assertThat(fat.check()).isNotEmpty();
  }

  @Test
  void refusesDirectoriesWithoutEnd() throws Exception {
    fat.directory(fat.root(0), "A          ", 5, 0).directory(fat.root(1), "B          ", 6, 0);
    fat.fat(5, 7).fat(7, 5);
    for (int i = 100; i < 4200; i++) {
      fat.fat(i, i + 1);
    }
    fat.fat(6, 100).fat(4200, TestFat.END);
    assertThatThrownBy(() -> TestFat.names(fat.find("A")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("earlier in the same chain");
    assertThatThrownBy(() -> TestFat.names(fat.find("B")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("more than 4096 clusters");
  }

  @Test
  void knowsCodePage437() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    assertThat(CodePage437.decode(all)).isEqualTo(new String(all, Charset.forName("IBM437")));
  }
}
