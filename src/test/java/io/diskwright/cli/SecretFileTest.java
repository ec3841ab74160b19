package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.convert.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Encrypted images on the command line. */
class SecretFileTest {

  private static final Path IMAGES = Path.of("native-test-images");
  private static final Path SECRET = IMAGES.resolve("passphrase.txt");
  private static final Path LUKS = IMAGES.resolve("qcow2-luks.qcow2");
  private static final Path AES = IMAGES.resolve("qcow2-aes.qcow2");

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(new Cancellation())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code =
        command.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "map", "digest", "validate", "convert"})
  void withoutOneAnEncryptedImageIsRefused(String command) {
    Ran ran = run(command, LUKS);

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err())
        .contains("encryption with LUKS1, aes-128-xts-plain64")
        .endsWith("Give its passphrase with --secret-file FILE\n");
  }

  @Test
  void unlocksBothImages() {
    Ran ran = run("compare", "--secret-file", SECRET, LUKS, AES);

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).startsWith("identical: ");
  }

  @Test
  void convertsWhatItUnlocks() throws IOException {
    Path target = folder.resolve("vm.raw");
    Ran ran =
        run(
            "convert",
            LUKS,
            target,
            "--to=raw",
            "--size=keep",
            "--no-validate",
            "--verify",
            "--progress=none",
            "--secret-file",
            SECRET);

    assertThat(ran.code()).as(ran.err()).isEqualTo(0);
    assertThat(ran.out()).doesNotContain(Files.readString(SECRET));
    assertThat(run("compare", "--secret-file", SECRET, AES, target).code()).isEqualTo(0);
  }

  @Test
  void saysHowTheImageIsEncrypted() {
    assertThat(run("info", AES, "--secret-file", SECRET).out())
        .containsPattern("encryption +AES, aes-128-cbc-plain64\n")
        .contains("a wrong passphrase cannot be told from the right one");
    assertThat(run("map", "--json", LUKS, "--secret-file", SECRET).out())
        .contains("\"kind\":\"encrypted\"")
        .doesNotContain("compressed");
  }

  @Test
  void noImporterTakesTheImageAsItIs() {
    Ran ran = run("validate", AES, "--secret-file", SECRET);

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("format.accepted: The image is encrypted, and no importer knows its passphrase.")
        .contains("format.container-integrity: The image's bytes are right if its passphrase is");
  }

  @Test
  void aWrongPassphraseIsThreeAndNotShown() throws IOException {
    Path wrong = Files.writeString(folder.resolve("secret"), "swordfish");

    Ran ran = run("convert", LUKS, folder.resolve("vm.raw"), "--secret-file", wrong);

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("none of the 1 active ones").doesNotContain("swordfish");
    assertThat(folder).isDirectoryNotContaining("glob:**vm*");
  }

  @Test
  void aSecretFileThatCannotBeReadIsFour() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    Path missing = folder.resolve("missing");

    assertThat(run("info", LUKS, "--secret-file", empty).code()).isEqualTo(4);
    assertThat(run("info", LUKS, "--secret-file", empty).err()).contains(empty + ": is empty");
    assertThat(run("info", LUKS, "--secret-file", missing).code()).isEqualTo(4);
    assertThat(run("info", LUKS, "--secret-file", missing).err()).contains("no such file");
  }

  @Test
  void theSecretFileIsNeverOverwritten() throws IOException {
    Path secret = Files.copy(SECRET, folder.resolve("secret"));

    Ran ran = run("convert", LUKS, secret, "--to=raw", "--force", "--secret-file", secret);

    assertThat(ran.code()).isEqualTo(2);
    assertThat(secret).hasSameBinaryContentAs(SECRET);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFileThatIsALuksVolumeIsRefusedByName(int version) throws IOException {
    byte[] volume = new byte[1 << 20];
    byte[] magic = ("LUKS\u00ba\u00be\0" + (char) version).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(magic, 0, volume, 0, magic.length);
    Path file = Files.write(folder.resolve("disk.img"), volume);

    assertThat(run("info", file).code()).isEqualTo(3);
    assertThat(run("info", file).err()).contains("a volume encrypted with LUKS" + version);
    assertThat(run("info", file, "--from", "raw").code()).isEqualTo(0);
  }
}
