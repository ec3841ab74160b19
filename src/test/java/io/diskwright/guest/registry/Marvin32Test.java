package io.diskwright.guest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Marvin32Test {

  /** Of an implementation that the published vectors of the function hold for. */
  @ParameterizedTest
  @CsvSource({
    "'', b39efca403966e08",
    "af, b4a6e6f533e761b2",
    "8642dc59, 546977868db74120",
    "153fb79826, 4a715889337ef4a8",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, c64feee425c2e24c"
  })
  void hashes(String bytes, String hash) {
    byte[] input = HexFormat.of().parseHex("ffff" + bytes + "ff");
    assertThat(Marvin32.of(input, 2, input.length - 1)).isEqualTo(Long.parseUnsignedLong(hash, 16));
  }
}
