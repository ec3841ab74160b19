package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken and hostile images: each must be refused, naming structure and place. */
class Qcow2RefusalTest {

  private static final int C = 1 << 16;
  private static final Class<CorruptImage> CORRUPT = CorruptImage.class;
  private static final Class<LimitExceeded> LIMIT = LimitExceeded.class;
  private static final Class<UnsupportedFeature> UNSUPPORTED = UnsupportedFeature.class;

  @TempDir Path dir;

  record Case(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<Qcow2Builder> damage) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> header() {
    return Stream.of(
        u32("version-0", 4, 0, CORRUPT, "version at offset 0x4: found 0"),
        u32("version-1", 4, 1, UNSUPPORTED, "version at offset 0x4: found 1, the old qcow"),
        u32("version-4", 4, 4, UNSUPPORTED, "version at offset 0x4: found 4"),
        u32("version-max", 4, -1, UNSUPPORTED, "version at offset 0x4: found 4294967295"),
        u32("cluster_bits-0", 20, 0, CORRUPT, "cluster_bits at offset 0x14: found 0"),
        u32("cluster_bits-1", 20, 1, CORRUPT, "cluster_bits at offset 0x14: found 1"),
        u32("cluster_bits-8", 20, 8, CORRUPT, "cluster_bits at offset 0x14: found 8"),
        u32("cluster_bits-22", 20, 22, CORRUPT, "cluster_bits at offset 0x14: found 22"),
        u32("cluster_bits-31", 20, 31, CORRUPT, "cluster_bits at offset 0x14: found 31"),
        u32("cluster_bits-32", 20, 32, CORRUPT, "cluster_bits at offset 0x14: found 32"),
        u32("cluster_bits-63", 20, 63, CORRUPT, "cluster_bits at offset 0x14: found 63"),
        u32("cluster_bits-64", 20, 64, CORRUPT, "cluster_bits at offset 0x14: found 64"),
        u32("cluster_bits-max", 20, -1, CORRUPT, "cluster_bits at offset 0x14: found 4294967295"),
        u64("size-max", 24, -1, CORRUPT, "size at offset 0x18: found 18446744073709551615"),
        u64("size-2p63m1", 24, Long.MAX_VALUE, CORRUPT, "l1_size at offset 0x24: found 1 "),
        u64("size-2p62", 24, 1L << 62, CORRUPT, "l1_size at offset 0x24: found 1 "),
        u64("size-over-l1", 24, (512L << 20) + 1, CORRUPT, "l1_size at offset 0x24: found 1 "),
        u32(
            "crypt_method-1",
            32,
            1,
            UNSUPPORTED,
            "crypt_method at offset 0x20: found encryption with AES"),
        u32(
            "luks-no-pointer",
            32,
            2,
            CORRUPT,
            "crypt_method at offset 0x20: found 2 (LUKS) without a full disk encryption header"),
        u32(
            "crypt_method-9",
            32,
            9,
            UNSUPPORTED,
            "crypt_method at offset 0x20: found unknown method 9"),
        u32("l1_size-zero", 36, 0, CORRUPT, "l1_size at offset 0x24: found 0"),
        u32("l1_size-huge", 36, 1 << 20, CORRUPT, "l1_table_offset at offset 0x28"),
        u32("l1_size-max", 36, -1, LIMIT, "l1_size at offset 0x24: found 4294967295"),
        u64("l1_offset-zero", 40, 0, CORRUPT, "l1_table_offset at offset 0x28: found 0"),
        u64("l1_offset-unaligned", 40, 3 * C + 8, CORRUPT, "l1_table_offset at offset 0x28"),
        u64("l1_offset-beyond-eof", 40, 1L << 40, CORRUPT, "l1_table_offset at offset 0x28"),
        u64("l1_offset-top-bit", 40, 1L << 63 | 3 * C, CORRUPT, "l1_table_offset at offset 0x28"),
        u64("l1_offset-wraps", 40, -C, CORRUPT, "l1_table_offset at offset 0x28"),
        u64("l1_offset-wraps-signed", 40, Long.MAX_VALUE - C + 1, CORRUPT, "l1_table_offset"),
        u64("refcount_table-zero", 48, 0, CORRUPT, "refcount_table_offset at offset 0x30: found 0"),
        u64(
            "refcount_table-unaligned",
            48,
            C + 512,
            CORRUPT,
            "refcount_table_offset at offset 0x30"),
        u64(
            "refcount_table-beyond-eof",
            48,
            1L << 40,
            CORRUPT,
            "refcount_table_offset at offset 0x30"),
        u64("refcount_table-in-l1", 48, 3 * C, CORRUPT, "overlaps the L1 table"),
        u32(
            "refcount_table_clusters-zero",
            56,
            0,
            CORRUPT,
            "refcount_table_clusters at offset 0x38"),
        u32("refcount_table_clusters-max", 56, -1, LIMIT, "refcount_table_clusters at offset 0x38"),
        u32(
            "refcount_table_clusters-over-eof",
            56,
            100,
            CORRUPT,
            "refcount_table_offset at offset 0x30"),
        u64(
            "incompatible-bit-5",
            72,
            1L << 5,
            UNSUPPORTED,
            "incompatible_features at offset 0x48: found unknown bit 5"),
        u64("incompatible-bit-17", 72, 1L << 17, UNSUPPORTED, "unknown bit 17"),
        u64("incompatible-bits", 72, 1L << 63 | 1L << 40, UNSUPPORTED, "unknown bit 40, bit 63"),
        u64(
            "data_file-noext",
            72,
            4,
            CORRUPT,
            "incompatible_features at offset 0x48: found bit 2, the guest's data is in an external"
                + " data file, but no file is named"),
        u64(
            "compression-bit-alone",
            72,
            8,
            CORRUPT,
            "compression_type at offset 0x68: found 0 with bit 3"),
        u32("refcount_order-7", 96, 7, CORRUPT, "refcount_order at offset 0x60: found 7"),
        u32("refcount_order-63", 96, 63, CORRUPT, "refcount_order at offset 0x60: found 63"),
        u32("refcount_order-max", 96, -1, CORRUPT, "refcount_order at offset 0x60"),
        u32("header_length-0", 100, 0, CORRUPT, "header_length at offset 0x64: found 0"),
        u32("header_length-71", 100, 71, CORRUPT, "header_length at offset 0x64: found 71"),
        u32("header_length-73", 100, 73, CORRUPT, "header_length at offset 0x64: found 73"),
        u32("header_length-103", 100, 103, CORRUPT, "header_length at offset 0x64: found 103"),
        u32("header_length-105", 100, 105, CORRUPT, "header_length at offset 0x64: found 105"),
        u32(
            "header_length-2p31m1",
            100,
            Integer.MAX_VALUE,
            CORRUPT,
            "header_length at offset 0x64"),
        u32("header_length-over-cluster", 100, C + 8, CORRUPT, "header_length at offset 0x64"),
        of(
            "compression_type-255",
            UNSUPPORTED,
            "compression_type at offset 0x68: found 255",
            b -> b.zstd().u8(104, 255)),
        of(
            "compression_type-without-bit",
            CORRUPT,
            "compression_type at offset 0x68: found 1 with bit 3",
            b -> b.zstd().u64(72, 0)),
        of(
            "extension-length-max",
            CORRUPT,
            "length at offset 0x6c: found 4294967295",
            b -> b.extension(7, new byte[1]).u32(108, -1)),
        of(
            "extension-past-cluster",
            CORRUPT,
            "length at offset 0x6c",
            b -> b.extension(7, new byte[1]).u32(108, C - 104)),
        of(
            "extension-no-end",
            CORRUPT,
            "header extension at offset 0x10000",
            b -> b.extension(7, new byte[C - 112]).noEndMarker()),
        of(
            "extension-twice",
            CORRUPT,
            "backing file format again",
            b -> b.backing("b", "raw").extension(0xe2792aca, new byte[3])),
        of(
            "snapshots-count-65537",
            LIMIT,
            "nb_snapshots at offset 0x3c: found 65537",
            b -> b.u32(60, 65537)),
        of(
            "snapshots-count-max",
            LIMIT,
            "nb_snapshots at offset 0x3c: found 4294967295",
            b -> b.u32(60, -1)),
        of("snapshots-zero", CORRUPT, "snapshots_offset at offset 0x40", b -> b.u32(60, 1)),
        of(
            "snapshots-beyond-eof",
            CORRUPT,
            "snapshots_offset at offset 0x40",
            b -> b.u32(60, 1).u64(64, 1L << 40)),
        of(
            "snapshots-unaligned",
            CORRUPT,
            "snapshots_offset at offset 0x40",
            b -> b.u32(60, 1).u64(64, 3 * C + 8)),
        of(
            "bitmaps-huge",
            LIMIT,
            "bitmaps nb_bitmaps at offset 0x70: found 4294967295",
            b -> bitmaps(b, -1, 64, 2 * C)),
        of(
            "bitmaps-none",
            LIMIT,
            "bitmaps nb_bitmaps at offset 0x70: found 0",
            b -> bitmaps(b, 0, 64, 2 * C)),
        of(
            "bitmaps-directory-huge",
            LIMIT,
            "bitmap_directory_size at offset 0x78",
            b -> bitmaps(b, 1, -1, 2 * C)),
        of(
            "bitmaps-unaligned",
            CORRUPT,
            "bitmap_directory_offset at offset 0x80",
            b -> bitmaps(b, 1, 64, 2 * C + 8)),
        of(
            "bitmaps-beyond-eof",
            CORRUPT,
            "bitmap directory at offset 0x10000000000",
            b -> bitmaps(b, 1, 64, 1L << 40)),
        of(
            "bitmaps-short",
            CORRUPT,
            "bitmaps length at offset 0x70: found 16",
            b -> b.extension(0x23852875, new byte[16]).u64(88, 1)));
  }

  static Stream<Case> tables() {
    return Stream.of(
        l1(
            "l1_entry-beyond-eof",
            1L << 40,
            "L1 entry at offset 0x30000: found L2 table offset 1099511627776"),
        l1("l1_entry-unaligned", 4 * C + 512, "L1 entry at offset 0x30000: found L2 table offset"),
        l1(
            "l1_entry-reserved-bits",
            4 * C | 1L << 57,
            "L1 entry at offset 0x30000: found reserved bits"),
        l1("l1_entry-reserved-low", 4 * C | 2, "L1 entry at offset 0x30000: found reserved bits"),
        l1(
            "l1_entry-header",
            Qcow2Builder.COPIED,
            "L1 entry at offset 0x30000: found L2 table offset 0"),
        l1("l1_entry-self", 3 * C, "inside the L1 table"),
        l1("l1_entry-reftable", C, "inside the refcount table"),
        l1("l1_entry-refblock", 2 * C, "also used as refcount block"),
        l1("l1_entry-max", -1, "L1 entry at offset 0x30000: found reserved bits"),
        l2(
            "l2_entry-beyond-eof",
            1L << 40,
            "L2 entry at offset 0x40000: found host cluster offset 1099511627776"),
        l2(
            "l2_entry-unaligned",
            6 * C + 512,
            "L2 entry at offset 0x40000: found host cluster offset"),
        l2(
            "l2_entry-reserved-bit",
            5 * C | 1L << 56,
            "L2 entry at offset 0x40000: found reserved bits"),
        l2("l2_entry-reserved-low", 5 * C | 2, "L2 entry at offset 0x40000: found reserved bits"),
        l2(
            "l2_entry-max",
            -1L & ~Qcow2Builder.COMPRESSED,
            "L2 entry at offset 0x40000: found reserved bits"),
        l2(
            "l2_entry-header",
            Qcow2Builder.COPIED,
            "L2 entry at offset 0x40000: found host cluster offset 0"),
        l2("l2_entry-into-l1", 3 * C, "inside the L1 table"),
        l2("l2_entry-into-l2", 4 * C, "inside the L2 table"),
        l2("l2_entry-into-reftable", C, "inside the refcount table"),
        l2("l2_entry-into-refblock", 2 * C, "inside the refcount block"),
        of(
            "l2_entry-header-in-gap",
            CORRUPT,
            "L2 entry at offset 0x40008: found host cluster offset 0",
            b -> b.entry(0, 0).entry(1, Qcow2Builder.COPIED)));
  }

  @ParameterizedTest
  @MethodSource({"header", "tables"})
  void refuses(Case bad) {
    Qcow2Builder image = Qcow2Builder.v3(16, 8 * C).data(0, random(C, 1));
    bad.damage.accept(image);
    assertThatThrownBy(() -> read(image.writeTo(dir.resolve("image"))))
        .isInstanceOf(bad.type)
        .hasMessageContaining(dir.resolve("image").toString())
        .hasMessageContaining(bad.message);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {4, 8, 71, 72, 103, 511, C, 3 * C, 3 * C + 4, 4 * C, 5 * C - 1, 5 * C, 6 * C - 1})
  void refusesTruncatedFiles(int length) {
    Qcow2Builder image = Qcow2Builder.v3(16, 8 * C).data(0, random(C, 1));
    assertThat(image.end()).isEqualTo(6 * C);
    assertThatThrownBy(() -> read(image.truncatedTo(dir.resolve("image"), length)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith(dir.resolve("image") + ": ")
        .hasMessageContaining(" at offset 0x");
  }

  @Test
  void refusesZeroFlagsInVersion2() {
    assertThatThrownBy(() -> read(Qcow2Builder.v2(16, C).entry(0, 1).writeTo(dir.resolve("image"))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("L2 entry at offset 0x40000: found reserved bits");
  }

  @Test
  void refusesSharedTables() {
    Qcow2Builder image = Qcow2Builder.v3(16, 4L << 29).data(0, random(C, 1));
    for (int i = 1; i < 4; i++) {
      image.u64(image.l1Offset() + 8 * i, image.entryOffset(0));
    }
    assertThatThrownBy(() -> read(image.writeTo(dir.resolve("image"))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(
            "L2 table at offset 0x40000: found space that is also used as L2 table");
  }

  @Test
  void refusesMetadataInsideARun() {
    Qcow2Builder image = Qcow2Builder.v3(12, 600L << 12);
    for (int i = 0; i < 20; i++) {
      image.data(i, random(4096, i));
    }
    long table = image.entryOffset(512);
    image.entryOffset(0);
    image.entry(20, table);
    assertThatThrownBy(() -> read(image.writeTo(dir.resolve("image"))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(String.format("L2 entry at offset 0x%x", image.entryOffset(20)))
        .hasMessageContaining("inside the L2 table");
  }

  @Test
  void namesUnknownFeaturesAsTheImageDoes() {
    byte[] names = new byte[96];
    put(names, 0, 1, 6, "wrong type");
    put(names, 48, 0, 6, "evil\nname");
    Qcow2Builder image =
        Qcow2Builder.v3(16, C).extension(0x6803f857, names).incompatible(1 << 6 | 1 << 7);
    assertThatThrownBy(() -> read(image.writeTo(dir.resolve("image"))))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("unknown bit 6 'evil\\x0aname', bit 7, allowed");
  }

  @Test
  void readsClustersThatAreShared() throws IOException {
    byte[] data = random(C, 1);
    Qcow2Builder image = Qcow2Builder.v3(16, 2 * C).data(0, data);
    image.entry(1, image.end() - C);
    try (DiskImage disk = Images.open(image.writeTo(dir.resolve("image")))) {
      assertThat(TestImages.read(disk)).isEqualTo(TestImages.join(data, data));
    }
  }

  private static void put(byte[] table, int at, int type, int bit, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    table[at] = (byte) type;
    table[at + 1] = (byte) bit;
    System.arraycopy(bytes, 0, table, at + 2, bytes.length);
  }

  private static void bitmaps(Qcow2Builder image, int count, long size, long offset) {
    ByteBuffer data = ByteBuffer.allocate(24).putInt(count).putInt(0).putLong(size).putLong(offset);
    image.extension(0x23852875, data.array()).u64(88, 1);
  }

  private static Case u32(
      String name, int at, int value, Class<? extends ImageException> type, String message) {
    return of(name, type, message, b -> b.u32(at, value));
  }

  private static Case u64(
      String name, int at, long value, Class<? extends ImageException> type, String message) {
    return of(name, type, message, b -> b.u64(at, value));
  }

  private static Case l1(String name, long entry, String message) {
    return of(name, CORRUPT, message, b -> b.u64(b.l1Offset(), entry));
  }

  private static Case l2(String name, long entry, String message) {
    return of(name, CORRUPT, message, b -> b.u64(b.entryOffset(0), entry));
  }

  private static Case of(
      String name,
      Class<? extends ImageException> type,
      String message,
      Consumer<Qcow2Builder> damage) {
    return new Case(name, type, message, damage);
  }

  private static void read(Path file) throws IOException {
    try (DiskImage disk = Images.open(file)) {
      byte[] first = new byte[(int) Math.min(disk.size(), 16 * C)];
      disk.read(0, ByteBuffer.wrap(first));
      Arrays.fill(first, (byte) 0);
    }
  }
}
