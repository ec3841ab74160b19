package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images encrypted by qemu-img and qemu-io, compared with what qemu-img decrypts. */
@Tag("interop")
class Qcow2EncryptedInteropTest {

  private static final int SIZE = 1 << 20;
  private static final int CHUNK = 128 << 10;

  /** qemu measures how fast it hashes, which fails on a busy machine now and then. */
  private static final String MEASURED_BADLY = "Unable to get accurate CPU usage";

  @TempDir Path dir;

  @BeforeEach
  void writeSecret() throws IOException {
    Files.writeString(dir.resolve("key"), "correct horse battery staple");
  }

  static Stream<String> variants() {
    var options = new ArrayList<String>();
    String essiv = "encrypt.ivgen-alg=essiv,encrypt.ivgen-hash-alg=sha256,";
    options.add(luks("encrypt.cipher-alg=aes-128,encrypt.cipher-mode=xts,encrypt.hash-alg=sha1"));
    options.add(luks("encrypt.cipher-alg=aes-192,encrypt.cipher-mode=xts,encrypt.hash-alg=sha224"));
    options.add(luks("encrypt.cipher-alg=aes-256,encrypt.cipher-mode=xts,encrypt.hash-alg=sha384"));
    options.add(luks("encrypt.cipher-mode=xts,encrypt.ivgen-hash-alg=sha256,compat=0.10"));
    options.add(luks("encrypt.cipher-mode=xts," + essiv + "cluster_size=512"));
    options.add(luks("encrypt.cipher-alg=aes-128,encrypt.cipher-mode=cbc,cluster_size=4k"));
    options.add(luks("encrypt.cipher-mode=cbc,encrypt.ivgen-alg=plain,cluster_size=2M"));
    options.add(luks("encrypt.cipher-mode=cbc," + essiv + "encrypt.hash-alg=sha512"));
    options.add(luks("extended_l2=on,cluster_size=16k"));
    options.add(luks("preallocation=metadata"));
    for (String layout :
        List.of(
            "cluster_size=512",
            "cluster_size=2M",
            "compat=0.10",
            "extended_l2=on",
            "preallocation=metadata",
            "preallocation=full")) {
      options.add("encrypt.format=aes,encrypt.key-secret=key," + layout);
    }
    return options.stream();
  }

  private static String luks(String more) {
    return "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10," + more;
  }

  @ParameterizedTest
  @MethodSource("variants")
  void readsWhatQemuEncrypted(String options) throws Exception {
    create("image", options);
    scribble("image", image("image"), options.contains("0.10"));

    compare("image", image("image"));
  }

  @Test
  void readsEncryptedChains() throws Exception {
    create("base", luks("cluster_size=4k"));
    scribble("base", image("base"), false);
    create("middle", "encrypt.format=aes,encrypt.key-secret=key", "-b", "base", "-F", "qcow2");
    String middle = image("middle") + "," + image("base").replaceAll("(^|,)", "$1backing.");
    scribble("middle", middle, false);
    create("top", luks("extended_l2=on"), "-b", "middle", "-F", "qcow2");
    String top = image("top") + "," + middle.replaceAll("(^|,)", "$1backing.");
    scribble("top", top, false);

    compare("middle", middle);
    compare("top", top);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10",
        "encrypt.format=aes,encrypt.key-secret=key"
      })
  void readsClustersThatQemuCompressesWithoutEncryptingThem(String options) throws Exception {
    create("image", options);
    qemu(
        "qemu-io",
        "--image-opts",
        image("image"),
        "-c",
        "write -c -P 65 0 64k",
        "-c",
        "write 1k 2k");
    qemu("qemu-io", "--image-opts", image("image"), "-c", "write -c -P 66 128k 64k");

    compare("image", image("image"));
  }

  @Test
  void opensTheLastKeySlotAlone() throws Exception {
    create("image", luks("encrypt.cipher-alg=aes-128"));
    scribble("image", image("image"), false);
    String add = "encrypt.state=active,encrypt.new-secret=new,encrypt.keyslot=7";
    amend(image("image"), add + ",encrypt.iter-time=10");
    String opts = image("image").replace("secret=key", "secret=new");
    amend(opts, "encrypt.state=inactive,encrypt.old-secret=key");
    Files.writeString(dir.resolve("key"), "new");

    compare("image", opts);
  }

  /** The header is taken out, since cryptsetup does not look for it in a qcow2. */
  @Test
  void opensAKeySlotByCryptsetup() throws Exception {
    create("image", luks("encrypt.cipher-alg=aes-256"));
    scribble("image", image("image"), false);
    byte[] file = Files.readAllBytes(dir.resolve("image"));
    ByteBuffer extension = ByteBuffer.wrap(file, ByteBuffer.wrap(file).getInt(100), 24);
    assertThat(extension.getInt()).isEqualTo(EncryptedImages.POINTER);
    int offset = (int) extension.getLong(extension.position() + 4);
    int length = (int) extension.getLong(extension.position() + 12);
    byte[] header = Arrays.copyOfRange(file, offset, offset + length);
    Files.write(dir.resolve("header"), Arrays.copyOf(header, length + SIZE));
    Files.writeString(dir.resolve("other"), "by cryptsetup");
    run(
        "cryptsetup",
        "luksAddKey",
        "--pbkdf-force-iterations=1000",
        "--key-file=key",
        "header",
        "other");
    byte[] changed = Files.readAllBytes(dir.resolve("header"));
    System.arraycopy(changed, 0, file, offset, length);
    Files.write(dir.resolve("image"), file);
    Files.writeString(dir.resolve("key"), "by cryptsetup\n");

    compare("image", image("image").replace("secret=key", "secret=other"));
  }

  private void create(String image, String options, String... more) throws Exception {
    var command = new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", "qcow2"));
    command.addAll(List.of(more));
    command.addAll(List.of("-o", options, image, Integer.toString(SIZE)));
    qemu(command.toArray(String[]::new));
  }

  private void amend(String image, String options) throws Exception {
    qemu("qemu-img", "amend", "--image-opts", image, "-o", options);
  }

  /** Random writes, zero writes and discards. */
  private void scribble(String image, String options, boolean plain) throws Exception {
    var random = new Random(image.hashCode());
    var command = new ArrayList<>(List.of("qemu-io", "-d", "unmap", "--image-opts", options));
    Files.write(dir.resolve("pattern"), TestImages.random(CHUNK, image.hashCode()));
    for (int i = 0; i < 20; i++) {
      int length = 512 * (1 + random.nextInt(CHUNK / 512));
      int offset = 512 * random.nextInt((SIZE - CHUNK) / 512);
      command.add("-c");
      command.add(
          switch (random.nextInt(plain ? 2 : 4)) {
            case 2 -> "write -z " + offset + " " + length;
            case 3 -> "discard " + offset + " " + length;
            default -> "write -s pattern " + offset + " " + length;
          });
    }
    qemu(command.toArray(String[]::new));
  }

  private void compare(String image, String options) throws Exception {
    qemu("qemu-img", "convert", "--image-opts", "-O", "raw", options, "raw");
    byte[] raw = Files.readAllBytes(dir.resolve("raw"));
    var open = OpenOptions.defaults().withSecretFile(Optional.of(dir.resolve("key")));
    try (DiskImage disk = Formats.open(dir.resolve(image), open)) {
      assertThat(TestImages.read(disk)).isEqualTo(raw);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(raw);
    }
  }

  private static String image(String name) {
    return "driver=qcow2,file.filename=" + name + ",encrypt.key-secret=key";
  }

  /** Runs a program of qemu that knows the passphrases, again when it has measured badly. */
  private void qemu(String... command) throws Exception {
    var whole = new ArrayList<String>(List.of(command));
    int at = command[0].equals("qemu-io") ? 1 : 2;
    whole.addAll(at, List.of("--object", "secret,id=key,data=correct horse battery staple"));
    whole.addAll(at, List.of("--object", "secret,id=new,data=new"));
    whole.addAll(at, List.of("--object", "secret,id=other,data=by cryptsetup"));
    String output = MEASURED_BADLY;
    for (int i = 0; i < 20 && output.contains(MEASURED_BADLY); i++) {
      output = start(whole);
    }
    assertThat(output).as(String.join(" ", whole)).doesNotContain(MEASURED_BADLY);
  }

  private void run(String... command) throws Exception {
    start(List.of(command));
  }

  private String start(List<String> command) throws Exception {
    var builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(code == 0 || output.contains(MEASURED_BADLY))
        .as(String.join(" ", command) + "\n" + output)
        .isTrue();
    return output;
  }
}
