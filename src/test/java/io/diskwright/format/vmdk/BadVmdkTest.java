package io.diskwright.format.vmdk;

import static io.diskwright.format.vmdk.SparseImage.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad images by name: each is refused, for the right reason, at the right place. */
class BadVmdkTest {

  private static final int CAPACITY = 16 * 600;
  private static final long ANY = -2;

  /** What a case says begins with the file at fault when that is not the one opened. */
  private static final Pattern OTHER_FILE = Pattern.compile("^([a-z0-9-]+\\.vmdk): ");

  @TempDir Path outside;
  private Path folder = Path.of("");

  /** A case: what it is called, its bytes, and where the refusal must point. */
  private record Bad(
      String name, byte[] image, Class<? extends ImageException> kind, String says, long offset) {}

  @BeforeEach
  void neighbours() throws IOException {
    folder = Files.createDirectory(outside.resolve("images"));
    Files.write(folder.resolve("a-flat.vmdk"), new byte[40 * 512]);
    SparseImage part = plain();
    part.withDescriptor = false;
    Files.write(folder.resolve("part-s001.vmdk"), part.build());
    Files.writeString(folder.resolve("base.vmdk"), SparseImage.descriptor("vmfs", "RW 1 ZERO\n"));
    Files.writeString(
        folder.resolve("bad.vmdk"),
        SparseImage.descriptor("vmfs", "RW 1 FLAT \"missing.vmdk\" 0\n"));
    Files.writeString(folder.resolve("loop.vmdk"), delta("disk.vmdk"));
    Files.createDirectory(folder.resolve("sub"));
    Files.createSymbolicLink(
        folder.resolve("link.vmdk"), Files.write(outside.resolve("secret"), new byte[512]));
  }

  @ParameterizedTest
  @MethodSource({"headers", "tables", "streams", "descriptors", "references"})
  void isRefused(Bad bad) throws IOException {
    Path file = Files.write(folder.resolve("disk.vmdk"), bad.image);
    assertThatThrownBy(() -> readAll(file))
        .isExactlyInstanceOf(bad.kind)
        .hasMessageContaining(bad.says)
        .satisfies(e -> {
          Fault fault = ((ImageException) e).fault();
          Matcher other = OTHER_FILE.matcher(bad.says);
          assertThat(Path.of(fault.source()).getFileName())
              .hasToString(other.find() ? other.group(1) : "disk.vmdk");
          assertThat(fault.structure()).isNotEmpty();
          assertThat(fault.remedy()).isNotEmpty();
          if (bad.offset != ANY) {
            assertThat(fault.offset()).isEqualTo(bad.offset);
          }
        });
  }

  private static void readAll(Path file) throws IOException {
    try (DiskImage disk = Formats.open(file, Optional.of("vmdk"), ReferencePolicy.folder())) {
      Disks.extents(disk);
      Disks.walk(disk);
    }
  }

  private static SparseImage plain() {
    return new SparseImage(Layout.PLAIN, CAPACITY, 16).grain(0).grain(3).grain(599);
  }

  private static SparseImage stream(Layout layout) {
    return new SparseImage(layout, CAPACITY, 16).grain(0).grain(3).grain(599);
  }

  /** A delta of one sector that holds nothing. */
  private static String delta(String parent) {
    return SparseImage.descriptor("vmfs", "RW 1 ZERO\nparentFileNameHint=\"" + parent + "\"\n")
        .replace("parentCID=ffffffff", "parentCID=0badcafe");
  }

  private static Stream<Arguments> named(List<Bad> cases) {
    return cases.stream().map(c -> Arguments.of(Named.of(c.name, c)));
  }

  private static Bad header(
      String name,
      int at,
      int width,
      long value,
      Class<? extends ImageException> kind,
      String says) {
    return new Bad(name, patch(plain().build(), at, width, value), kind, says, at);
  }

  static Stream<Arguments> headers() {
    var cases = new ArrayList<Bad>();
    byte[] good = plain().build();
    for (int length : List.of(4, 72, 511)) {
      cases.add(
          new Bad(
              "trunc-header-" + length,
              Arrays.copyOf(good, length),
              CorruptImage.class,
              "sparse extent header",
              0));
    }
    for (long version : List.of(0L, 4L, 0xffffffffL)) {
      cases.add(
          header("version-" + version, 4, 4, version, UnsupportedFeature.class, "header version"));
    }
    cases.add(header("flags-unknown", 8, 4, 0x80000003L, UnsupportedFeature.class, "header flags"));
    cases.add(header("capacity-zero", 12, 8, 0, CorruptImage.class, "header capacity"));
    cases.add(header("capacity-max", 12, 8, -1, LimitExceeded.class, "header capacity"));
    cases.add(header("capacity-2p54", 12, 8, 1L << 54, LimitExceeded.class, "header capacity"));
    cases.add(header("capacity-other", 12, 8, 9601, CorruptImage.class, "as the descriptor says"));
    for (long grain : List.of(0L, 1L, 3L, 7L, 8L, 17L)) {
      cases.add(header("grainSize-" + grain, 20, 8, grain, CorruptImage.class, "header grainSize"));
    }
    for (long grain : List.of(1L << 17, 1L << 31, 1L << 63)) {
      cases.add(
          header("grainSize-" + grain, 20, 8, grain, LimitExceeded.class, "header grainSize"));
    }
    cases.add(header("grainSize-max", 20, 8, -1, CorruptImage.class, "header grainSize"));
    for (long entries : List.of(0L, 1L, 256L, 511L, 513L, 0xffffffffL)) {
      cases.add(
          header(
              "numGTEsPerGT-" + entries, 44, 4, entries, UnsupportedFeature.class, "numGTEsPerGT"));
    }
    for (long gd : List.of(0L, 1L, 20L, 1L << 30, 1L << 55, Long.MIN_VALUE, -2L)) {
      cases.add(header("gdOffset-" + gd, 56, 8, gd, CorruptImage.class, "grain directory"));
    }
    cases.add(
        new Bad(
            "gdOffset-max-no-footer",
            patch(plain().build(), 56, 8, -1),
            CorruptImage.class,
            "stream footer",
            ANY));
    cases.add(header("overHead-2p60", 64, 8, 1L << 60, CorruptImage.class, "header overHead"));
    cases.add(header("overHead-max", 64, 8, -1, CorruptImage.class, "header overHead"));
    cases.add(header("newline-mangled", 73, 2, 0x200d, CorruptImage.class, "binary mode"));
    cases.add(
        header("compressAlgorithm-1", 77, 2, 1, CorruptImage.class, "header compressAlgorithm"));
    cases.add(
        header("compressAlgorithm-2", 77, 2, 2, CorruptImage.class, "header compressAlgorithm"));
    cases.add(
        new Bad(
            "flags-compressed-not-stream",
            patch(plain().build(), 8, 4, 0x30003),
            UnsupportedFeature.class,
            "header compressAlgorithm",
            77));
    cases.add(
        header(
            "descriptor-offset-beyond", 28, 8, 1L << 40, CorruptImage.class, "descriptorOffset"));
    cases.add(
        new Bad(
            "descriptor-size-2p40",
            patch(plain().build(), 36, 8, 1L << 40),
            CorruptImage.class,
            "descriptorSize",
            28));
    cases.add(
        new Bad(
            "descriptor-size-zero",
            patch(plain().build(), 36, 8, 0),
            CorruptImage.class,
            "descriptorSize",
            28));
    cases.add(
        new Bad(
            "descriptor-on-the-header",
            patch(plain().build(), 28, 8, 0),
            CorruptImage.class,
            "descriptorOffset",
            28));
    return named(cases);
  }

  static Stream<Arguments> tables() {
    SparseImage image = plain();
    byte[] good = image.build();
    int gde = image.gdAt + 4;
    int gte = image.tableAt(0) + 4 * 3;
    var cases = new ArrayList<Bad>();
    cases.add(table("gde-beyond-eof", good, gde, 0x7fffffff, "grain table", 0x7fffffffL * 512));
    cases.add(table("gde-header", good, gde, 2, "on the descriptor", gde));
    cases.add(table("gde-directory", good, gde, image.gdAt / 512, "on the directory itself", gde));
    cases.add(table("gte-beyond-eof", good, gte, 0xfffffff0L, "past the end", gte));
    int first = image.grainAt(0) / 512;
    cases.add(table("gte-duplicate", good, gte, first, "another grain", gte));
    cases.add(table("gte-overlap", good, gte, first + 1, "another grain", gte));
    int inOther = image.tableAt(1) + 4 * (599 - 512);
    cases.add(table("gte-duplicate-2", good, inOther, first, "another grain", inOther));
    cases.add(table("gde-duplicate", good, gde, image.tableAt(0) / 512, "another grain", ANY));
    cases.add(table("gde-1", good, gde, 1, "on the descriptor", gde));
    cases.add(table("gte-last", good, gte, good.length / 512 - 15, "past the end", gte));
    cases.add(table("gte-into-descriptor", good, gte, 5, "on the descriptor", gte));
    cases.add(table("gte-into-directory", good, gte, image.gdAt / 512, "metadata", gte));
    cases.add(table("gte-into-table", good, gte, image.tableAt(0) / 512, "metadata", gte));
    // Only the overhead the header counts tells that this one is no grain's place.
    cases.add(table("gte-into-other-table", good, gte, image.tableAt(1) / 512, "metadata", gte));
    cases.add(table("gte-into-copy", good, gte, image.copyAt(0) / 512, "metadata", gte));
    cases.add(
        new Bad(
            "trunc-mid-grain",
            Arrays.copyOf(good, good.length - 512),
            CorruptImage.class,
            "past the end",
            image.tableAt(1) + 4 * (599 - 512)));
    byte[] noOverHead = patch(good.clone(), 64, 8, 0);
    cases.add(table("gte-into-table-2", noOverHead, gte, image.tableAt(0) / 512, "metadata", gte));
    return named(cases);
  }

  private static Bad table(String name, byte[] good, int at, long value, String says, long offset) {
    return new Bad(name, patch(good.clone(), at, 4, value), CorruptImage.class, says, offset);
  }

  static Stream<Arguments> streams() {
    var cases = new ArrayList<Bad>();
    for (Layout layout : List.of(Layout.STREAM_FRONT, Layout.STREAM_FOOTER)) {
      SparseImage image = stream(layout);
      byte[] good = image.build();
      int grain = image.grainAt(3);
      int gte = image.tableAt(0) + 4 * 3;
      String end = "-" + layout;
      cases.add(
          grain("stream-garbage" + end, patch(good.clone(), grain + 30, 8, -1), grain, "inflate"));
      cases.add(
          grain("stream-no-zlib" + end, patch(good.clone(), grain + 12, 2, 0), grain, "inflate"));
      cases.add(
          grain("stream-lba" + end, patch(good.clone(), grain, 8, 0), grain, "grain marker lba"));
      for (long size : List.of(0L, 0xffffffffL, 40_000L)) {
        cases.add(
            grain(
                "stream-grain-size-" + size + end,
                patch(good.clone(), grain + 8, 4, size),
                grain + 8,
                "grain marker size"));
      }
      cases.add(table("stream-beyond-eof" + end, good, gte, 0xfffffff0L, "past the end", gte));
      cases.add(table("stream-gte-header" + end, good, gte, 1, "descriptor", gte));
      cases.add(odd("stream-short-grain" + end, layout, 8191));
      cases.add(odd("stream-long-grain" + end, layout, 8193));
      cases.add(odd("stream-bomb" + end, layout, 8 << 20));
      var coarse = new SparseImage(layout, 1 << 14, 1 << 13);
      cases.add(
          new Bad(
              "stream-huge-grains" + end, coarse.build(), LimitExceeded.class, "grainSize", ANY));
      cases.add(
          new Bad(
              "stream-compressAlgorithm-2" + end,
              patch(good.clone(), 77, 2, 2),
              UnsupportedFeature.class,
              "header compressAlgorithm",
              77));
    }
    SparseImage front = stream(Layout.STREAM_FRONT);
    byte[] cut = front.build();
    cases.add(
        new Bad(
            "stream-trunc",
            Arrays.copyOf(cut, front.grainAt(599) + 20),
            CorruptImage.class,
            "grain marker size",
            front.grainAt(599) + 8));
    footers(cases);
    return named(cases);
  }

  private static void footers(List<Bad> cases) {
    SparseImage image = stream(Layout.STREAM_FOOTER);
    byte[] good = image.build();
    int at = image.footerAt;
    cases.add(footer("stream-footer-version", good, at + 4, 4, 2, "stream footer", at));
    cases.add(footer("stream-footer-descriptor", good, at + 28, 8, 2, "descriptorOffset 2", at));
    cases.add(footer("stream-footer-capacity", good, at + 12, 8, 9601, "capacity 9601", at));
    cases.add(footer("stream-footer-grain", good, at + 20, 8, 32, "grainSize 32", at));
    cases.add(footer("stream-footer-gd-at-end", good, at + 56, 8, -1, "gdOffset", at + 56));
    cases.add(footer("stream-footer-magic", good, at, 4, 0, "truncated", ANY));
    cases.add(footer("stream-footer-marker", good, at - 512 + 12, 4, 2, "footer marker", at - 512));
    cases.add(footer("stream-eos-type", good, at + 512 + 12, 4, 1, "end-of-stream", at + 512));
    cases.add(footer("stream-eos-size", good, at + 512, 8, 1, "end-of-stream", at + 512));
  }

  private static Bad footer(
      String name, byte[] good, int at, int width, long value, String says, long offset) {
    return new Bad(name, patch(good.clone(), at, width, value), CorruptImage.class, says, offset);
  }

  private static Bad grain(String name, byte[] image, long offset, String says) {
    return new Bad(name, image, CorruptImage.class, says, offset);
  }

  /** A grain in the middle whose data is another length than a grain. */
  private static Bad odd(String name, Layout layout, int length) {
    SparseImage image = stream(layout);
    image.grain(3, new byte[length]);
    return grain(
        name,
        image.build(),
        image.grainAt(3),
        length < 8192 ? length + " bytes of data" : "stream goes on behind the block");
  }

  private static Bad text(
      String name,
      String createType,
      String extents,
      Class<? extends ImageException> kind,
      String says) {
    String text = SparseImage.descriptor(createType, extents);
    long line = extents.isEmpty() ? 0 : text.indexOf(extents);
    return new Bad(name, text.getBytes(StandardCharsets.UTF_8), kind, says, line);
  }

  static Stream<Arguments> descriptors() {
    var cases = new ArrayList<Bad>();
    for (String size : List.of("-1", "nan", "0x10", "1e3", "9".repeat(20))) {
      cases.add(
          text(
              "extent-size-" + size,
              "monolithicFlat",
              "RW " + size + " FLAT \"a-flat.vmdk\" 0",
              CorruptImage.class,
              "extent line"));
    }
    for (String size : List.of("9223372036854775808", "1152921504606846976", "9".repeat(19))) {
      cases.add(
          text(
              "extent-size-" + size,
              "custom",
              "RW " + size + " ZERO",
              LimitExceeded.class,
              "sectors"));
    }
    flat(cases, "extent-size-zero", "RW 0 FLAT \"a-flat.vmdk\" 0", CorruptImage.class, "1 sector");
    flat(cases, "extent-no-offset", "RW 40 FLAT \"a-flat.vmdk\"", CorruptImage.class, "offset");
    flat(cases, "extent-no-name", "RW 40 FLAT", CorruptImage.class, "name");
    flat(cases, "extent-empty-name", "RW 40 FLAT \"\" 0", CorruptImage.class, "name");
    flat(cases, "extent-named-zero", "RW 40 ZERO \"a-flat.vmdk\"", CorruptImage.class, "ZERO");
    flat(
        cases,
        "extent-open-quote",
        "RW 40 FLAT \"a-flat.vmdk 0",
        CorruptImage.class,
        "extent line");
    flat(
        cases,
        "extent-trailing",
        "RW 40 FLAT \"a-flat.vmdk\" 0 1",
        CorruptImage.class,
        "extent line");
    flat(
        cases,
        "extent-sparse-offset",
        "RW 9600 SPARSE \"part-s001.vmdk\" 8",
        CorruptImage.class,
        "offset");
    flat(
        cases,
        "noaccess",
        "NOACCESS 40 FLAT \"a-flat.vmdk\" 0",
        UnsupportedFeature.class,
        "NOACCESS");
    flat(
        cases,
        "access-unknown",
        "WO 40 FLAT \"a-flat.vmdk\" 0",
        CorruptImage.class,
        "descriptor line");
    for (String type : List.of("FROB", "VMFSRDM", "VMFSRAW", "VSANSPARSE")) {
      flat(
          cases,
          "type-" + type,
          "RW 40 " + type + " \"a-flat.vmdk\"",
          UnsupportedFeature.class,
          type);
    }
    for (String type :
        List.of(
            "fullDevice", "partitionedDevice", "vmfsRaw", "vmfsRDM", "vsanSparse", "frobnicate")) {
      cases.add(
          new Bad(
              "createType-" + type,
              SparseImage.descriptor(type, "RW 40 FLAT \"a-flat.vmdk\" 0")
                  .getBytes(StandardCharsets.UTF_8),
              UnsupportedFeature.class,
              "descriptor createType",
              ANY));
    }
    rawText(
        cases,
        "no-createType",
        "# Disk DescriptorFile\nRW 40 FLAT \"a-flat.vmdk\" 0\n",
        CorruptImage.class,
        "createType");
    rawText(
        cases,
        "no-extents",
        SparseImage.descriptor("vmfs", ""),
        CorruptImage.class,
        "no extent line");
    rawText(
        cases,
        "not-understood",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\nwhatever\n"),
        CorruptImage.class,
        "'whatever'");
    rawText(
        cases,
        "two-parents",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\nPARENTCID=1\n"),
        CorruptImage.class,
        "one value");
    rawText(
        cases,
        "sum-overflow",
        SparseImage.descriptor("vmfs", "RW 2199023255552 ZERO\n".repeat(2)),
        LimitExceeded.class,
        "a disk of more");
    rawText(
        cases,
        "64M-line",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\n") + "#".repeat(64 << 20),
        LimitExceeded.class,
        "descriptor");
    rawText(
        cases,
        "parent-without-hint",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\n").replace("ffffffff", "0000000f"),
        UnsupportedFeature.class,
        "a delta that does not name its parent, which has the CID 0000000f");
    rawText(
        cases,
        "parent-without-cid",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\nparentFileNameHint=\"/base.vmdk\"\n"),
        CorruptImage.class,
        "'/base.vmdk', though parentCID says that there is no parent");
    for (String id : List.of("", "-1", "nan", "123456789", "0x")) {
      rawText(
          cases,
          "parent-cid-" + id,
          delta("base.vmdk").replace("parentCID=0badcafe", "parentCID=" + id),
          CorruptImage.class,
          "descriptor parentCID");
    }
    rawText(
        cases,
        "parent-cid-mismatch",
        delta("base.vmdk").replace("parentCID=0badcafe", "parentCID=0000000f"),
        CorruptImage.class,
        "descriptor parentCID at offset 0x2d: found 0000000f, but the parent ");
    rawText(
        cases,
        "parent-native-snapshot",
        delta("base.vmdk") + "isNativeSnapshot=\"yes\"\n",
        UnsupportedFeature.class,
        "a storage array's snapshot");
    rawText(
        cases,
        "encrypted",
        SparseImage.descriptor("vmfs", "RW 1 ZERO\nddb.iofilters = \"vmwarevmcrypt\"\n"),
        UnsupportedFeature.class,
        "encrypted");
    rawText(cases, "cowd", "COWD\1\0\0\0", UnsupportedFeature.class, "COWD");
    cases.add(
        new Bad(
            "seSparse",
            patch(new byte[512], 0, 8, 0xcafebabeL),
            UnsupportedFeature.class,
            "seSparse",
            0));
    SparseImage other = plain();
    other.descriptor = SparseImage.descriptor("monolithicFlat", "RW 40 FLAT \"a-flat.vmdk\" 0\n");
    cases.add(new Bad("embedded-other", other.build(), UnsupportedFeature.class, "embedded", ANY));
    return named(cases);
  }

  private static void flat(
      List<Bad> cases,
      String name,
      String line,
      Class<? extends ImageException> kind,
      String says) {
    cases.add(text(name, "monolithicFlat", line, kind, says));
  }

  private static void rawText(
      List<Bad> cases,
      String name,
      String text,
      Class<? extends ImageException> kind,
      String says) {
    cases.add(new Bad(name, text.getBytes(StandardCharsets.UTF_8), kind, says, ANY));
  }

  static Stream<Arguments> references() {
    var cases = new ArrayList<Bad>();
    for (String name :
        List.of(
            "/etc/passwd",
            "../../../../../../etc/passwd",
            "/dev/zero",
            "link.vmdk",
            "missing.vmdk",
            "sub",
            "disk.vmdk",
            "./disk.vmdk",
            "C:\\disks\\x.vmdk",
            "\\\\.\\PhysicalDrive0",
            "json:{\"driver\":\"file\"}".replace('"', '\''),
            "nbd://127.0.0.1/x",
            "http://127.0.0.1/x",
            "file:/etc/passwd")) {
      flat(cases, "extent-" + name, "RW 1 FLAT \"" + name + "\" 0", UnsafeReference.class, name);
    }
    for (String name :
        List.of(
            "disk.vmdk",
            "./disk.vmdk",
            "C:\\disks\\disk.vmdk",
            "missing.vmdk",
            "/etc/passwd",
            "../../../../../../etc/passwd",
            "/dev/zero",
            "link.vmdk",
            "sub",
            "/",
            "nbd://127.0.0.1/base.vmdk",
            "http://127.0.0.1/base.vmdk",
            "json:{}")) {
      rawText(cases, "parent-" + name, delta(name), UnsafeReference.class, name);
    }
    rawText(cases, "parent-no-vmdk", delta("a-flat.vmdk"), CorruptImage.class, "a-flat.vmdk: file");
    rawText(
        cases,
        "parent-bad",
        delta("bad.vmdk"),
        UnsafeReference.class,
        "bad.vmdk: extent of 512 (0x200) bytes of the disk");
    rawText(
        cases,
        "parent-loops",
        delta("loop.vmdk"),
        UnsafeReference.class,
        "loop.vmdk: parent at offset");
    flat(cases, "extent-nul", "RW 1 FLAT \"a\0b\" 0", CorruptImage.class, "extent line");
    rawText(
        cases,
        "longer-than-file",
        SparseImage.descriptor("vmfs", "RW 41 VMFS \"a-flat.vmdk\"\n"),
        CorruptImage.class,
        "a-flat.vmdk: extent file: found 20480 (0x5000) bytes");
    rawText(
        cases,
        "offset-beyond",
        SparseImage.descriptor("vmfs", "RW 1 FLAT \"a-flat.vmdk\" 40\n"),
        CorruptImage.class,
        "a-flat.vmdk: extent file: found 20480 (0x5000) bytes");
    rawText(
        cases,
        "offset-far-beyond",
        SparseImage.descriptor("vmfs", "RW 1 FLAT \"a-flat.vmdk\" 2199023255552\n"),
        CorruptImage.class,
        "a-flat.vmdk: extent file: found 20480 (0x5000) bytes");
    rawText(
        cases,
        "sparse-is-flat",
        SparseImage.descriptor("vmfs", "RW 40 SPARSE \"a-flat.vmdk\"\n"),
        CorruptImage.class,
        "a-flat.vmdk: sparse extent header magicNumber");
    rawText(
        cases,
        "sparse-other-capacity",
        SparseImage.descriptor("vmfs", "RW 9601 SPARSE \"part-s001.vmdk\"\n"),
        CorruptImage.class,
        "part-s001.vmdk: sparse extent header capacity");
    return named(cases);
  }

  @ParameterizedTest
  @MethodSource("goodOnes")
  void theSameImageUntouchedIsRead(Layout layout) throws IOException {
    SparseImage image = layout == Layout.PLAIN ? plain() : stream(layout);
    Path file = Files.write(folder.resolve("disk.vmdk"), image.build());
    readAll(file);
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getLong(12)).isEqualTo(CAPACITY);
  }

  static Stream<Layout> goodOnes() {
    return Stream.of(Layout.values());
  }
}
