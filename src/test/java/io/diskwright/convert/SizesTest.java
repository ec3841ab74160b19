package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "60G, 64424509440",
    "61440M, 64424509440",
    "64424509440, 64424509440",
    "1k, 1024",
    "2T, 2199023255552",
    "40GiB, 42949672960",
    "512b, 512"
  })
  void readsBinaryUnits(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "-1G",
        "1.5G",
        "8E",
        "9223372036854775808",
        "99999999999999999999",
        "0",
        "0G",
        "1X",
        "1 G"
      })
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> Sizes.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1024, 1 KiB",
    "42949672960, 40 GiB",
    "1610612736, 1.5 GiB",
    "9223372036854775807, 8 EiB",
    "104857600, 100 MiB"
  })
  void writesThemForPeople(long bytes, String text) {
    assertThat(Sizes.human(bytes)).isEqualTo(text);
  }
}
