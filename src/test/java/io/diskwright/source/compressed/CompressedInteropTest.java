package io.diskwright.source.compressed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files by the tools themselves. */
@Tag("interop")
class CompressedInteropTest {

  @TempDir static Path folder;

  private static byte[] content;

  @BeforeAll
  static void makeContent() throws IOException {
    content = Streams.content(5_000_000, 1); // more than lz4's largest block
    System.arraycopy(content, 0, content, 2_000_000, 1_000_000); // far matches
    Arrays.fill(content, 3_000_000, 4_000_000, (byte) 0);
    Files.write(folder.resolve("disk.raw"), content);
    Files.write(folder.resolve("small"), Arrays.copyOf(content, 100_000));
    Files.write(folder.resolve("empty"), new byte[0]);
  }

  /** Runs a shell command in the folder, which makes the file {@code made}. */
  private static Path make(String command) throws Exception {
    Path log = folder.resolve("log");
    var builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", "(" + command + ") > made");
    builder.directory(folder.toFile()).redirectError(log.toFile());
    assertThat(builder.start().waitFor()).as(() -> read(log)).isZero();
    return folder.resolve("made");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static CompressedFormat format(Path file) throws IOException {
    try (ByteSource source = FileSource.open(file)) {
      int length = (int) Math.min(source.size(), 512);
      return CompressedFormat.of(source.view("head", 0, length, ByteOrder.BIG_ENDIAN))
          .orElseThrow();
    }
  }

  private static byte[] decode(Path file) throws IOException {
    try (ForwardSource source = format(file).forward(ForwardSource.of(FileSource.open(file)))) {
      return source.asStream().readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip -c disk.raw",
        "gzip -1 -c disk.raw",
        "gzip -9 < disk.raw",
        "xz -0 -c disk.raw",
        "xz -6 --check=sha256 -c disk.raw",
        "xz -0 --check=crc32 --x86 --lzma2=preset=0 -c disk.raw",
        "xz -0 --check=none -c disk.raw",
        "xz -0 --delta=dist=4 --lzma2=dict=128MiB -c disk.raw",
        "xz -T2 -0 --block-size=1MiB -c disk.raw",
        "xz -T1 -0 --block-size=1MiB -c disk.raw",
        "pixz -0 -t < disk.raw",
        "zstd -q -c disk.raw",
        "zstd -q -19 -c disk.raw",
        "zstd -q --long=27 -c disk.raw",
        "zstd -q --ultra -22 --single-thread < disk.raw",
        "zstd -q -T2 < disk.raw",
        "zstd -q --no-check -c disk.raw",
        "bzip2 -c disk.raw",
        "bzip2 -1 -c disk.raw",
        "lz4 -q -c disk.raw",
        "lz4 -q -9 -c disk.raw",
        "lz4 -q -BD -B4 -c disk.raw",
        "lz4 -q -BD -B5 -c disk.raw",
        "lz4 -q -BD -B6 -12 -c disk.raw",
        "lz4 -q -BD -B7 -c disk.raw",
        "lz4 -q -BX -B4 -c disk.raw",
        "lz4 -q --content-size -BD -BX -B7 -c disk.raw",
        "lz4 -q --no-frame-crc -c disk.raw",
      })
  void readsWhatTheToolMakes(String command) throws Exception {
    String empty = command.replace("disk.raw", "empty");
    assertThat(decode(make(empty))).isEmpty();
    String three = command + "; " + empty + "; " + command.replace("disk.raw", "small");
    assertThat(decode(make(three)))
        .isEqualTo(Streams.concat(content, Arrays.copyOf(content, 100_000)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'xz -T2 -0 --block-size=1MiB -c disk.raw', 5000000
          'xz -T1 -0 --block-size=2000000 -c disk.raw', 5000000
          'xz -T1 -0 -c disk.raw; xz -0 -c disk.raw', 10000000
          'xz -T2 -6 --block-size=3MiB -c disk.raw; xz -T2 -9 --block-size=4MiB -c disk.raw', 10000000
          'pixz -0 -t -f 1 < disk.raw', 5000000
          'zstd -q -c disk.raw; zstd -q -c disk.raw; zstd -q -c empty', 10000000
          'split -b 1000000 --filter="zstd -q --stream-size=1000000" disk.raw', 5000000
          """)
  void readsAtRandomWhatTheToolMakes(String command, long size) throws Exception {
    Path file = make(command);
    byte[] expected = size == content.length ? content : Streams.concat(content, content);
    Optional<ByteSource> whole = format(file).whole(FileSource.open(file));
    try (ByteSource source = whole.orElseThrow()) {
      assertThat(source.size()).isEqualTo(size);
      WholeTest.readAtRandom(source, expected, 4, 15);
    }
    assertThat(decode(file)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xz -0 -T1 -c disk.raw",
        "zstd -q -c disk.raw",
        "zstd -q < disk.raw; zstd -q < disk.raw",
        "head -c 40M /dev/zero | cat - disk.raw | xz -0 -T2 --block-size=33MiB"
      })
  void leavesTheRestToReadingForward(String command) throws Exception {
    Path file = make(command);
    try (ByteSource source = FileSource.open(file)) {
      assertThat(format(file).whole(source)).isEmpty();
      assertThat(source.view("still open", 0, 4, ByteOrder.BIG_ENDIAN).length()).isEqualTo(4);
    }
  }

  @Test
  void refusesALegacyLz4File() throws Exception {
    Path file = make("lz4 -q -l -c disk.raw");
    assertThatThrownBy(() -> decode(file)).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void refusesAFileThatNeedsADictionary() throws Exception {
    make("for i in $(seq 1 300); do head -c 3000 /dev/urandom | base64 > sample$i; done");
    make("zstd -q --train sample* -o dictionary");
    Path file = make("zstd -q -D dictionary -c sample1");
    assertThatThrownBy(() -> decode(file))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("Dictionary_ID");
  }

  /** The window of --long=27 is used over its whole length. */
  @ParameterizedTest
  @ValueSource(strings = {"zstd -q --long=27", "xz -0 -T1 --lzma2=preset=0,dict=128MiB"})
  void readsAMatchFrom120MiBBefore(String tool) throws Exception {
    String disk = "(head -c 1M disk.raw; head -c 119M /dev/zero; head -c 1M disk.raw)";
    Path file = make(disk + " | " + tool);
    assertThat(Files.size(file)).isLessThan(900_000);
    Path sum = make(disk + " | sha256sum");
    String expected = Files.readString(sum).substring(0, 64);
    make(disk + " | " + tool);
    var digest = MessageDigest.getInstance("SHA-256");
    try (ForwardSource source = format(file).forward(ForwardSource.of(FileSource.open(file)))) {
      ByteBuffer target = ByteBuffer.allocate(1 << 20);
      while (source.read(target.clear()) > 0) {
        digest.update(target.flip());
      }
    }
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected);
  }
}
