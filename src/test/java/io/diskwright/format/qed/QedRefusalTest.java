package io.diskwright.format.qed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken and hostile images: each must be refused, naming structure and place. */
class QedRefusalTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  record Case(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<QedBuilder> damage) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> header() {
    return Stream.of(
        u32("cluster_size-0", 4, 0, "cluster_size at offset 0x4: found 0"),
        u32("cluster_size-2048", 4, 2048, "cluster_size at offset 0x4: found 2048"),
        u32("cluster_size-5000", 4, 5000, "cluster_size at offset 0x4: found 5000"),
        u32("cluster_size-2p27", 4, 1 << 27, "cluster_size at offset 0x4: found 134217728"),
        u32("cluster_size-2p31", 4, 1 << 31, "cluster_size at offset 0x4: found 2147483648"),
        u32("cluster_size-max", 4, -1, "cluster_size at offset 0x4: found 4294967295"),
        u32("cluster_size-larger", 4, 1 << 26, "l1_table_offset at offset 0x28: found 4096"),
        u32("table_size-0", 8, 0, "table_size at offset 0x8: found 0"),
        u32("table_size-3", 8, 3, "table_size at offset 0x8: found 3"),
        u32("table_size-32", 8, 32, "table_size at offset 0x8: found 32"),
        u32("table_size-max", 8, -1, "table_size at offset 0x8: found 4294967295"),
        u32("table_size-larger", 8, 16, "l1_table_offset at offset 0x28: found 4096"),
        u32("header_size-0", 12, 0, "header_size at offset 0xc: found 0"),
        u32("header_size-2", 12, 2, "l1_table_offset at offset 0x28: found 4096"),
        u32("header_size-max", 12, -1, "l1_table_offset at offset 0x28: found 4096"),
        of(
            "features-3",
            UnsupportedFeature.class,
            "features at offset 0x10: found unknown bits 0x8",
            b -> b.features(8)),
        of(
            "features-63",
            UnsupportedFeature.class,
            "features at offset 0x10: found unknown bits 0x8000000000000000",
            b -> b.features(1L << 63 | 2)),
        u64("l1_offset-zero", 40, 0, "l1_table_offset at offset 0x28: found 0"),
        u64("l1_offset-unaligned", 40, C + 8, "l1_table_offset at offset 0x28: found 4104"),
        u64("l1_offset-beyond-eof", 40, 1L << 40, "l1_table_offset at offset 0x28"),
        u64("l1_offset-at-eof", 40, 4 * C, "l1_table_offset at offset 0x28"),
        u64("l1_offset-top-bit", 40, 1L << 63 | C, "l1_table_offset at offset 0x28"),
        u64("l1_offset-wraps", 40, -C, "l1_table_offset at offset 0x28"),
        u64("image_size-max", 48, -1, "image_size at offset 0x30: found 18446744073709551615"),
        u64("image_size-2p63m512", 48, Long.MAX_VALUE - 511, "image_size at offset 0x30"),
        u64("image_size-odd", 48, 513, "image_size at offset 0x30: found 513"),
        u64("image_size-over-l1", 48, (1L << 30) + 512, "image_size at offset 0x30"),
        name("backing-offset-0", 0, 4, "backing_filename_offset at offset 0x38: found 0"),
        name("backing-offset-beyond", C - 3, 4, "backing_filename_offset at offset 0x38"),
        name("backing-offset-max", -1, 4, "backing_filename_offset at offset 0x38"),
        name("backing-size-0", 64, 0, "backing_filename_size at offset 0x3c: found 0"),
        name("backing-size-1024", 64, 1024, "backing_filename_size at offset 0x3c: found 1024"),
        name("backing-size-max", 64, -1, "backing_filename_size at offset 0x3c"),
        of(
            "backing-nonutf8",
            UnsafeReference.class,
            "QED backing file name at offset 0x40",
            b -> b.backing(new byte[] {'b', (byte) 0xff}, true)));
  }

  static Stream<Case> tables() {
    return Stream.of(
        l1("beyond-eof", 1L << 40, "L1 entry at offset 0x1000: found L2 table offset 1099511"),
        l1("at-eof", 4 * C, "L1 entry at offset 0x1000: found L2 table offset 16384"),
        l1("unaligned", 2 * C + 512, "L1 entry at offset 0x1000: found L2 table offset 8704"),
        l1("reserved-low", 2 * C + 1, "L1 entry at offset 0x1000: found L2 table offset 8193"),
        l1("zero-cluster", 1, "L1 entry at offset 0x1000: found L2 table offset 1,"),
        l1("top-bit", 1L << 63 | 2 * C, "L1 entry at offset 0x1000: found L2 table offset"),
        l1("max", -1, "L1 entry at offset 0x1000: found L2 table offset"),
        l1("self", C, "inside the L1 table"),
        l2("beyond-eof", 1L << 40, "L2 entry at offset 0x2000: found cluster offset 1099511"),
        l2("at-eof", 4 * C, "L2 entry at offset 0x2000: found cluster offset 16384"),
        l2("unaligned", 3 * C + 512, "L2 entry at offset 0x2000: found cluster offset 12800"),
        l2("reserved-low", 3 * C + 1, "L2 entry at offset 0x2000: found cluster offset 12289"),
        l2("two", 2, "L2 entry at offset 0x2000: found cluster offset 2,"),
        l2("top-bit", 1L << 63 | 3 * C, "L2 entry at offset 0x2000: found cluster offset"),
        l2("max", -1, "L2 entry at offset 0x2000: found cluster offset"),
        l2("into-l1", C, "found data at 4096 (0x1000), inside the L1 table"),
        l2("into-l2", 2 * C, "found data at 8192 (0x2000), inside the L2 table"));
  }

  @ParameterizedTest
  @MethodSource({"header", "tables"})
  void refuses(Case bad) {
    var image = new QedBuilder(C, 1, 8 * C).data(0, TestImages.random(C, 1));
    assertThat(image.end()).isEqualTo(4 * C);
    bad.damage.accept(image);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(bad.type)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(bad.message);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 16, 63, 64, 511, C, 2 * C - 1, 2 * C, 3 * C - 1, 3 * C, 4 * C - 1})
  void refusesTruncatedFiles(int length) {
    var image = new QedBuilder(C, 1, 8 * C).data(0, TestImages.random(C, 1));
    Path file = image.truncatedTo(dir.resolve("image"), length);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(" at offset 0x");
  }

  @Test
  void refusesSharedTables() {
    var image = new QedBuilder(C, 1, 4L << 21).data(0, TestImages.random(C, 1));
    image.u64(image.l1Offset() + 8, 2 * C).u64(image.l1Offset() + 24, 2 * C);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("L2 table at offset 0x2000: found space that is also used as L2");
  }

  @Test
  void refusesTablesThatOverlap() {
    var image = new QedBuilder(C, 2, 4L << 22);
    image.data(0, new byte[C]).data(1024, new byte[C]);
    image.u64(image.l1Offset() + 8, 4 * C);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("space that is also used as L2 table");
  }

  @Test
  void refusesDataInsideATableOfSeveralClusters() {
    var image = new QedBuilder(C, 4, 8 * C);
    int at = image.entryOffset(0);
    image.u64(at, at + 3 * C);
    Path file = image.writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("inside the L2 table");
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
        "image",
        "base\0x"
      })
  void refusesUnsafeNames(String name) throws IOException {
    Files.write(dir.resolve("base"), new byte[C]);
    for (boolean raw : new boolean[] {true, false}) {
      Path file = new QedBuilder(C, 1, C).backing(name, raw).writeTo(dir.resolve("image"));
      assertThatThrownBy(() -> read(file))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("backing at offset 0x40: found '");
    }
  }

  @Test
  void namesTheFileThatIsBroken() {
    new QedBuilder(C, 1, C).u32(8, 3).writeTo(dir.resolve("base"));
    Path file = new QedBuilder(C, 1, C).backing("base", false).writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("base: QED header table_size at offset 0x8");
  }

  @Test
  void refusesOtherBytesThatAreCalledQed() throws IOException {
    Path file = Files.write(dir.resolve("image"), new byte[C]);
    assertThatThrownBy(
            () -> Formats.open(file, OpenOptions.defaults().withFormat(Optional.of("qed"))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("QED header magic at offset 0x0");
  }

  private static Case u32(String name, int at, int value, String message) {
    return of(name, CorruptImage.class, message, b -> b.u32(at, value));
  }

  private static Case u64(String name, int at, long value, String message) {
    return of(name, CorruptImage.class, message, b -> b.u64(at, value));
  }

  private static Case name(String name, int offset, int length, String message) {
    return of(
        name, CorruptImage.class, message, b -> b.features(1).u32(56, offset).u32(60, length));
  }

  private static Case l1(String name, long entry, String message) {
    return of("l1_entry-" + name, CorruptImage.class, message, b -> b.u64(b.l1Offset(), entry));
  }

  private static Case l2(String name, long entry, String message) {
    return of("l2_entry-" + name, CorruptImage.class, message, b -> b.entry(0, entry));
  }

  private static Case of(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<QedBuilder> damage) {
    return new Case(name, type, message, damage);
  }

  private static void read(Path file) throws IOException {
    try (DiskImage disk = Formats.open(file, OpenOptions.defaults())) {
      disk.read(0, ByteBuffer.allocate((int) Math.min(disk.size(), 16 * C)));
    }
  }
}
