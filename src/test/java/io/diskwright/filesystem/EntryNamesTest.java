package io.diskwright.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryNamesTest {

  @ParameterizedTest
  @CsvSource({
    "66696c65, file",
    "c3a9, é",
    "f09f9880, \uD83D\uDE00",
    "6cff, l\uDCFF",
    // A surrogate in UTF-8, an overlong slash, a sequence that is cut off.
    "eda080, \uDCED\uDCA0\uDC80",
    "c0af, \uDCC0\uDCAF",
    "e697, \uDCE6\uDC97",
  })
  void bytesBecomeTextAndComeBack(String hex, String text) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(EntryNames.decode(bytes)).isEqualTo(text);
    assertThat(EntryNames.encode(text)).isEqualTo(bytes);
  }

  @Test
  void anyBytesComeBack() {
    var random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      assertThat(EntryNames.encode(EntryNames.decode(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void textOfWindowsWithLoneSurrogatesIsWrittenAsWtf8() {
    assertThat(EntryNames.encode("\uD800")).isEqualTo(HexFormat.of().parseHex("eda080"));
    assertThat(EntryNames.encode("ä")).isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"'', true", "a/b, true", "'a\0', true", "a, false", "' ', false"})
  void someNamesAreImpossible(String name, boolean impossible) {
    assertThat(EntryNames.isImpossible(name)).isEqualTo(impossible);
  }
}
