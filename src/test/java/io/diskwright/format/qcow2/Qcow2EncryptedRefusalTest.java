package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.extents;
import static io.diskwright.format.TestImages.random;
import static io.diskwright.format.TestImages.read;
import static io.diskwright.format.qcow2.EncryptedImages.CRYPT_METHOD_AT;
import static io.diskwright.format.qcow2.EncryptedImages.POINTER;
import static io.diskwright.format.qcow2.EncryptedImages.addByFile;
import static io.diskwright.format.qcow2.EncryptedImages.pointer;
import static io.diskwright.format.qcow2.EncryptedImages.withAes;
import static io.diskwright.format.qcow2.EncryptedImages.withLuks;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted images without their passphrase, and with damaged or hostile LUKS pointers. */
class Qcow2EncryptedRefusalTest {

  private static final int C = 1 << 16;

  @TempDir Path dir;

  private Path secret;

  @BeforeEach
  void writeSecret() throws IOException {
    secret = Files.writeString(dir.resolve("secret"), EncryptedImages.PASSPHRASE);
  }

  @Test
  void asksForThePassphrase() {
    Path encrypted = withLuks(Qcow2Builder.v3(16, C)).writeTo(dir.resolve("luks"));
    Path aes = withAes(Qcow2Builder.v3(16, C)).writeTo(dir.resolve("aes"));

    assertThatThrownBy(() -> Images.open(encrypted))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("0x20: found encryption with LUKS1, aes-128-xts-plain64, allowed")
        .hasMessageEndingWith("Give its passphrase with --secret-file FILE");
    assertThatThrownBy(() -> Images.open(aes))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("0x20: found encryption with AES, allowed")
        .hasMessageEndingWith("Give its passphrase with --secret-file FILE");
  }

  @Test
  void refusesAnotherPassphrase() throws IOException {
    Files.writeString(secret, "something else");

    assertThatThrownBy(() -> open(withLuks(Qcow2Builder.v3(16, C))))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("none of the 1 active ones opened by the content of " + secret)
        .hasMessageNotContaining("something else");
  }

  @Test
  void failsWithoutTheSecretFile() throws IOException {
    Files.delete(secret);

    assertThatThrownBy(() -> open(withLuks(Qcow2Builder.v3(16, C))))
        .isInstanceOf(NoSuchFileException.class);
  }

  record Case(String name, String message, Consumer<Qcow2Builder> damage) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The pointer's offset and length stand at 120 and 128, behind the extension's own header. */
  static Stream<Case> damaged() {
    return Stream.of(
        new Case("method-0", "found 0 with a full disk", b -> b.u32(CRYPT_METHOD_AT, 0)),
        new Case("method-1", "found 1 with a full disk", b -> b.u32(CRYPT_METHOD_AT, 1)),
        new Case("method-9", "found 9 with a full disk", b -> b.u32(CRYPT_METHOD_AT, 9)),
        new Case("twice", "full disk encryption again", b -> b.extension(POINTER, pointer(0, 0))),
        new Case("short", "encryption length at offset 0x70: found 15", b -> b.u32(108, 15)),
        new Case("offset-0", "encryption offset at offset 0x70: found 0", b -> b.u64(112, 0)),
        new Case("offset-odd", "offset at offset 0x70", b -> b.u64(112, 4 * C + 512)),
        new Case("offset-max", "offset at offset 0x70", b -> b.u64(112, -C)),
        new Case("offset-far", "LUKS header at offset 0x10000000000", b -> b.u64(112, 1L << 40)),
        new Case("offset-l1", "also used as L1 table", b -> b.u64(112, 3 * C)),
        new Case("offset-refcounts", "overlaps the LUKS header", b -> b.u64(112, C)),
        new Case("length-0", "LUKS header at offset 0x40000: found 0 bytes", b -> b.u64(120, 0)),
        new Case("length-short", "found 591 (0x24f) bytes, allowed: at", b -> b.u64(120, 591)),
        new Case("length-keys", "key-material-offset", b -> b.u64(120, 132_095)),
        new Case("length-max", "LUKS header at offset", b -> b.u64(120, Long.MAX_VALUE)),
        new Case("length-negative", "LUKS header at offset", b -> b.u64(120, -1)),
        new Case("magic", "LUKS header magic at offset 0x40000", b -> b.u32(4 * C, 0)));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void refusesDamagedPointers(Case bad) {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(16, C));
    bad.damage.accept(image);

    assertThatThrownBy(() -> open(image))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(bad.message);
  }

  @Test
  void refusesDataInTheLuksHeader() {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(16, C));
    image.entry(0, 5L * C | Qcow2Builder.COPIED);

    assertThatThrownBy(() -> read(open(image)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("found host cluster offset 327680 (0x50000) inside the LUKS header");
  }

  @Test
  void refusesTablesInTheLuksHeader() {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(16, C));
    image.u64(image.l1Offset(), 6L * C | Qcow2Builder.COPIED);

    assertThatThrownBy(() -> open(image))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("found L2 table offset 393216 (0x60000), inside the LUKS header");
  }

  /** Damage is found while the extents are walked, before anything is written. */
  @ParameterizedTest
  @ValueSource(ints = {1, 512, C})
  void refusesDataThatIsCutOff(int missing) throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(16, C));
    addByFile(image, 0, random(C, 1));
    Path file = image.truncatedTo(dir.resolve("image"), image.end() - missing);

    try (DiskImage disk = open(file)) {
      assertThatThrownBy(() -> extents(disk)).isInstanceOf(CorruptImage.class);
    }
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return open(image.writeTo(dir.resolve("image")));
  }

  private DiskImage open(Path file) throws IOException {
    return Formats.open(file, OpenOptions.defaults().withSecretFile(Optional.of(secret)));
  }
}
