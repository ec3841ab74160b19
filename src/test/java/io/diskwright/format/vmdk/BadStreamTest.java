package io.diskwright.format.vmdk;

import static io.diskwright.format.vmdk.SparseImage.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad streams by name: none is read to its end without being refused, for the right reason. */
class BadStreamTest {

  private static final int CAPACITY = 16 * 600;
  private static final long ANY = -2;

  private record Bad(
      String name, byte[] image, Class<? extends ImageException> kind, String says, long offset) {}

  @ParameterizedTest
  @MethodSource({"headers", "grains", "tables", "ends"})
  void isRefused(Bad bad) {
    assertThatThrownBy(() -> drain(bad.image))
        .isExactlyInstanceOf(bad.kind)
        .hasMessageStartingWith("stream.vmdk")
        .hasMessageContaining(bad.says)
        .satisfies(e -> {
          Fault fault = ((ImageException) e).fault();
          assertThat(fault.structure()).isNotEmpty();
          assertThat(fault.remedy()).isNotEmpty();
          if (bad.offset != ANY) {
            assertThat(fault.offset()).isEqualTo(bad.offset);
          }
        });
  }

  private static void drain(byte[] image) throws IOException {
    try (ForwardDisk disk = Disks.forward(new ByteArrayInputStream(image)).orElseThrow()) {
      Disks.drain(disk);
    }
  }

  private static SparseImage stream(Layout layout) {
    return new SparseImage(layout, CAPACITY, 16).grain(0).grain(3).grain(599);
  }

  private static Stream<Arguments> named(List<Bad> cases) {
    return cases.stream().map(c -> Arguments.of(Named.of(c.name, c)));
  }

  private static Bad corrupt(String name, byte[] image, String says, long offset) {
    return new Bad(name, image, CorruptImage.class, says, offset);
  }

  private static Bad changed(
      String name, byte[] good, int at, int width, long value, String says, long offset) {
    return corrupt(name, patch(good.clone(), at, width, value), says, offset);
  }

  static Stream<Arguments> headers() {
    var cases = new ArrayList<Bad>();
    byte[] good = stream(Layout.STREAM_FOOTER).build();
    for (int length : List.of(4, 72, 511, 600)) {
      cases.add(corrupt("trunc-header-" + length, Arrays.copyOf(good, length), "truncated", 0));
    }
    cases.add(header("version-4", 4, 4, 4, UnsupportedFeature.class, "header version"));
    cases.add(header("capacity-max", 12, 8, -1, LimitExceeded.class, "header capacity"));
    cases.add(header("capacity-other", 12, 8, 9601, CorruptImage.class, "the descriptor says"));
    cases.add(header("grain-size-max", 20, 8, 1L << 63, LimitExceeded.class, "grainSize"));
    cases.add(header("algorithm-2", 77, 2, 2, UnsupportedFeature.class, "compressAlgorithm"));
    cases.add(header("no-markers", 8, 4, 0x10001, UnsupportedFeature.class, "header flags"));
    cases.add(corrupt("over-head-2p40", patch(good.clone(), 64, 8, 1L << 40), "overHead", ANY));
    cases.add(corrupt("gd-elsewhere", patch(good.clone(), 56, 8, 1 << 20), "header gdOffset", 56));
    cases.add(corrupt("gd-negative", patch(good.clone(), 56, 8, -2), "header gdOffset", 56));
    SparseImage bare = stream(Layout.STREAM_FRONT);
    bare.withDescriptor = false;
    cases.add(
        new Bad("no-descriptor", bare.build(), UnsupportedFeature.class, "Name the disk's", 0));
    SparseImage flat = stream(Layout.STREAM_FRONT);
    flat.descriptor =
        SparseImage.descriptor("monolithicSparse", "RW " + CAPACITY + " SPARSE \"x.vmdk\"\n");
    cases.add(corrupt("compressed-not-stream", flat.build(), "monolithicSparse", 8));
    return named(cases);
  }

  private static Bad header(
      String name,
      int at,
      int width,
      long value,
      Class<? extends ImageException> kind,
      String says) {
    byte[] good = stream(Layout.STREAM_FOOTER).build();
    return new Bad(name, patch(good, at, width, value), kind, says, at);
  }

  static Stream<Arguments> grains() {
    var cases = new ArrayList<Bad>();
    for (Layout layout : List.of(Layout.STREAM_FRONT, Layout.STREAM_FOOTER)) {
      SparseImage image = stream(layout);
      byte[] good = image.build();
      int at = image.grainAt(3);
      String end = "-" + layout;
      cases.add(corrupt("garbage" + end, patch(good.clone(), at + 30, 8, -1), "inflate", 0));
      cases.add(corrupt("no-zlib" + end, patch(good.clone(), at + 12, 2, 0), "inflate", 0));
      for (long lba : List.of(-1L, Long.MIN_VALUE, 1L << 62, 9600L, 47L, 49L)) {
        cases.add(changed("lba-" + lba + end, good, at, 8, lba, "grain marker lba", at));
      }
      cases.add(changed("lba-repeated" + end, good, at, 8, 0, "sector 0 again", at));
      cases.add(changed("lba-other" + end, good, at, 8, 4 * 16, "grain table 0", ANY));
      for (long size : List.of(0xffffffffL, 2 * 8192L + 512)) {
        cases.add(
            changed("size-" + size + end, good, at + 8, 4, size, "grain marker size", at + 8));
      }
      // A grain of size 0 is a marker, and none that may stand there.
      cases.add(changed("size-0" + end, good, at + 8, 4, 0, "stream marker", at));
      // A grain that is longer than it is swallows what follows.
      cases.add(changed("size-longer" + end, good, at + 8, 4, 1000, "", ANY));
      cases.add(odd("short-grain" + end, layout, 8191, "8191 bytes of data"));
      cases.add(odd("long-grain" + end, layout, 8193, "goes on behind the block"));
      cases.add(odd("bomb" + end, layout, 8 << 20, "goes on behind the block"));
      cases.add(
          new Bad(
              "huge-grains" + end,
              new SparseImage(layout, 1 << 14, 1 << 13).build(),
              LimitExceeded.class,
              "grainSize",
              ANY));
      cases.add(
          corrupt(
              "trunc-grain" + end,
              Arrays.copyOf(good, image.grainAt(599) + 20),
              "20 (0x14) bytes, then the end",
              image.grainAt(599)));
      cases.add(
          corrupt(
              "trunc-marker" + end,
              Arrays.copyOf(good, image.grainAt(599) + 9),
              "9 bytes, then the end",
              image.grainAt(599)));
      cases.add(corrupt("lost-grain" + end, without(good, at, 512), "", ANY));
    }
    return named(cases);
  }

  private static Bad odd(String name, Layout layout, int length, String says) {
    SparseImage image = stream(layout);
    image.grain(3, new byte[length]);
    byte[] bytes = image.build();
    return corrupt(name, bytes, says, 0);
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    var rest = new ByteArrayOutputStream();
    rest.write(bytes, 0, at);
    rest.write(bytes, at + length, bytes.length - at - length);
    return rest.toByteArray();
  }

  static Stream<Arguments> tables() {
    var cases = new ArrayList<Bad>();
    for (Layout layout : List.of(Layout.STREAM_FRONT, Layout.STREAM_FOOTER)) {
      SparseImage image = stream(layout);
      byte[] good = image.build();
      int table = image.tableAt(0);
      String end = "-" + layout;
      String says = "grain table 0 (disk from sector 0 on)";
      int third = image.grainAt(3) / 512;
      cases.add(changed("gte-zero" + end, good, table + 12, 4, 0, says, table));
      cases.add(changed("gte-extra" + end, good, table + 16, 4, third, says, table));
      cases.add(changed("gte-other" + end, good, table + 12, 4, third + 1, says, table));
      cases.add(changed("gte-beyond" + end, good, table + 12, 4, 0xfffffff0L, says, table));
      byte[] swapped = patch(good.clone(), table, 4, third);
      cases.add(changed("gte-swapped" + end, swapped, table + 12, 4, 32, says, table));
      byte[] moved = patch(good.clone(), table + 12, 4, 0);
      cases.add(changed("gte-moved" + end, moved, table + 16, 4, third, says, table));
      cases.add(changed("gde-zero" + end, good, image.gdAt, 4, 0, says, 0));
      int second = image.tableAt(1) / 512;
      cases.add(changed("gde-twice" + end, good, image.gdAt, 4, second, "grain table 0", ANY));
      for (long sector : List.of(1L, 0xffffffffL, second + 60L)) {
        cases.add(
            changed(
                "gde-" + sector + end,
                good,
                image.gdAt,
                4,
                sector,
                "grain directory entry",
                image.gdAt));
      }
    }
    return named(cases);
  }

  static Stream<Arguments> ends() {
    var cases = new ArrayList<Bad>();
    SparseImage image = stream(Layout.STREAM_FOOTER);
    byte[] good = image.build();
    int at = image.footerAt;
    cases.add(changed("footer-version", good, at + 4, 4, 2, "stream footer", at));
    cases.add(changed("footer-descriptor", good, at + 28, 8, 2, "descriptorOffset 2", at));
    cases.add(changed("footer-capacity", good, at + 12, 8, 9601, "capacity 9601", at));
    cases.add(changed("footer-grain", good, at + 20, 8, 32, "grainSize 32", at));
    cases.add(changed("footer-gd-at-end", good, at + 56, 8, -1, "gdOffset", at + 56));
    cases.add(changed("footer-gd-other", good, at + 56, 8, 40, "stream footer gdOffset", at + 56));
    cases.add(changed("footer-magic", good, at, 4, 0, "stream footer magicNumber", at));
    cases.add(changed("footer-marker", good, at - 512 + 12, 4, 2, "the footer", at - 512));
    cases.add(changed("footer-long", good, at - 512, 8, 2, "footer marker", at - 512));
    cases.add(changed("eos-type", good, at + 512 + 12, 4, 1, "end of the stream", at + 512));
    cases.add(changed("eos-size", good, at + 512, 8, 1, "end-of-stream marker", at + 512));
    cases.add(corrupt("no-eos", Arrays.copyOf(good, at + 512), "end-of-stream marker", ANY));
    cases.add(corrupt("no-footer", without(good, at - 512, 1024), "stream footer", ANY));
    cases.add(corrupt("only-eos", without(good, image.gdAt - 512, 2048), "stream marker", ANY));
    cases.add(corrupt("no-end", Arrays.copyOf(good, at - 512), "stream footer", at - 512));
    cases.add(
        corrupt("no-directory", Arrays.copyOf(good, image.gdAt - 512), "grain directory", ANY));
    int table = image.tableAt(0) - 512;
    cases.add(corrupt("no-table", without(good, table, 2560), "gdOffset", ANY));
    cases.add(changed("table-type", good, table + 12, 4, 9, "stream marker", table));
    cases.add(changed("table-long", good, table, 8, 5, "stream marker", table));
    cases.add(changed("table-max", good, table, 8, -1, "stream marker", table));
    int gd = image.gdAt - 512;
    cases.add(changed("directory-zero", good, gd, 8, 0, "stream marker", gd));
    cases.add(changed("directory-max", good, gd, 8, -1, "stream marker", gd));
    cases.add(changed("directory-long", good, gd, 8, 1 << 30, "grain directory", ANY));
    byte[] behind = insert(good, at + 1024, Arrays.copyOfRange(good, 0x4000, 0x4200));
    cases.add(corrupt("grain-after-end", behind, "behind the grain directory", at + 1024));
    byte[] late = insert(good, at - 512, Arrays.copyOfRange(good, 0x4000, 0x4200));
    cases.add(corrupt("grain-after-directory", late, "behind the grain directory", at - 512));
    byte[] again = insert(good, at - 512, Arrays.copyOfRange(good, gd, gd + 1024));
    cases.add(corrupt("two-directories", again, "the footer", at - 512));
    byte[] tables = good;
    for (int i = 0; i < 65; i++) {
      tables = insert(tables, table, Arrays.copyOfRange(good, table, table + 2560));
    }
    cases.add(corrupt("too-many-tables", tables, "one of up to 66 tables", ANY));
    SparseImage front = stream(Layout.STREAM_FRONT);
    byte[] leading = insert(front.build(), front.grainAt(3), marker -> patch(marker, 12, 4, 1));
    cases.add(corrupt("table-marker-in-front", leading, "directory is in front", front.grainAt(3)));
    return named(cases);
  }

  private static byte[] insert(byte[] bytes, int at, UnaryOperator<byte[]> sector) {
    return insert(bytes, at, sector.apply(new byte[512]));
  }

  private static byte[] insert(byte[] bytes, int at, byte[] piece) {
    var all = new ByteArrayOutputStream();
    all.write(bytes, 0, at);
    all.writeBytes(piece);
    all.write(bytes, at, bytes.length - at);
    return all.toByteArray();
  }
}
