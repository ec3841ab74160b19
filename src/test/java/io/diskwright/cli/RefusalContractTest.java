package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every command owes to every image that it refuses. */
class RefusalContractTest {

  private static final Path IMAGES = Path.of("native-test-images");
  private static final byte[] PRECIOUS = "precious".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  /**
   * A bad image.
   *
   * @param file how it is to be named
   * @param faulty the file the message must name
   * @param fault what the message must say: structure and place
   * @param make makes it in a folder
   */
  record Bad(String file, String faulty, String fault, Consumer<Path> make) {
    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Bad> bad() {
    return Stream.concat(opening(), Stream.concat(tables(), references()));
  }

  /** Seen when the image is opened. */
  private static Stream<Bad> opening() {
    return Stream.of(
        patched(
            "version.qcow2",
            "qcow2-v3.qcow2",
            "header version at offset 0x4: found 9",
            b -> b.putInt(4, 9)),
        patched(
            "snapshots.qcow2",
            "qcow2-v3.qcow2",
            "nb_snapshots at offset 0x3c: found 4294967295",
            b -> b.putInt(60, -1)),
        patched(
            "l1.qcow2",
            "qcow2-v3.qcow2",
            "l1_table_offset at offset 0x28",
            b -> b.putLong(40, 1L << 62)),
        patched(
            "grain.vmdk",
            "vmdk-monolithic-sparse.vmdk",
            "grainSize at offset 0x14: found 7",
            b -> b.order(ByteOrder.LITTLE_ENDIAN).putLong(20, 7)),
        patched(
            "block.vdi",
            "vdi-dynamic.vdi",
            " at offset 0x178: found 3",
            b -> b.order(ByteOrder.LITTLE_ENDIAN).putInt(0x178, 3)),
        patched(
            "footers.vhd",
            "vhd-dynamic.vhd",
            "checksum at offset 0x",
            b -> b.put(70, (byte) ~b.get(70)).put(b.limit() - 442, (byte) ~b.get(b.limit() - 442))),
        cut("half.vhd", "vhd-fixed.vhd", "content at offset 0x0", 500_000),
        cut("head.qcow2", "qcow2-v3.qcow2", " at offset 0x", 100),
        cut("empty.vdi", "vdi-dynamic.vdi", "file: found an empty file", 0));
  }

  /** Seen when the tables are walked. */
  private static Stream<Bad> tables() {
    return Stream.of(
        patched(
            "l2.qcow2",
            "qcow2-v3.qcow2",
            "L2 entry at offset 0x",
            b -> b.putLong((int) (b.getLong((int) b.getLong(40)) & 0xffffff00), 0x7fff_0000_0000L)),
        patched(
            "gte.vmdk",
            "vmdk-monolithic-sparse.vmdk",
            "grain table entry at offset 0x",
            b -> {
              b.order(ByteOrder.LITTLE_ENDIAN);
              int directory = (int) b.getLong(56) * 512;
              b.putInt(b.getInt(directory) * 512, 0x7fff_ffff);
            }),
        patched(
            "bmap.vdi",
            "vdi-dynamic.vdi",
            " at offset 0x",
            b -> {
              b.order(ByteOrder.LITTLE_ENDIAN);
              b.putInt(b.getInt(0x154), 0x1fff_fff0);
            }),
        patched(
            "bat.vhd",
            "vhd-dynamic.vhd",
            " at offset 0x",
            b -> b.putInt((int) b.getLong(512 + 16), 0x7fff_ffff)));
  }

  /** Seen when a file is named. */
  private static Stream<Bad> references() {
    return Stream.of(
        new Bad(
            "loop-a.qcow2",
            "loop-b.qcow2",
            "backing at offset 0x",
            folder -> {
              backed(folder, "loop-a.qcow2", "loop-b.qcow2");
              backed(folder, "loop-b.qcow2", "loop-a.qcow2");
            }),
        new Bad(
            "over-bad.qcow2",
            "below.qcow2",
            "header version at offset 0x4: found 9",
            folder -> {
              backed(folder, "over-bad.qcow2", "below.qcow2");
              write(folder, "below.qcow2", patch("qcow2-v3.qcow2", b -> b.putInt(4, 9)));
            }),
        new Bad(
            "forged.qcow2",
            "forged.qcow2",
            "'x\\x0adiskwright: all is well'",
            folder -> backed(folder, "forged.qcow2", "x\ndiskwright: all is well")),
        copied("refuse-qcow2-backing-outside.qcow2"),
        copied("refuse-qcow2-backing-url.qcow2"),
        copied("refuse-qcow2-backing-itself.qcow2"),
        copied("refuse-vmdk-extent-outside.vmdk"),
        copied("refuse-vmdk-missing-extent.vmdk"),
        copied("refuse-vhd-differencing.vhd"));
  }

  private static Bad patched(String name, String from, String fault, Consumer<ByteBuffer> change) {
    return new Bad(name, name, fault, folder -> write(folder, name, patch(from, change)));
  }

  private static Bad cut(String name, String from, String fault, int length) {
    return new Bad(
        name, name, fault, folder -> write(folder, name, Arrays.copyOf(golden(from), length)));
  }

  private static Bad copied(String name) {
    return new Bad(name, name, "", folder -> write(folder, name, golden(name)));
  }

  private static byte[] patch(String from, Consumer<ByteBuffer> change) {
    byte[] bytes = golden(from);
    change.accept(ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static byte[] golden(String name) {
    try {
      return Files.readAllBytes(IMAGES.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path folder, String name, byte[] bytes) {
    try {
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image without data over another. */
  private static void backed(Path folder, String image, String backing) {
    byte[] name = backing.getBytes(StandardCharsets.UTF_8);
    write(
        folder,
        image,
        patch("qcow2-v3.qcow2", b -> b.putLong(8, 1024).putInt(16, name.length).put(1024, name)));
  }

  private Map<String, Integer> files() throws IOException {
    var files = new TreeMap<String, Integer>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("bad")
  void everyCommandRefusesWithTheSameLineAndLeavesNothing(Bad bad) throws Exception {
    bad.make.accept(folder);
    Path image = folder.resolve(bad.file);
    Path target = folder.resolve("target");
    Path good = Files.copy(IMAGES.resolve("base.raw"), folder.resolve("good.raw"));
    Map<String, Integer> before = files();

    InProcess.Ran convert = InProcess.run("convert", image, target);
    assertThat(convert.code()).as(convert.err()).isEqualTo(3);
    assertThat(convert.err().lines()).hasSize(1);
    assertThat(convert.err())
        .startsWith("diskwright: " + folder.resolve(bad.faulty) + ": ")
        .contains(bad.fault, ": found ");
    for (Object[] line :
        new Object[][] {
          {"info", image},
          {"info", "--json", image},
          {"map", image},
          {"map", "--json", image},
          {"validate", image},
          {"digest", image},
          {"compare", image, good},
          {"compare", good, image},
          {"convert", "--to", "raw", image, target},
          {"convert", "--to", "qcow2", image, target},
          {"convert", "--resume", image, target},
          {"convert", "--size", "keep", "--digest", "--verify", image, target},
        }) {
      InProcess.Ran ran = InProcess.run(line);
      assertThat(ran.code()).as(Arrays.toString(line) + ran.err()).isEqualTo(3);
      assertThat(ran.err()).as(Arrays.toString(line)).isEqualTo(convert.err());
    }
    assertThat(files()).isEqualTo(before);
  }

  /** Which byte is missed first depends on what is read first; that it is missed does not. */
  @Test
  void everyCommandRefusesAFileCutInItsData() throws Exception {
    write(folder, "cut.qcow2", Arrays.copyOf(golden("qcow2-v3.qcow2"), 700_000));
    Path image = folder.resolve("cut.qcow2");
    for (String command : new String[] {"convert", "info", "map", "validate", "digest"}) {
      InProcess.Ran ran = InProcess.run(command, image);
      assertThat(ran.code()).as(command).isEqualTo(3);
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err()).contains(" at offset 0xa", "length 700000 (0xaae60)");
    }
    assertThat(files()).containsOnlyKeys("cut.qcow2");
  }

  /** It can be looked at, and grown; as it is, the output would be a file without a byte. */
  @Test
  void aDiskWithoutBytesIsNotConvertedAsItIs() throws Exception {
    write(folder, "none.qcow2", patch("qcow2-v3.qcow2", b -> b.putLong(24, 0)));
    Path image = folder.resolve("none.qcow2");
    assertThat(InProcess.run("info", image).code()).isZero();
    for (String format : new String[] {"vhd", "raw", "qcow2"}) {
      InProcess.Ran ran =
          InProcess.run("convert", "--to", format, "--size", "keep", image, folder.resolve("x"));
      assertThat(ran.code()).as(ran.err()).isEqualTo(3);
      assertThat(ran.err()).contains("virtual size: found 0 bytes", "--size");
    }
    assertThat(files()).containsOnlyKeys("none.qcow2");
    InProcess.Ran grown =
        InProcess.run("convert", "--no-validate", "--progress", "none", "--size", "40G", image);
    assertThat(grown.code()).as(grown.err()).isZero();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void anOlderTargetStaysAsItIs(Bad bad) throws Exception {
    bad.make.accept(folder);
    Path target = Files.write(folder.resolve("target"), PRECIOUS);
    Map<String, Integer> before = files();
    assertThat(InProcess.run("convert", folder.resolve(bad.file), target).code()).isIn(3, 4);
    assertThat(InProcess.run("convert", "--force", folder.resolve(bad.file), target).code())
        .isEqualTo(3);
    assertThat(files()).isEqualTo(before);
  }
}
