package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.io.UnsafeReference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that qemu-img makes hold the same bytes for both. */
@Tag("interop")
class VmdkInteropTest {

  private static final List<String> SUBFORMATS =
      List.of(
          "monolithicSparse",
          "monolithicFlat",
          "twoGbMaxExtentSparse",
          "twoGbMaxExtentFlat",
          "streamOptimized");

  /** Bytes: below a grain, grains and some sectors, exactly one table, and two tables and more. */
  private static final List<Long> SIZES =
      List.of(512L, 65_536L * 3 + 1536, 33_554_432L, 33_554_432L * 2 + 65_536 + 512);

  @TempDir Path folder;

  private void run(String... command) throws IOException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError(e);
    }
    assertThat(process.exitValue()).as("%s: %s", List.of(command), Files.readString(log)).isZero();
  }

  /** A RAW disk with random, compressible and zero stretches, and data in its last sector. */
  private Path raw(long size, int seed) throws IOException {
    Path file = folder.resolve("in.raw");
    var random = new Random(seed);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
      for (int i = 0; i < 60; i++) {
        byte[] piece = new byte[1 + random.nextInt(200_000)];
        if (i % 3 == 0) {
          Arrays.fill(piece, (byte) (i + 1));
        } else {
          random.nextBytes(piece);
        }
        long at = random.nextLong(size);
        int length = (int) Math.min(piece.length, size - at);
        channel.write(ByteBuffer.wrap(piece, 0, length), at);
      }
      byte[] last = new byte[512];
      random.nextBytes(last);
      channel.write(ByteBuffer.wrap(last), size - 512);
    }
    return file;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Disks.sha256();
    byte[] piece = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(piece); length > 0; length = in.read(piece)) {
        digest.update(piece, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void assertAsQemu(Path image) throws IOException {
    run("qemu-img", "convert", "-f", "vmdk", "-O", "raw", image.toString(), "out.raw");
    Path raw = folder.resolve("out.raw");
    String expected = sha256(raw);
    try (DiskImage disk = Disks.open(image)) {
      assertThat(disk.size()).isEqualTo(Files.size(raw));
      assertThat(Disks.walkSha256(disk)).isEqualTo(expected);
      MessageDigest read = Disks.sha256();
      ByteBuffer piece = ByteBuffer.allocate(777_777);
      for (long at = 0; at < disk.size(); at += piece.limit()) {
        piece.clear().limit((int) Math.min(piece.capacity(), disk.size() - at));
        disk.read(at, piece);
        read.update(piece.flip());
      }
      assertThat(HexFormat.of().formatHex(read.digest())).isEqualTo(expected);
    }
  }

  private void assertForwardAsQemu(Path image) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(image));
        ForwardDisk disk = Disks.forward(in).orElseThrow()) {
      assertThat(HexFormat.of().formatHex(Disks.sha256().digest(Disks.drain(disk))))
          .isEqualTo(sha256(folder.resolve("out.raw")));
    }
  }

  static Stream<Arguments> every() {
    var all = new ArrayList<Arguments>();
    for (String subformat : SUBFORMATS) {
      for (long size : SIZES) {
        all.add(Arguments.of(subformat, size));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("every")
  void convertedDisks(String subformat, long size) throws IOException {
    Path raw = raw(size, subformat.hashCode());
    run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vmdk",
        "-o",
        "subformat=" + subformat,
        raw.toString(),
        "disk.vmdk");
    assertAsQemu(folder.resolve("disk.vmdk"));
    assertThat(sha256(folder.resolve("out.raw"))).isEqualTo(sha256(raw));
    if (subformat.equals("streamOptimized")) {
      assertForwardAsQemu(folder.resolve("disk.vmdk"));
    }
    try (DiskImage disk = Disks.open(folder.resolve("disk.vmdk"))) {
      assertThat(disk.info().subformat()).isEqualTo(subformat);
      assertThat(disk.info().anomalies()).isEmpty();
      assertThat(disk.info().externalFiles())
          .hasSize(subformat.endsWith("Flat") || subformat.startsWith("two") ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ide", "buslogic", "lsilogic", "legacyESX"})
  void adapters(String adapter) throws IOException {
    run(
        "qemu-img",
        "create",
        "-f",
        "vmdk",
        "-o",
        "adapter_type=" + adapter + ",subformat=monolithicSparse",
        "disk.vmdk",
        "10M");
    run("qemu-io", "-f", "vmdk", "-c", "write -P 0xab 65000 100000", "disk.vmdk");
    assertAsQemu(folder.resolve("disk.vmdk"));
    try (DiskImage disk = Disks.open(folder.resolve("disk.vmdk"))) {
      assertThat(disk.info().details()).containsEntry("adapterType", adapter);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"monolithicSparse", "twoGbMaxExtentSparse"})
  void zeroedGrains(String subformat) throws IOException {
    run(
        "qemu-img",
        "create",
        "-f",
        "vmdk",
        "-o",
        "zeroed_grain=on,subformat=" + subformat,
        "disk.vmdk",
        "40M");
    run(
        "qemu-io",
        "-f",
        "vmdk",
        "-c",
        "write -P 0x17 0 1M",
        "-c",
        "write -z 256k 128k",
        "-c",
        "write -z 36M 1M",
        "disk.vmdk");
    assertAsQemu(folder.resolve("disk.vmdk"));
    try (DiskImage disk = Disks.open(folder.resolve("disk.vmdk"))) {
      assertThat(disk.extentAt(256 << 10, 1 << 20))
          .isEqualTo(new Extent.Zero(256 << 10, 128 << 10, true));
      assertThat(disk.extentAt(36 << 20, 4 << 20))
          .isEqualTo(new Extent.Zero(36 << 20, 1 << 20, true));
      assertThat(disk.extentAt(2 << 20, 1 << 20))
          .isInstanceOfSatisfying(Extent.Zero.class, z -> assertThat(z.explicit()).isFalse());
    }
  }

  /** Grains written out of order lie out of order. */
  @ParameterizedTest
  @ValueSource(strings = {"monolithicSparse", "streamOptimized"})
  void grainsOutOfOrder(String subformat) throws IOException {
    run("qemu-img", "create", "-f", "vmdk", "-o", "subformat=" + subformat, "disk.vmdk", "8M");
    var command = new ArrayList<>(List.of("qemu-io", "-f", "vmdk"));
    for (int grain : List.of(90, 3, 2, 50, 4, 127, 1)) {
      command.addAll(List.of("-c", "write -P " + grain + " " + grain * 65_536 + " 65536"));
    }
    command.add("disk.vmdk");
    run(command.toArray(String[]::new));
    assertAsQemu(folder.resolve("disk.vmdk"));
    if (subformat.equals("streamOptimized")) {
      assertForwardAsQemu(folder.resolve("disk.vmdk"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"twoGbMaxExtentSparse", "twoGbMaxExtentFlat"})
  void splitDisksWithDataAcrossTheEdge(String subformat) throws IOException {
    run("qemu-img", "create", "-f", "vmdk", "-o", "subformat=" + subformat, "disk.vmdk", "2200M");
    run(
        "qemu-io",
        "-f",
        "vmdk",
        "-c",
        "write -P 0x11 2147418112 131072",
        "-c",
        "write -P 0x22 2200000000 4096",
        "-c",
        "write -P 0x33 2306866688 512",
        "disk.vmdk");
    assertAsQemu(folder.resolve("disk.vmdk"));
    try (DiskImage disk = Disks.open(folder.resolve("disk.vmdk"))) {
      assertThat(disk.info().externalFiles()).hasSize(2);
      assertThat(Disks.extents(disk)).hasSizeLessThan(20);
    }
  }

  @Test
  void anEmptyDiskIsOneHole() throws IOException {
    run("qemu-img", "create", "-f", "vmdk", "disk.vmdk", "100G");
    try (DiskImage disk = Disks.open(folder.resolve("disk.vmdk"))) {
      assertThat(Disks.extents(disk)).containsExactly(new Extent.Zero(0, 100L << 30, false));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "monolithicSparse, monolithicSparse, 40M",
    "monolithicFlat, monolithicSparse, 40M",
    "streamOptimized, monolithicSparse, 40M",
    "twoGbMaxExtentFlat, twoGbMaxExtentSparse, 40M",
    "monolithicSparse, monolithicSparse, 48M",
    "monolithicSparse, monolithicSparse, 33M"
  })
  void deltas(String base, String delta, String size) throws IOException {
    Path raw = raw(40 << 20, 11);
    run(
        "qemu-img",
        "convert",
        "-O",
        "vmdk",
        "-o",
        "subformat=" + base,
        raw.toString(),
        "base.vmdk");
    run(
        "qemu-img",
        "create",
        "-f",
        "vmdk",
        "-o",
        "zeroed_grain=on,subformat=" + delta,
        "-b",
        "base.vmdk",
        "-F",
        "vmdk",
        "middle.vmdk",
        size);
    run(
        "qemu-io",
        "-f",
        "vmdk",
        "-c",
        "write -P 0x31 1M 70k",
        "-c",
        "write -z 3M 128k",
        "-c",
        "write -P 0x32 32M 512",
        "middle.vmdk");
    assertAsQemu(folder.resolve("middle.vmdk"));
    run("qemu-img", "create", "-f", "vmdk", "-b", "middle.vmdk", "-F", "vmdk", "top.vmdk");
    run("qemu-io", "-f", "vmdk", "-c", "write -P 0x33 3M 64k", "-c", "write 0 3k", "top.vmdk");
    assertAsQemu(folder.resolve("top.vmdk"));
  }

  @Test
  void aPipeIsNotOpened() throws IOException {
    run("mkfifo", "pipe.vmdk");
    for (String text :
        List.of(
            SparseImage.descriptor("vmfs", "RW 1 FLAT \"pipe.vmdk\" 0\n"),
            SparseImage.descriptor("vmfs", "RW 1 ZERO\nparentFileNameHint=\"pipe.vmdk\"\n")
                .replace("=ffffffff", "=0badcafe"))) {
      Path file = Files.writeString(folder.resolve("disk.vmdk"), text);
      assertThatThrownBy(() -> Disks.open(file))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("'pipe.vmdk'")
          .hasMessageContaining("a regular file");
    }
  }
}
