package io.diskwright.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectorCipherTest {

  private static final HexFormat HEX = HexFormat.of();

  /** IEEE 1619, annex B: the vectors of 32 bytes are the start of a sector. */
  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000, 00000000000000000000000000000000, 0, 00,"
        + " 917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e",
    "11111111111111111111111111111111, 22222222222222222222222222222222, 3333333333, 44,"
        + " c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0",
    "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0, 22222222222222222222222222222222, 3333333333, 44,"
        + " af85336b597afc1a900b2eb21ec949d292df4c047e0b21532186a5971a227a89",
  })
  void decryptsXtsAes128AsTheStandardSays(
      String key1, String key2, String number, String plain, String encrypted) {
    byte[] sector = Arrays.copyOf(HEX.parseHex(encrypted), 512);

    byte[] decrypted = decrypt("xts-plain64", key1 + key2, sector, Long.parseLong(number, 16));

    assertThat(HEX.formatHex(decrypted, 0, 32)).isEqualTo(plain.repeat(32));
  }

  /** IEEE 1619, annex B, vector 10. */
  @Test
  void decryptsXtsAes256AsTheStandardSays() {
    String key =
        "2718281828459045235360287471352662497757247093699959574966967627"
            + "3141592653589793238462643383279502884197169399375105820974944592";
    String encrypted =
        "1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b"
            + "5d31e276f8fe4a8d66b317f9ac683f44680a86ac35adfc3345befecb4bb188fd"
            + "5776926c49a3095eb108fd1098baec70aaa66999a72a82f27d848b21d4a741b0"
            + "c5cd4d5fff9dac89aeba122961d03a757123e9870f8acf1000020887891429ca"
            + "2a3e7a7d7df7b10355165c8b9a6d0a7de8b062c4500dc4cd120c0f7418dae3d0"
            + "b5781c34803fa75421c790dfe1de1834f280d7667b327f6c8cd7557e12ac3a0f"
            + "93ec05c52e0493ef31a12d3d9260f79a289d6a379bc70c50841473d1a8cc81ec"
            + "583e9645e07b8d9670655ba5bbcfecc6dc3966380ad8fecb17b6ba02469a020a"
            + "84e18e8f84252070c13e9f1f289be54fbc481457778f616015e1327a02b140f1"
            + "505eb309326d68378f8374595c849d84f4c333ec4423885143cb47bd71c5edae"
            + "9be69a2ffeceb1bec9de244fbe15992b11b77c040f12bd8f6a975a44a0f90c29"
            + "a9abc3d4d893927284c58754cce294529f8614dcd2aba991925fedc4ae74ffac"
            + "6e333b93eb4aff0479da9a410e4450e0dd7ae4c6e2910900575da401fc07059f"
            + "645e8b7e9bfdef33943054ff84011493c27b3429eaedb4ed5376441a77ed4385"
            + "1ad77f16f541dfd269d50d6a5f14fb0aab1cbb4c1550be97f7ab4066193c4caa"
            + "773dad38014bd2092fa755c824bb5e54c4f36ffda9fcea70b9c6e693e148c151";
    byte[] plain = new byte[512];
    IntStream.range(0, 512).forEach(i -> plain[i] = (byte) i);

    assertThat(decrypt("xts-plain64", key, HEX.parseHex(encrypted), 0xff)).isEqualTo(plain);
  }

  /** More than is decrypted at once, and numbers that do not fit into 32 bits. */
  @ParameterizedTest
  @CsvSource({
    "xts-plain64, 32, 0",
    "xts-plain64, 64, 4294967290",
    "xts-plain, 32, 4294967290",
    "xts-essiv:sha256, 48, 4294967290",
    "cbc-plain64, 16, 0",
    "cbc-plain64, 32, 4294967290",
    "cbc-plain, 16, 4294967290",
    "cbc-essiv:sha256, 32, 4294967290",
    "cbc-essiv:sha256, 16, 7",
  })
  void decryptsManySectors(String mode, int keyBytes, long first) {
    byte[] plain = random(512 * 131, 1);
    byte[] key = random(keyBytes, 2);

    byte[] encrypted = ReferenceSectors.encrypt(mode, key, plain, first);

    assertThat(decrypt(mode, HEX.formatHex(key), encrypted, first)).isEqualTo(plain);
  }

  @Test
  void decryptsInAnyThread() {
    byte[] plain = random(512 * 70, 3);
    byte[] key = random(64, 4);
    byte[] encrypted = ReferenceSectors.encrypt("xts-plain64", key, plain, 9);
    var cipher = new SectorCipher(CipherMode.named("xts-plain64").orElseThrow(), key);

    boolean all =
        IntStream.range(0, 200)
            .parallel()
            .allMatch(i -> {
              ByteBuffer buffer = ByteBuffer.wrap(encrypted.clone());
              cipher.decrypt(buffer, 9);
              return Arrays.equals(buffer.array(), plain) && !buffer.hasRemaining();
            });

    assertThat(all).isTrue();
  }

  @Test
  void takesWholeSectorsOnly() {
    var cipher = new SectorCipher(CipherMode.named("cbc-plain").orElseThrow(), new byte[16]);

    assertThatThrownBy(() -> cipher.decrypt(ByteBuffer.allocate(513), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] decrypt(String mode, String key, byte[] encrypted, long first) {
    var cipher = new SectorCipher(CipherMode.named(mode).orElseThrow(), HEX.parseHex(key));
    ByteBuffer direct = ByteBuffer.allocateDirect(encrypted.length).put(encrypted).flip();
    cipher.decrypt(direct, first);
    byte[] decrypted = new byte[encrypted.length];
    direct.flip().get(decrypted);
    return decrypted;
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
