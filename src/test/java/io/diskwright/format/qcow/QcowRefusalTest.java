package io.diskwright.format.qcow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken and hostile images: each must be refused, naming structure and place. */
class QcowRefusalTest {

  private static final int C = 1 << 12;
  private static final Class<CorruptImage> CORRUPT = CorruptImage.class;

  @TempDir Path dir;

  record Case(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<QcowBuilder> damage) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> header() {
    return Stream.of(
        of("cluster_bits-0", "cluster_bits at offset 0x20: found 0", b -> b.u8(32, 0)),
        of("cluster_bits-8", "cluster_bits at offset 0x20: found 8", b -> b.u8(32, 8)),
        of("cluster_bits-17", "cluster_bits at offset 0x20: found 17", b -> b.u8(32, 17)),
        of("cluster_bits-63", "cluster_bits at offset 0x20: found 63", b -> b.u8(32, 63)),
        of("cluster_bits-255", "cluster_bits at offset 0x20: found 255", b -> b.u8(32, 255)),
        of("l2_bits-0", "l2_bits at offset 0x21: found 0", b -> b.u8(33, 0)),
        of("l2_bits-5", "l2_bits at offset 0x21: found 5", b -> b.u8(33, 5)),
        of("l2_bits-14 (CVE-2014-0222)", "l2_bits at offset 0x21: found 14", b -> b.u8(33, 14)),
        of("l2_bits-255", "l2_bits at offset 0x21: found 255", b -> b.u8(33, 255)),
        of("size-zero", "size at offset 0x18: found 0", b -> b.u64(24, 0)),
        of("size-max", "size at offset 0x18: found 18446744073709551615", b -> b.u64(24, -1)),
        of(
            "size-2p63m1 (CVE-2014-0223)",
            LimitExceeded.class,
            "size at offset 0x18",
            b -> b.u64(24, Long.MAX_VALUE)),
        of("size-over-l1", "l1_table_offset at offset 0x28: found 48", b -> b.u64(24, 1L << 40)),
        of(
            "crypt_method-1",
            UnsupportedFeature.class,
            "crypt_method at offset 0x24: found encryption with AES",
            b -> b.u32(36, 1)),
        of(
            "crypt_method-2",
            UnsupportedFeature.class,
            "crypt_method at offset 0x24: found encryption with unknown method 2",
            b -> b.u32(36, 2)),
        of(
            "crypt_method-max",
            UnsupportedFeature.class,
            "unknown method 4294967295",
            b -> b.u32(36, -1)),
        of("l1_offset-zero", "l1_table_offset at offset 0x28: found 0", b -> b.u64(40, 0)),
        of("l1_offset-header", "l1_table_offset at offset 0x28: found 40", b -> b.u64(40, 40)),
        of("l1_offset-beyond", "l1_table_offset at offset 0x28", b -> b.u64(40, 1L << 40)),
        of("l1_offset-top-bit", "l1_table_offset at offset 0x28", b -> b.u64(40, 1L << 63 | 48)),
        of("l1_offset-wraps", "l1_table_offset at offset 0x28", b -> b.u64(40, Long.MAX_VALUE)),
        of(
            "backing-offset-header",
            "backing_file_offset at offset 0x8",
            b -> b.u64(8, 47).u32(16, 1)),
        of(
            "backing-offset-negative",
            "backing_file_offset at offset 0x8",
            b -> b.u64(8, -1).u32(16, 1)),
        of(
            "backing-offset-beyond",
            "backing file name at offset 0x10000000000",
            b -> b.u64(8, 1L << 40).u32(16, 1)),
        of(
            "backing-size-1024",
            "backing_file_size at offset 0x10: found 1024",
            b -> b.u64(8, 48).u32(16, 1024)),
        of(
            "backing-size-max",
            "backing_file_size at offset 0x10: found 4294967295",
            b -> b.u64(8, 48).u32(16, -1)),
        of(
            "backing-not-utf8",
            UnsafeReference.class,
            "backing file name at offset 0x2000",
            b -> b.u64(8, 0x2000).u32(16, 10)));
  }

  static Stream<Case> tables() {
    return Stream.of(
        of(
            "l2-in-backing-name",
            "L1 entry at offset 0x30: found L2 table offset 4096 (0x1000), inside the backing file",
            b -> b.u64(8, 0x1100).u32(16, 10)),
        l1("beyond-eof", 1L << 40, "L1 entry at offset 0x30: found L2 table offset 1099511627776"),
        l1("unaligned", C + 8, "L1 entry at offset 0x30: found L2 table offset 4104"),
        l1("top-bit", 1L << 63 | C, "L1 entry at offset 0x30: found L2 table offset"),
        l1("max", -1, "L1 entry at offset 0x30: found L2 table offset"),
        l1("last-byte", 2 * C + 512, "the table's 4096 (0x1000) bytes inside the file's"),
        l2("beyond-eof", 1L << 40, "L2 entry at offset 0x1000: found cluster offset 1099511627776"),
        l2("at-eof", 3 * C, "L2 entry at offset 0x1000: found cluster offset 12288"),
        l2("unaligned", 2 * C + 8, "L2 entry at offset 0x1000: found cluster offset 8200"),
        l2("reserved-low", 2 * C + 1, "L2 entry at offset 0x1000: found cluster offset 8193"),
        l2("into-l2", C, "found data at 4096 (0x1000), inside the L2 table"),
        l2("into-l2-further", 512, "found data at 4096 (0x1000), inside the L2 table"),
        l2("compressed-max", -1, "L2 entry at offset 0x1000: found compressed data of 4095 bytes"),
        l2("compressed-none", 1L << 63 | 2 * C, "found compressed data of 0 bytes"),
        l2("compressed-beyond", entry(1L << 40, 100), "found compressed data of 100 bytes"),
        l2("compressed-cut", entry(3 * C - 99, 100), "found compressed data of 100 bytes"),
        l2("compressed-in-header", entry(0, 10), "inside the header"),
        l2("compressed-in-l1", entry(50, 100), "inside the L1 table"),
        l2("compressed-in-l2", entry(C - 10, 100), "inside the L2 table"),
        l2("compressed-garbage", entry(2 * C, 4000), "compressed cluster at offset 0x2000"));
  }

  @ParameterizedTest
  @MethodSource({"header", "tables"})
  void refuses(Case bad) {
    var image = new QcowBuilder(12, 9, 8 * C).data(0, TestImages.random(C, 1));
    assertThat(image.end()).isEqualTo(3 * C);
    bad.damage.accept(image);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(bad.type)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(bad.message);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 40, 47, 48, 50, 55, 56, C, 2 * C - 1, 2 * C, 3 * C - 1})
  void refusesTruncatedFiles(int length) {
    var image = new QcowBuilder(12, 9, 8 * C).data(0, TestImages.random(C, 1));
    Path file = image.truncatedTo(dir.resolve("image"), length);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(" at offset 0x");
  }

  @Test
  void leavesOtherVersionsToQcow2() {
    for (int version : new int[] {0, 4, -1}) {
      Path file = new QcowBuilder(12, 9, C).u32(4, version).writeTo(dir.resolve("image"));
      assertThatThrownBy(() -> read(file))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("qcow2 header version at offset 0x4");
      assertThatThrownBy(
              () -> Formats.open(file, OpenOptions.defaults().withFormat(Optional.of("qcow"))))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("qcow header magic at offset 0x0");
    }
    Path first = new QcowBuilder(12, 9, C).writeTo(dir.resolve("image"));
    assertThatThrownBy(
            () -> Formats.open(first, OpenOptions.defaults().withFormat(Optional.of("qcow2"))))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("1, the old qcow format, allowed: 2 or 3; --from qcow");
  }

  @Test
  void refusesSharedTables() {
    var image = new QcowBuilder(12, 6, 4L << 18).data(0, TestImages.random(C, 1));
    for (int i = 1; i < 4; i++) {
      image.u64(image.l1Offset() + 8 * i, C);
    }
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("L2 table at offset 0x1000: found space that is also used as L2");
  }

  @Test
  void refusesTablesThatOverlap() {
    var image = new QcowBuilder(9, 7, 512L << 8);
    image.entryOffset(0);
    int second = image.entryOffset(128);
    image.data(0, new byte[512]);
    image.u64(image.l1Offset(), second - 512);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("space that is also used as L2 table");
  }

  @Test
  void refusesMetadataInsideARun() {
    var image = new QcowBuilder(9, 6, 200 * 512);
    for (int i = 0; i < 20; i++) {
      image.data(i, TestImages.random(512, i));
    }
    int table = image.entryOffset(64);
    image.u64(image.entryOffset(20), table);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(String.format("L2 entry at offset 0x%x", image.entryOffset(20)))
        .hasMessageContaining("inside the L2 table");
  }

  @Test
  void refusesAnEndlessDiskQuickly() throws IOException {
    Path file = dir.resolve("image");
    Files.write(file, new QcowBuilder(9, 6, 512).u64(24, 1L << 39).build());
    try (var raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.setLength(1L << 39);
    }
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      assertThat(disk.size()).isEqualTo(1L << 39);
    }
    Files.write(file, new QcowBuilder(9, 6, 512).u64(24, (1L << 39) + 1).build());
    assertThatThrownBy(() -> read(file)).isInstanceOf(LimitExceeded.class);
  }

  @Test
  void refusesShortAndDamagedStreams() {
    byte[] stream = QcowBuilder.deflate(TestImages.compressible(C, 1));
    var half = new QcowBuilder(12, 9, C).compressed(0, Arrays.copyOf(stream, stream.length / 2));
    refusesStream(half, "damaged deflate stream");
    byte[] small = QcowBuilder.deflate(TestImages.compressible(C / 2, 1));
    refusesStream(new QcowBuilder(12, 9, C).compressed(0, small), "only 2048 bytes");
    byte[] bomb = QcowBuilder.deflate(new byte[1 << 20]);
    var image = new QcowBuilder(16, 13, 1 << 16).compressed(0, Arrays.copyOf(bomb, 65535));
    refusesStream(image, "damaged deflate stream");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json:{\"driver\":\"file\"}",
        "nbd://host/x",
        "http://host/x",
        "file:base",
        "missing",
        "/etc/passwd",
        "../base",
        "C:\\base",
        ".",
        "fat:/etc",
        "image"
      })
  void refusesUnsafeNames(String name) throws IOException {
    Files.write(dir.resolve("base"), new byte[C]);
    Path file = new QcowBuilder(12, 9, C, name).writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("backing at offset 0x30: found '");
  }

  @Test
  void namesTheFileThatIsBroken() throws IOException {
    new QcowBuilder(12, 9, C).u8(32, 77).writeTo(dir.resolve("base"));
    Path file = new QcowBuilder(12, 9, C, "base").writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith(dir.toRealPath().resolve("base") + ": qcow header cluster_bits");
    new QcowBuilder(12, 9, C, "image").writeTo(dir.resolve("base"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("already part of this chain");
  }

  private void refusesStream(QcowBuilder image, String message) {
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("compressed cluster at offset 0x")
        .hasMessageContaining(message);
  }

  private static long entry(long offset, int length) {
    return new QcowBuilder(12, 9, C).compressedEntry(offset, length);
  }

  private static Case l1(String name, long entry, String message) {
    return of("l1_entry-" + name, message, b -> b.u64(b.l1Offset(), entry));
  }

  private static Case l2(String name, long entry, String message) {
    return of("l2_entry-" + name, message, b -> b.u64(b.entryOffset(0), entry));
  }

  private static Case of(String name, String message, Consumer<QcowBuilder> damage) {
    return of(name, CORRUPT, message, damage);
  }

  private static Case of(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<QcowBuilder> damage) {
    return new Case(name, type, message, damage);
  }

  private static void read(Path file) throws IOException {
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      TestImages.read(disk);
    }
  }
}
