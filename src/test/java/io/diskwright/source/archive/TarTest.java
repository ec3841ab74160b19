package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import io.diskwright.source.archive.Archives.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TarTest {

  private static final byte[] DISK = disk(5000);

  private static void refused(
      Way way, byte[] tar, Class<? extends ImageException> kind, String... words) {
    assertThatThrownBy(() -> way.read(tar)).isInstanceOf(kind).satisfies(Archives.says(words));
  }

  private static void isRead(byte[] tar) throws IOException {
    for (Way way : Way.values()) {
      assertThat(way.read(tar)).isEqualTo(DISK);
    }
  }

  private static boolean recognised(byte[] head) {
    return ArchiveFormat.of(
            new ByteView(ByteBuffer.wrap(head), ByteOrder.BIG_ENDIAN, "a", "head", 0))
        .isPresent();
  }

  @Test
  void archivesAreRecognisedByContent() {
    byte[] tar = new TestTar().file("a.raw", DISK).end();
    assertThat(recognised(tar)).isTrue();
    byte[] old =
        new TestTar().member("a.raw", '\0', DISK, h -> Arrays.fill(h, 257, 300, (byte) 0)).end();
    assertThat(recognised(old)).isTrue();
    old[3]++;
    assertThat(recognised(old)).isFalse();
    assertThat(recognised(new byte[10240])).isFalse();
    assertThat(recognised(disk(10240))).isFalse();
    assertThat(recognised(Arrays.copyOf(old, 300))).isFalse();
    assertThat(recognised("PK\3\4".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(recognised("PK\5\6".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(recognised(new byte[0])).isFalse();
  }

  @Test
  void theOnlyFileIsTheDiskWhateverItsName() throws Exception {
    byte[] tar = new TestTar().member("d/", '5', new byte[0]).file("./d/some disk", DISK).end();
    assertThat(Way.RANDOM.read(tar)).isEqualTo(DISK);
    refused(Way.FORWARD, tar, UnsupportedFeature.class, "'d/some disk'", "Save the archive");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theOnlyDiskAmongFilesIsTheDisk(Way way) throws Exception {
    byte[] tar =
        new TestTar()
            .file("README", "text")
            .file("x/._disk.qcow2", "what macOS adds")
            .file("x/disk.qcow2.gz", DISK)
            .file("sum.txt", "text")
            .end();
    try (Content content = way.open(tar, Archives.TAR, OpenOptions.defaults())) {
      assertThat(Archives.all(content)).isEqualTo(DISK);
      assertThat(content.path()).isEqualTo(Archives.TAR.resolve("disk.qcow2.gz"));
      assertThat(content.wrapping().layers()).containsExactly("tar");
      assertThat(content.wrapping().capacity()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void oneOfSeveralDisksIsChosenByNumber(Way way) throws Exception {
    byte[] tar = new TestTar().file("b.vhd", disk(10)).file("a.raw", DISK).file("t", "t").end();
    var options = OpenOptions.defaults();
    assertThat(way.read(tar, Archives.TAR, options.withDisk(OptionalInt.of(1))))
        .isEqualTo(disk(10));
    assertThat(way.read(tar, Archives.TAR, options.withDisk(OptionalInt.of(2)))).isEqualTo(DISK);
    refused(
        way, tar, AmbiguousImage.class, "1: 'b.vhd' (10 (0xa) bytes)", "2: 'a.raw'", "--disk N");
    assertThatThrownBy(() -> way.read(tar, Archives.TAR, options.withDisk(OptionalInt.of(3))))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("no disk 3");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void withoutADiskTheArchiveIsListed(Way way) {
    refused(
        way,
        new TestTar().file("a", "a").file("b\n", "b").member("c.raw", '2', new byte[0]).end(),
        CorruptImage.class,
        "no disk among 'a', 'b\\x0a', 'c.raw' (symbolic link)");
    refused(
        way,
        new TestTar().file("README", "a").member("c.raw", '2', new byte[0]).end(),
        CorruptImage.class,
        "no disk among 'README', 'c.raw' (symbolic link)");
    refused(way, new TestTar().pax('g', "comment=x").end(), CorruptImage.class, "among nothing");
  }

  @Test
  void extentsThatADescriptorNamesAreNoDisksOfTheirOwn() throws Exception {
    byte[] text =
        ("# Disk DescriptorFile\n"
                + "createType=\"twoGbMaxExtentSparse\"\n"
                + "RW 10 SPARSE \"d-s001.vmdk\"\n"
                + "RW 10 SPARSE \"d-s002.vmdk\"\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tar =
        new TestTar()
            .file("vm/d-s001.vmdk", DISK)
            .file("vm/d-s002.vmdk", DISK)
            .file("vm/d.vmdk", text)
            .file("d-s001.vmdk.txt", DISK)
            .end();
    try (Content content = Way.RANDOM.open(tar, Archives.TAR, OpenOptions.defaults())) {
      assertThat(content.path()).hasFileName("d.vmdk");
      assertThat(content.surroundings().names(content.path()))
          .containsExactly("d-s001.vmdk", "d-s002.vmdk", "d.vmdk");
      var extent = content.surroundings().open(content.path(), "extent", "d-s002.vmdk", 0);
      assertThat(Archives.all(extent.source())).isEqualTo(DISK);
      assertThat(extent.path()).isEqualTo(Archives.TAR.resolve("d-s002.vmdk"));
    }
    // Read once, the first file that looks like a disk turns out not to be it, if late.
    refused(Way.FORWARD, tar, AmbiguousImage.class, "'vm/d.vmdk' is the disk", "Save the archive");
  }

  @Test
  void aDescriptorOfBlanksTakesNoTime() throws Exception {
    for (String blank : new String[] {"\n", " ", "RW 1 ", "RW\t"}) {
      String text = "# Disk DescriptorFile createType" + blank.repeat(1_000_000 / blank.length());
      byte[] tar = new TestTar().file("a.vmdk", text).file("b.raw", DISK).end();
      var second = OpenOptions.defaults().withDisk(OptionalInt.of(2));
      assertThat(Way.RANDOM.read(tar, Archives.TAR, second)).isEqualTo(DISK);
    }
  }

  @Test
  void nothingOutsideOfTheArchiveIsANeighbour() throws Exception {
    byte[] tar = new TestTar().file("v/a.raw", DISK).file("b", "b").file("v/c", "c").end();
    try (Content content = Way.RANDOM.open(tar, Archives.TAR, OpenOptions.defaults())) {
      for (String name :
          new String[] {"/etc/passwd", "../b", "b", "v/c", "./c", "", "nbd:x", "\0"}) {
        assertThatThrownBy(() -> content.surroundings().open(content.path(), "backing", name, 8))
            .isInstanceOf(UnsafeReference.class)
            .hasMessageContaining("backing at offset 0x8");
      }
      content.surroundings().open(content.path(), "backing", "c", 8).source().close();
    }
    var denying = OpenOptions.defaults().withReferences(ReferencePolicy.deny());
    try (Content content = Way.RANDOM.open(tar, Archives.TAR, denying)) {
      assertThat(content.surroundings().names(content.path())).isEmpty();
      assertThatThrownBy(() -> content.surroundings().open(content.path(), "backing", "c", 8))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("--external deny");
    }
    try (Content content = Way.FORWARD.open(tar, Archives.TAR, OpenOptions.defaults())) {
      assertThat(content.surroundings().names(content.path())).isEmpty();
      assertThatThrownBy(() -> content.surroundings().open(content.path(), "backing", "c", 8))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("Save the archive");
    }
  }

  @Test
  void namesAndSizesComeFromWhereverTheyStand() throws Exception {
    String longName = "n".repeat(90) + "/" + "m".repeat(90) + ".raw";
    isRead(new TestTar().file("t", "t").pax('x', "path=" + longName).file("x", DISK).end());
    byte[] gnuName = (longName + "\0").getBytes(StandardCharsets.UTF_8);
    isRead(
        new TestTar().file("t", "t").member("././@LongLink", 'L', gnuName).file("x", DISK).end());
    isRead(
        new TestTar()
            .file("t", "t")
            .member("disk.raw", '0', DISK, h -> TestTar.put(h, 345, "some/prefix"))
            .end());
    isRead(
        new TestTar()
            .file("t", "t")
            .pax('x', "size=5000")
            .header("disk.raw", '0', 0, h -> {})
            .data(DISK)
            .end());
    isRead(
        new TestTar()
            .file("t", "t")
            .member("disk.raw", '0', DISK, h -> TestTar.put256(h, 124, 12, 5000))
            .end());
    isRead(
        new TestTar()
            .file("t", "t")
            .member("disk.raw", '\0', DISK, h -> Arrays.fill(h, 257, 512, (byte) 0))
            .end());
  }

  @Test
  void oneBlockOfZerosAtTheEndIsAnEnd() throws Exception {
    byte[] open = new TestTar().file("a.raw", DISK).open();
    isRead(Arrays.copyOf(open, open.length + 512));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aTruncatedArchiveIsRefusedWhereverItEnds(Way way) {
    byte[] tar = new TestTar().file("t", "t").file("a.raw", DISK).file("u", "u").open();
    for (int end = 600;
        end <= tar.length;
        end += end % 512 == 0 ? 1 : 511 - end % 512 + (end % 512 == 511 ? 1 : 0)) {
      byte[] cut = Arrays.copyOf(tar, end);
      refused(way, cut, CorruptImage.class);
    }
    byte[] garbage = new TestTar().file("a.raw", DISK).data(new byte[512]).data(disk(512)).end();
    refused(way, garbage, CorruptImage.class, "a single block of zeros");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void damagedHeadersAreRefused(Way way) {
    byte[] tar = new TestTar().file("a.raw", DISK).end();
    tar[0]++;
    refused(way, tar, CorruptImage.class, "tar header chksum at offset 0x94");
    size(way, h -> TestTar.put(h, 124, "00000x11610\0"), CorruptImage.class, "'00000x11610'");
    size(way, h -> TestTar.put(h, 124, "77777777777\0"), CorruptImage.class);
    size(way, h -> TestTar.put256(h, 124, 12, -5000), CorruptImage.class, "negative");
    size(way, h -> TestTar.put256(h, 124, 12, Long.MAX_VALUE), LimitExceeded.class);
    size(way, h -> TestTar.put256(h, 124, 12, 1L << 50), CorruptImage.class);
    size(
        way,
        h -> {
          TestTar.put256(h, 124, 12, 5000);
          h[127] = 1;
        },
        CorruptImage.class,
        "2^63");
  }

  private static void size(
      Way way, Consumer<byte[]> change, Class<? extends ImageException> kind, String... words) {
    refused(way, new TestTar().member("a.raw", '0', DISK, change).end(), kind, words);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void hostileExtensionsAreRefused(Way way) {
    refused(
        way,
        new TestTar().header("././@LongLink", 'L', 1L << 31, h -> {}).file("a.raw", DISK).end(),
        LimitExceeded.class,
        "bytes of extension");
    refused(
        way,
        new TestTar().pax('x', "size=18446744073709551615").file("a.raw", DISK).end(),
        CorruptImage.class,
        "2^63 - 1");
    refused(
        way,
        new TestTar().pax('x', "size=9223372036854775807").file("a.raw", DISK).end(),
        LimitExceeded.class);
    for (String bad :
        new String[] {
          "x",
          "99 a=b\n",
          "-6 a=b\n",
          "6 a:b\n",
          "5 =b\n",
          "5 a=b\n",
          "7 a=b\n",
          "99999999999 a=b\n"
        }) {
      refused(
          way,
          new TestTar()
              .member("pax", 'x', bad.getBytes(StandardCharsets.UTF_8))
              .file("a.raw", DISK)
              .end(),
          CorruptImage.class);
    }
    refused(
        way,
        new TestTar().pax('g', "size=5000").file("a.raw", DISK).end(),
        UnsupportedFeature.class,
        "for all members");
    refused(
        way,
        new TestTar().file("a.raw", DISK).pax('x', "path=b").end(),
        CorruptImage.class,
        "announced");
    var many = new TestTar();
    for (int i = 0; i < 20; i++) {
      many.pax('x', "comment=x");
    }
    refused(way, many.file("a.raw", DISK).end(), LimitExceeded.class, "extensions");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void namesThatLeadElsewhereAreRefused(Way way) {
    for (String name :
        new String[] {"../a.raw", "x/../a.raw", "/a.raw", "C:a.raw", "x\\..\\a.raw"}) {
      refused(way, new TestTar().file(name, DISK).end(), UnsafeReference.class, "member name");
    }
    refused(
        way,
        new TestTar().file("a.raw", DISK).file("./a.raw", DISK).end(),
        AmbiguousImage.class,
        "2 disks");
    byte[] twice = new TestTar().file("a.raw", DISK).file("a.raw", DISK).end();
    assertThatThrownBy(
            () -> way.read(twice, Archives.TAR, OpenOptions.defaults().withDisk(OptionalInt.of(1))))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("2 members named 'a.raw'");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void dataOfWhatIsNoFileIsRefused(Way way) {
    for (char type : new char[] {'1', '2', '3', '4', '5', '6'}) {
      refused(
          way,
          new TestTar().member("x", type, new byte[512]).file("a.raw", DISK).end(),
          UnsupportedFeature.class,
          "with data");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anArchiveOfMoreMembersThanAnybodyPacksIsRefused(Way way) {
    var tar = new TestTar();
    for (int i = 0; i <= 100_000; i++) {
      tar.header("f" + i, '0', 0, h -> {});
    }
    refused(way, tar.file("a.raw", DISK).end(), LimitExceeded.class, "100000");
  }

  @Test
  void theArchiveIsClosedWithTheContentAndOnFailure() throws Exception {
    byte[] good = new TestTar().file("a.raw", DISK).end();
    byte[] bad = new TestTar().file("a", DISK).file("b", DISK).end();
    var options = OpenOptions.defaults();
    var source = new Archives.Watched(good);
    Content whole = ArchiveFormat.TAR.open(source, Archives.TAR, options);
    assertThat(source.closed).isFalse();
    whole.bytes().close();
    assertThat(source.closed).isTrue();
    var stream = new Archives.WatchedStream(good);
    ArchiveFormat.TAR.openForward(new ForwardSource("a", stream), Archives.TAR, options).close();
    assertThat(stream.closed).isTrue();

    var badSource = new Archives.Watched(bad);
    assertThatThrownBy(() -> ArchiveFormat.TAR.open(badSource, Archives.TAR, options))
        .isInstanceOf(CorruptImage.class);
    assertThat(badSource.closed).isTrue();
    var badStream = new Archives.WatchedStream(bad);
    assertThatThrownBy(() ->
            ArchiveFormat.TAR.openForward(new ForwardSource("a", badStream), Archives.TAR, options))
        .isInstanceOf(CorruptImage.class);
    assertThat(badStream.closed).isTrue();
  }

  @Test
  void aNameThatIsNoFileNameIsMadeOne() throws Exception {
    for (String name : new String[] {"ab:c*.raw", "a\u0001.raw "}) {
      byte[] tar = new TestTar().file(name, DISK).end();
      try (Content content = Way.RANDOM.open(tar, Path.of("x.tar"), OpenOptions.defaults())) {
        assertThat(content.path().toString()).matches("x.tar.a(b_c)?_\\.raw");
      }
    }
  }

  @Test
  void anEmptySourceIsNoArchive() {
    assertThatThrownBy(() ->
            ArchiveFormat.TAR.open(
                new MemorySource("a", new byte[0]), Archives.TAR, OpenOptions.defaults()))
        .isInstanceOf(CorruptImage.class);
  }
}
