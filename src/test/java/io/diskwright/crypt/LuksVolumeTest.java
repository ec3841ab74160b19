package io.diskwright.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuksVolumeTest {

  private static final int SLOT_0 = TestLuks.SLOTS;
  private static final int SLOT_3 = TestLuks.SLOTS + 3 * TestLuks.SLOT;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "xts-plain64, sha256, 32, aes-128-xts-plain64",
    "xts-plain64, sha512, 64, aes-256-xts-plain64",
    "xts-plain64:sha256, sha384, 48, aes-192-xts-plain64",
    "cbc-essiv:sha256, sha1, 32, aes-256-cbc-essiv:sha256",
    "cbc-plain64, sha224, 16, aes-128-cbc-plain64",
    "cbc-plain, sha1, 16, aes-128-cbc-plain",
  })
  void unlocks(String mode, String hash, int keyBytes, String description) throws IOException {
    var luks = new TestLuks(mode.replaceFirst("64:.*", "64"), hash, keyBytes).slot(0, "pässwörd");
    luks.text(40, mode);
    LuksVolume volume = volume(luks);

    assertThat(volume.describe()).isEqualTo("LUKS1, " + description);
    assertDecrypts(luks, unlock(volume, "pässwörd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second", "last"})
  void findsTheSlotOfThePassphrase(String passphrase) throws IOException {
    var luks =
        new TestLuks("cbc-plain64", "sha256", 16)
            .slot(1, "first")
            .slot(4, "second")
            .slot(7, "last");

    assertDecrypts(luks, unlock(volume(luks), passphrase));
  }

  @Test
  void readsAHeaderThatLiesSomewhere() throws IOException {
    var luks = new TestLuks("xts-plain64", "sha256", 32).slot(0, "x");
    byte[] bytes = luks.build();
    byte[] file = new byte[bytes.length + 8192];
    System.arraycopy(bytes, 0, file, 8192, bytes.length);

    var volume = LuksVolume.read(new MemorySource("image", file), 8192, bytes.length);

    assertDecrypts(luks, unlock(volume, "x"));
  }

  @Test
  void refusesAnotherPassphrase() throws IOException {
    LuksVolume volume =
        volume(new TestLuks("cbc-plain64", "sha256", 16).slot(0, "right").slot(2, "too"));

    assertThatThrownBy(() -> unlock(volume, "wr0ng"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("image: LUKS header key slots at offset 0xd0: found none of the 2")
        .hasMessageContaining("Check the --secret-file")
        .hasMessageNotContaining("wr0ng");
  }

  @Test
  void refusesDamagedKeyMaterial() throws IOException {
    var luks = new TestLuks("cbc-plain64", "sha256", 16).slot(0, "x");
    luks.u32(luks.materialAt(0) + 40_000, 0);

    assertThatThrownBy(() -> unlock(volume(luks), "x")).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void refusesAVolumeWithoutKeys() throws IOException {
    LuksVolume volume = volume(new TestLuks("cbc-plain64", "sha256", 16));

    assertThatThrownBy(() -> unlock(volume, "x"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("key slots at offset 0xd0: found none that is active")
        .hasMessageContaining("Its keys were erased");
  }

  /** Work is refused when it would be done, not for slots behind the one that opens. */
  @ParameterizedTest
  @CsvSource({
    "212, 4294967295",
    "212, 50000000", // two blocks of sha256 make a key of 64 bytes
    "164, 4294967295",
    "164, 100000001",
  })
  void refusesWorkWithoutEnd(int field, long iterations) throws IOException {
    var luks = new TestLuks("xts-plain64", "sha256", 64).slot(0, "x").u32(field, iterations);
    LuksVolume volume = volume(luks);

    assertThatThrownBy(() -> unlock(volume, "x"))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("LUKS header iterations at offset 0xd0: found ")
        .hasMessageContaining("rounds of sha256 up to this key slot, allowed: up to 100000000 ");
  }

  @Test
  void addsUpTheWorkOfSlots() throws IOException {
    var luks =
        new TestLuks("cbc-plain64", "sha256", 16)
            .slot(0, "x")
            .slot(3, "y")
            .u32(SLOT_3 + 4, 99_999_996); // 3 and 2 rounds for slot 0, 2 for the digest

    assertDecrypts(luks, unlock(volume(luks), "x"));
    assertThatThrownBy(() -> unlock(volume(luks), "y"))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("at offset 0x160: found 100000003 (0x5f5e103) rounds");
  }

  record Case(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<TestLuks> damage) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> damaged() {
    Class<CorruptImage> corrupt = CorruptImage.class;
    Class<UnsupportedFeature> unsupported = UnsupportedFeature.class;
    return Stream.of(
        new Case("magic", corrupt, "magic at offset 0x0", l -> l.text(0, "LUCS")),
        new Case("v2", unsupported, "version at offset 0x6: found 2", l -> l.text(6, "\0\2")),
        new Case("v0", unsupported, "version at offset 0x6: found 0", l -> l.text(6, "\0\0")),
        new Case("serpent", unsupported, "found 'serpent'", l -> l.text(8, "serpent\0")),
        new Case("twofish", unsupported, "found 'twofish'", l -> l.text(8, "twofish\0")),
        new Case("cast5", unsupported, "found 'cast5'", l -> l.text(8, "cast5\0")),
        new Case("no-cipher", corrupt, "cipher-name at offset 0x8", l -> l.text(8, "\0\0\0")),
        new Case("cipher-no-nul", corrupt, "cipher-name", l -> l.text(8, "a".repeat(32))),
        new Case("mode-no-nul", corrupt, "cipher-mode", l -> l.text(40, "a".repeat(32))),
        new Case("hash-no-nul", corrupt, "hash-spec", l -> l.text(72, "a".repeat(32))),
        new Case("ecb", unsupported, "0x28: found 'ecb-plain64'", l -> l.text(40, "ecb-plain64")),
        new Case("ctr", unsupported, "found 'ctr-plain64'", l -> l.text(40, "ctr-plain64")),
        new Case("benbi", unsupported, "found 'xts-benbi'", l -> l.text(40, "xts-benbi\0\0")),
        new Case("essiv", unsupported, "essiv:sha1'", l -> l.text(40, "cbc-essiv:sha1\0")),
        new Case("no-iv", unsupported, "found 'xts'", l -> l.text(40, "xts\0")),
        new Case("ripemd", unsupported, "0x48: found 'ripemd160'", l -> l.text(72, "ripemd160")),
        new Case("whirlpool", unsupported, "'whirlpool'", l -> l.text(72, "whirlpool")),
        new Case("hash-case", unsupported, "'SHA256'", l -> l.text(72, "SHA256")),
        new Case("key-0", corrupt, "key-bytes at offset 0x6c: found 0", l -> l.u32(108, 0)),
        new Case("key-16", corrupt, "found 16 (0x10), allowed: 32 or", l -> l.u32(108, 16)),
        new Case("key-huge", corrupt, "key-bytes", l -> l.u32(108, 0xffff_ff20L)),
        new Case("digest-iter", corrupt, "mk-digest-iter at offset 0xa4", l -> l.u32(164, 0)),
        new Case("slot-state", corrupt, "active at offset 0xd0", l -> l.u32(SLOT_0, 1)),
        new Case("slot-7-state", corrupt, "active at offset 0x220", l -> l.u32(544, 0)),
        new Case("slot-iter", corrupt, "iterations at offset 0xd4", l -> l.u32(SLOT_0 + 4, 0)),
        new Case("stripes-0", corrupt, "stripes at offset 0xfc", l -> l.u32(SLOT_0 + 44, 0)),
        new Case("stripes-max", corrupt, "stripes at offset 0xfc", l -> l.u32(SLOT_0 + 44, -1)),
        new Case("material-0", corrupt, "offset at offset 0xf8", l -> l.u32(SLOT_0 + 40, 0)),
        new Case("material-1", corrupt, "found 1 sectors", l -> l.u32(SLOT_0 + 40, 1)),
        new Case("material-end", corrupt, "sectors", l -> l.u32(SLOT_0 + 40, 1807)),
        new Case("material-max", corrupt, "found 4294967295", l -> l.u32(SLOT_0 + 40, -1)));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void refusesDamagedHeaders(Case bad) {
    var luks = new TestLuks("xts-plain64", "sha256", 32).slot(0, "x");
    bad.damage.accept(luks);

    assertThatThrownBy(() -> volume(luks))
        .isInstanceOf(bad.type)
        .hasMessageContaining("image: LUKS header ")
        .hasMessageContaining(bad.message);
  }

  /** A slot that is not active may hold anything. */
  @Test
  void takesNoNoticeOfUnusedSlots() throws IOException {
    var luks = new TestLuks("xts-plain64", "sha256", 32).slot(0, "x");
    luks.u32(SLOT_3 + 4, -1).u32(SLOT_3 + 40, -1).u32(SLOT_3 + 44, -1);

    assertDecrypts(luks, unlock(volume(luks), "x"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 591, 592, 4096, 132_095})
  void refusesTruncatedHeaders(int length) {
    byte[] bytes = new TestLuks("xts-plain64", "sha256", 32).slot(0, "x").build();

    assertThatThrownBy(() ->
            LuksVolume.read(new MemorySource("image", Arrays.copyOf(bytes, length)), 0, length))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("image: LUKS header");
  }

  private static LuksVolume volume(TestLuks luks) throws IOException {
    byte[] bytes = luks.build();
    return LuksVolume.read(new MemorySource("image", bytes), 0, bytes.length);
  }

  private SectorCipher unlock(LuksVolume volume, String passphrase) throws IOException {
    try (Secret secret = Secret.read(Files.writeString(dir.resolve("secret"), passphrase))) {
      return volume.unlock(secret);
    }
  }

  private static void assertDecrypts(TestLuks luks, SectorCipher cipher) {
    byte[] plain = new byte[2048];
    new Random(5).nextBytes(plain);
    ByteBuffer sectors = ByteBuffer.wrap(luks.encrypt(plain, 1000));
    cipher.decrypt(sectors, 1000);
    assertThat(sectors.array()).isEqualTo(plain);
  }
}
