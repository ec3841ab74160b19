package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.volume.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The decoders of the overlay filter against wimlib: in a WIM each file is a table of chunks and
 * the chunks, as in the filter's stream.
 */
@Tag("interop")
class DecoderInteropTest {

  private static final int RESOURCE_TABLE = 48;
  private static final int ENTRY = 50;
  private static final long LENGTH = (1L << 56) - 1;
  private static final int COMPRESSED = 4;

  @TempDir Path folder;

  /** A decoder of one chunk. */
  @FunctionalInterface
  private interface Decoder {
    boolean decode(byte[] in, byte[] out);
  }

  @ParameterizedTest
  @CsvSource({"XPRESS, 4096", "XPRESS, 8192", "XPRESS, 16384", "LZX, 32768"})
  void decodesWhatWimlibCompresses(String kind, int chunk) throws Exception {
    List<byte[]> files = files();
    byte[] wim = capture(kind, chunk, files);
    int decoded = 0;
    for (byte[] file : files) {
      byte[] stored = resource(wim, file.length);
      assertThat(decode(stored, file.length, chunk, decoder(kind))).isEqualTo(file);
      decoded++;
    }
    assertThat(decoded).isEqualTo(files.size());
  }

  /** Whatever stands there, a decoder says yes or no, and stays within its arrays. */
  @Test
  void takesGarbage() throws Exception {
    List<byte[]> files = files();
    var random = new Random(5);
    for (String kind : List.of("XPRESS", "LZX")) {
      int chunk = kind.equals("LZX") ? 32768 : 4096;
      byte[] stored = resource(capture(kind, chunk, files), files.getFirst().length);
      int chunks = Math.ceilDiv(files.getFirst().length, chunk);
      byte[] first = Arrays.copyOfRange(stored, 4 * (chunks - 1), 4 * (chunks - 1) + first(stored));
      int refused = 0;
      for (int i = 0; i < 3000; i++) {
        byte[] damaged =
            Arrays.copyOf(first, i % 3 == 0 ? random.nextInt(first.length) : first.length);
        for (int change = 0; change < 1 + i % 4 && damaged.length > 0; change++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        refused += decoder(kind).decode(damaged, new byte[chunk]) ? 0 : 1;
      }
      assertThat(refused).as(kind).isGreaterThan(500);
    }
  }

  private static int first(byte[] stored) {
    return ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }

  private static Decoder decoder(String kind) {
    return kind.equals("LZX")
        ? (in, out) -> new Lzx(in).decode(out)
        : (in, out) -> new XpressHuffman(in).decode(out);
  }

  private static byte[] decode(byte[] stored, int size, int chunk, Decoder decoder) {
    ByteBuffer table = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
    int chunks = Math.ceilDiv(size, chunk);
    int data = 4 * (chunks - 1);
    var whole = new ByteArrayOutputStream();
    for (int i = 0; i < chunks; i++) {
      int from = data + (i == 0 ? 0 : table.getInt(4 * (i - 1)));
      int to = i == chunks - 1 ? stored.length : data + table.getInt(4 * i);
      byte[] out = new byte[Math.min(chunk, size - i * chunk)];
      byte[] in = Arrays.copyOfRange(stored, from, to);
      if (in.length == out.length) {
        out = in;
      } else {
        assertThat(decoder.decode(in, out)).as("chunk %d", i).isTrue();
      }
      whole.writeBytes(out);
    }
    return whole.toByteArray();
  }

  /**
   * Machine code, whose calls LZX translates; text; runs of one byte; and what does not compress.
   */
  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    files.add(Arrays.copyOf(Files.readAllBytes(Path.of("/bin/bash").toRealPath()), 900_000));
    files.add(TestVolume.text(20_000));
    byte[] runs = new byte[500_001];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = (byte) (i / 70_000 + (i % 9973 == 0 ? 1 : 0));
    }
    files.add(runs);
    byte[] mixed = new byte[300_002];
    new Random(1).nextBytes(mixed);
    System.arraycopy(files.getFirst(), 0, mixed, 100_000, 100_000);
    files.add(mixed);
    return files;
  }

  private byte[] capture(String kind, int chunk, List<byte[]> files) throws Exception {
    Path source = Files.createDirectories(folder.resolve("source"));
    for (int i = 0; i < files.size(); i++) {
      Files.write(source.resolve("file" + i), files.get(i));
    }
    Path wim = folder.resolve(kind + chunk + ".wim");
    Tool.run(
        "wimlib-imagex",
        "capture",
        source.toString(),
        wim.toString(),
        "--compress=" + kind,
        "--chunk-size=" + chunk);
    return Files.readAllBytes(wim);
  }

  /** The bytes of the file of that size. */
  private static byte[] resource(byte[] wim, int size) {
    ByteBuffer header = ByteBuffer.wrap(wim).order(ByteOrder.LITTLE_ENDIAN);
    long table = header.getLong(RESOURCE_TABLE + 8);
    long end = table + (header.getLong(RESOURCE_TABLE) & LENGTH);
    for (int at = (int) table; at < end; at += ENTRY) {
      long length = header.getLong(at);
      if (length >>> 56 == COMPRESSED && header.getLong(at + 16) == size) {
        int start = (int) header.getLong(at + 8);
        return Arrays.copyOfRange(wim, start, start + (int) (length & LENGTH));
      }
    }
    throw new AssertionError("no compressed resource of " + size + " bytes");
  }
}
