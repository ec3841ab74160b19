package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.Compression;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import io.diskwright.volume.Tool;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written as qcow2 and dynamic VHD, in the judgement of qemu-img. */
@Tag("interop")
class ContainerTargetInteropTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path folder;

  /** Text, noise, stored zeros and holes; something straddles most borders. */
  private Path source(String name, long size) throws Exception {
    Path file = folder.resolve(name);
    var random = new Random(size);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
      for (long at = 3000; at < size - 400_000; at += 900_000 + random.nextInt(2_000_000)) {
        byte[] piece = new byte[1 + random.nextInt(300_000)];
        switch (random.nextInt(3)) {
          case 0 -> random.nextBytes(piece);
          case 1 -> {
            for (int i = 0; i < piece.length; i++) {
              piece[i] = (byte) ("a line of text " + i / 40).charAt(i % 10);
            }
          }
          default -> {}
        }
        out.seek(at);
        out.write(piece);
      }
      out.seek(size - 1);
      out.write(1);
    }
    return file;
  }

  private static ConversionRequest request(Path source, Path target) {
    return ConversionRequest.of(source, target)
        .withProfile(Profile.named("none"))
        .with(ConversionOption.VALIDATE, false)
        .with(ConversionOption.DIGEST, true)
        .with(ConversionOption.VERIFY, true);
  }

  private static ConversionResult run(ConversionRequest request) throws Exception {
    return new Conversion(request, p -> {}, new Cancellation()).run();
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aQcow2IsSoundAndHoldsTheDisk(Compression compression) throws Exception {
    Path source = source("disk.raw", 70L * MIB);
    Path target = folder.resolve("disk.qcow2");
    ConversionRequest request =
        request(source, target).withFormat(TargetFormat.QCOW2).withCompression(compression);
    ConversionResult result = run(request.withJobs(4));
    Tool.run("qemu-img", "check", "-f", "qcow2", target.toString());
    Tool.run(
        "qemu-img", "compare", "-f", "raw", "-F", "qcow2", source.toString(), target.toString());
    assertThat(result.fileSize()).isEqualTo(Files.size(target));
    Path again = folder.resolve("again.qcow2");
    run(
        request(source, again)
            .withFormat(TargetFormat.QCOW2)
            .withCompression(compression)
            .withJobs(1));
    assertThat(Files.mismatch(target, again)).as("the same disk gives the same file").isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"ZLIB", "ZSTD"})
  void aQcow2GrowsItsTablesWithTheDisk(Compression compression) throws Exception {
    Path source = folder.resolve("large.raw");
    try (var out = new RandomAccessFile(source.toFile(), "rw")) {
      out.setLength(3L << 40);
      for (long at = 0; at < 3L << 40; at += 64L << 30) {
        out.seek(at + 12_345);
        out.write(7);
      }
    }
    Path target = folder.resolve("large.qcow2");
    run(request(source, target).withFormat(TargetFormat.QCOW2).withCompression(compression));
    Tool.run("qemu-img", "check", "-f", "qcow2", target.toString());
    try (DiskImage a = Formats.open(source, OpenOptions.defaults());
        DiskImage b = Formats.open(target, OpenOptions.defaults())) {
      assertThat(new Comparison(a, b, new Cancellation()).firstDifference()).isEmpty();
      assertThat(b.size()).isEqualTo(a.size());
    }
  }

  @Test
  void qemuReadsItsRefcountsAfterWriting() throws Exception {
    Path source = source("disk.raw", 20L * MIB);
    Path target = folder.resolve("disk.qcow2");
    run(request(source, target).withFormat(TargetFormat.QCOW2));
    Tool.run(
        "qemu-io",
        "-f",
        "qcow2",
        "-c",
        "write -P 7 1M 3M",
        "-c",
        "write -P 8 64k 5",
        "-c",
        "discard 10M 2M",
        target.toString());
    Tool.run("qemu-img", "check", "-f", "qcow2", target.toString());
    Tool.run("qemu-io", "-f", "qcow2", "-c", "read -P 7 1M 3M", target.toString());
  }

  @Test
  void aDynamicVhdHoldsTheDiskAtItsExactSize() throws Exception {
    Path source = source("disk.raw", 33L * MIB);
    Path target = folder.resolve("disk.vhd");
    ConversionResult result = run(request(source, target).withFormat(TargetFormat.DYNAMIC_VHD));
    assertThat(result.fileSize()).isEqualTo(Files.size(target));
    assertThat(Tool.run("qemu-img", "info", "-f", "vpc", target.toString()))
        .contains("(" + 33 * MIB + " bytes)");
    Tool.run("qemu-img", "compare", "-f", "raw", "-F", "vpc", source.toString(), target.toString());
    assertThat(Tool.run("vhdiinfo", target.toString()))
        .contains("Dynamic")
        .contains("(" + 33 * MIB + " bytes)");
    List<String> info = List.of(result.contentDigest().orElseThrow());
    try (DiskImage disk = Formats.open(target, OpenOptions.defaults())) {
      assertThat(info).containsExactly(ContentDigests.of(disk, 2, new Cancellation()));
      assertThat(disk.info().subformat()).isEqualTo("dynamic");
    }
  }

  @Test
  void aLargeEmptyDiskIsSmall() throws Exception {
    Path source = folder.resolve("empty.raw");
    try (var out = new RandomAccessFile(source.toFile(), "rw")) {
      out.setLength(500L << 30);
    }
    Path vhd = folder.resolve("empty.vhd");
    assertThat(run(request(source, vhd).withFormat(TargetFormat.DYNAMIC_VHD)).fileSize())
        .isLessThan(2 * MIB);
    Tool.run("qemu-img", "compare", "-f", "raw", "-F", "vpc", source.toString(), vhd.toString());
    Path qcow2 = folder.resolve("empty.qcow2");
    assertThat(run(request(source, qcow2).withFormat(TargetFormat.QCOW2)).fileSize())
        .isLessThan(MIB);
    Tool.run("qemu-img", "check", "-f", "qcow2", qcow2.toString());
  }
}
