package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.archive.Archives.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OvaTest {

  private static final Path OVA = Path.of("vm.ova");
  private static final byte[] DISK = disk(6000);
  private static final String OVF = TestOvf.of("disk.vmdk");

  private static byte[] read(Way way, byte[] ova, OptionalInt disk) throws IOException {
    return way.read(ova, OVA, OpenOptions.defaults().withDisk(disk));
  }

  private static byte[] read(Way way, byte[] ova) throws IOException {
    return read(way, ova, OptionalInt.empty());
  }

  private static void refused(
      Way way, byte[] ova, Class<? extends ImageException> kind, String... words) {
    assertThatThrownBy(() -> read(way, ova)).isInstanceOf(kind).satisfies(Archives.says(words));
  }

  private static byte[] ova(String ovf) {
    return new TestTar().file("vm.ovf", ovf).file("disk.vmdk", DISK).end();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theDescriptorNamesTheDisk(Way way) throws Exception {
    byte[] ova =
        new TestTar()
            .file("vm.ovf", OVF)
            .file("other.vmdk", disk(10))
            .file("disk.vmdk", DISK)
            .file("vm.nvram", disk(20))
            .end();
    try (Content content = way.open(ova, OVA, OpenOptions.defaults())) {
      assertThat(Archives.all(content)).isEqualTo(DISK);
      assertThat(content.path()).isEqualTo(OVA.resolve("disk.vmdk"));
      assertThat(content.wrapping().layers()).containsExactly("OVA");
      assertThat(content.wrapping().capacity()).hasValue(8192);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void disksAreNumberedAsTheDiskSectionHasThem(Way way) throws Exception {
    String ovf =
        new TestOvf()
            .file("ovf:id='f1' ovf:href='one.vmdk'")
            .file("ovf:id='iso' ovf:href='cd.iso'")
            .file("ovf:id='f2' ovf:href='two.vmdk'")
            .disk(
                "ovf:diskId='d2' ovf:fileRef='f2' ovf:capacity='3'"
                    + " ovf:capacityAllocationUnits='byte * 2^30'")
            .disk("ovf:diskId='new' ovf:capacity='10' ovf:capacityAllocationUnits='MegaBytes'")
            .disk("ovf:diskId='d1' ovf:fileRef='f1' ovf:capacity='512'")
            .text();
    byte[] ova =
        new TestTar().file("vm.ovf", ovf).file("one.vmdk", disk(1)).file("two.vmdk", disk(2)).end();
    assertThat(read(way, ova, OptionalInt.of(1))).isEqualTo(disk(2));
    assertThat(read(way, ova, OptionalInt.of(3))).isEqualTo(disk(1));
    refused(
        way,
        ova,
        AmbiguousImage.class,
        "a[vm.ovf]: OVF DiskSection: found 3 disks",
        "1: 'd2' (3221225472 (0xc0000000) bytes)",
        "2: 'new' (10485760 (0xa00000) bytes, empty)",
        "3: 'd1' (512 (0x200) bytes)",
        "--disk N");
    for (int bad : new int[] {2, 4}) {
      assertThatThrownBy(() -> read(way, ova, OptionalInt.of(bad)))
          .isInstanceOf(AmbiguousImage.class)
          .hasMessageContaining("disk " + bad);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anEmptyDiskBesideTheOnlyStoredOneIsNoChoice(Way way) throws Exception {
    String ovf =
        new TestOvf()
            .disk("ovf:diskId='new' ovf:capacity='10'")
            .file("ovf:id='f1' ovf:href='disk.vmdk'")
            .disk("ovf:diskId='d1' ovf:fileRef='f1' ovf:capacity='${size}'")
            .text();
    try (Content content = way.open(ova(ovf), OVA, OpenOptions.defaults())) {
      assertThat(Archives.all(content)).isEqualTo(DISK);
      assertThat(content.wrapping().capacity()).isEmpty();
    }
  }

  @Test
  void version09NamesItsSectionsByType() throws Exception {
    String ovf =
        """
        <ovf:Envelope xmlns:ovf="http://www.vmware.com/schema/ovf/1/envelope"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <ovf:References><ovf:File ovf:id="a" ovf:href="disk.vmdk" ovf:size="6000"/></ovf:References>
          <ovf:Section xsi:type="ovf:DiskSection_Type">
            <ovf:Disk ovf:diskId="d" ovf:fileRef="a" ovf:capacity="8192"/>
          </ovf:Section>
        </ovf:Envelope>
        """;
    for (Way way : Way.values()) {
      assertThat(read(way, ova(ovf))).isEqualTo(DISK);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "disk%201.vmdk,disk 1.vmdk",
    "%c3%a4.vmdk,ä.vmdk",
    "a%zz.vmdk,a%zz.vmdk",
    "100%.vmdk,100%.vmdk",
    "disk%201.vmdk,disk%201.vmdk",
    "ä+.vmdk,ä+.vmdk"
  })
  void namesAreFoundWithAndWithoutPercentEncoding(String href, String name) throws Exception {
    byte[] ova =
        new TestTar()
            .file("d/vm.ovf", TestOvf.of(href))
            .file("d/" + name, DISK)
            .file("x", "x")
            .end();
    for (Way way : Way.values()) {
      assertThat(read(way, ova)).isEqualTo(DISK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/disk.vmdk",
        "../disk.vmdk",
        "..",
        ".",
        "",
        "x/disk.vmdk",
        "..%2fdisk.vmdk",
        "%2e%2e",
        "%2Fetc%2Fpasswd",
        "x\\disk.vmdk",
        "http://localhost/disk.vmdk",
        "file:disk.vmdk",
        "file:///etc/passwd",
        "disk%00.vmdk"
      })
  void whatIsNoPlainNameIsRefused(String href) {
    for (Way way : Way.values()) {
      refused(way, ova(TestOvf.of(href)), UnsafeReference.class, "OVF File href", "plain name");
    }
  }

  @Test
  void aNameOfMebibytesIsRefused() {
    for (Way way : Way.values()) {
      refused(way, ova(TestOvf.of("x".repeat(15 << 20))), UnsafeReference.class, "OVF File href");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aMissingFileIsNamed(Way way) {
    refused(
        way,
        ova(TestOvf.of("other.vmdk")),
        CorruptImage.class,
        "'other.vmdk', which is not in the archive",
        "'vm.ovf', 'disk.vmdk'");
    refused(way, ova(TestOvf.of("Disk.vmdk")), CorruptImage.class, "'Disk.vmdk'", "'disk.vmdk' is");
    refused(
        way,
        new TestTar().file("vm.ovf", OVF).file("x/disk.vmdk", DISK).end(),
        CorruptImage.class,
        "not in the archive");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aNameThatMeansTwoMembersIsRefused(Way way) {
    refused(
        way,
        new TestTar()
            .file("vm.ovf", TestOvf.of("a%20b"))
            .file("a b", DISK)
            .file("a%20b", DISK)
            .end(),
        AmbiguousImage.class,
        "may mean");
    refused(
        way,
        new TestTar().file("vm.ovf", OVF).file("disk.vmdk", DISK).file("disk.vmdk", disk(1)).end(),
        AmbiguousImage.class,
        "2 members named 'disk.vmdk'");
    refused(
        way,
        new TestTar().file("vm.ovf", OVF).file("disk.vmdk", DISK).file("b.ovf", OVF).end(),
        AmbiguousImage.class,
        "several OVF descriptors");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aDiskThatIsNoFileIsRefusedByItsKind(Way way) {
    var kinds =
        List.of(
            "1hard link",
            "2symbolic link",
            "3device",
            "4device",
            "5directory",
            "6device",
            "Zmember of an");
    for (String kind : kinds) {
      refused(
          way,
          new TestTar().file("vm.ovf", OVF).member("disk.vmdk", kind.charAt(0), new byte[0]).end(),
          UnsupportedFeature.class,
          "'disk.vmdk'",
          kind.substring(1));
    }
    // Links to a real file in the archive are no better.
    refused(
        way,
        new TestTar()
            .file("vm.ovf", OVF)
            .file("real.vmdk", DISK)
            .member("disk.vmdk", '2', new byte[0], h -> TestTar.put(h, 157, "real.vmdk"))
            .end(),
        UnsupportedFeature.class,
        "symbolic link");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anOvaHasADescriptorAndDisks(Way way) {
    refused(
        way,
        new TestTar().file("disk.vmdk", DISK).end(),
        CorruptImage.class,
        "no OVF descriptor among 'disk.vmdk'");
    refused(way, ova(new TestOvf().text()), CorruptImage.class, "found no disk");
    refused(
        way,
        ova(new TestOvf().disk("ovf:diskId='d' ovf:capacity='5'").text()),
        CorruptImage.class,
        "1: 'd' (5 bytes, empty)");
    refused(
        way,
        ova(new TestOvf().disk("ovf:diskId='d' ovf:fileRef='x' ovf:capacity='5'").text()),
        CorruptImage.class,
        "'x', the id of 0 files");
    refused(
        way,
        ova(
            new TestOvf()
                .file("ovf:id='f1' ovf:href='disk.vmdk'")
                .disk("ovf:diskId='d1' ovf:fileRef='f1' ovf:parentRef='d0' ovf:capacity='8192'")
                .text()),
        UnsupportedFeature.class,
        "parentRef",
        "'d0'");
  }

  @Test
  void readOnceTheDescriptorMustComeBeforeTheDisk() throws Exception {
    byte[] ova = new TestTar().file("disk.vmdk", DISK).file("vm.ovf", OVF).end();
    assertThat(read(Way.RANDOM, ova)).isEqualTo(DISK);
    refused(Way.FORWARD, ova, UnsupportedFeature.class, "before it", "Save the archive");
    assertThatThrownBy(() -> Way.FORWARD.read(ova, Archives.TAR, OpenOptions.defaults()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("behind the disk");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void statedSizesMustFit(Way way) throws Exception {
    assertThat(read(way, ova(sized("6000")))).isEqualTo(DISK);
    refused(way, ova(sized("6001")), CorruptImage.class, "6000 (0x1770) bytes", "6001 (0x1771)");
    refused(way, ova(sized("-1")), CorruptImage.class, "OVF File size");
    refused(way, ova(sized("99999999999999999999")), CorruptImage.class, "OVF File size");
  }

  private static String sized(String size) {
    return new TestOvf()
        .file("ovf:id='f' ovf:href='disk.vmdk' ovf:size='" + size + "'")
        .disk("ovf:diskId='d' ovf:fileRef='f' ovf:capacity='8192'")
        .text();
  }

  private static String chunked(int chunk, int size) {
    return new TestOvf()
        .file(
            "ovf:id='f' ovf:href='disk.vmdk' ovf:size='" + size + "' ovf:chunkSize='" + chunk + "'")
        .disk("ovf:diskId='d' ovf:fileRef='f' ovf:capacity='8192'")
        .text();
  }

  private static byte[] part(int from, int to) {
    return Arrays.copyOfRange(DISK, from, to);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void chunksAreOneDisk(Way way) throws Exception {
    byte[] ova =
        new TestTar()
            .file("vm.ovf", chunked(2500, 6000))
            .file("disk.vmdk.000000000", part(0, 2500))
            .file("disk.vmdk.000000001", part(2500, 5000))
            .file("disk.vmdk.000000002", part(5000, 6000))
            .file("vm.mf", TestOvf.line("SHA1", "disk.vmdk.000000001", part(2500, 5000)))
            .end();
    try (Content content = way.open(ova, OVA, OpenOptions.defaults())) {
      assertThat(Archives.all(content)).isEqualTo(DISK);
      assertThat(content.path()).isEqualTo(OVA.resolve("disk.vmdk"));
    }
    byte[] changed =
        new TestTar()
            .file("vm.ovf", chunked(2500, 6000))
            .file("disk.vmdk.000000000", part(0, 2500))
            .file("disk.vmdk.000000001", part(2501, 5001))
            .file("disk.vmdk.000000002", part(5000, 6000))
            .file("vm.mf", TestOvf.line("SHA1", "disk.vmdk.000000001", part(2500, 5000)))
            .end();
    refused(way, changed, CorruptImage.class, "disk.vmdk.000000001]", "SHA-1");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void chunksWithGapsOrOfWrongSizesAreRefused(Way way) {
    var first = new TestTar().file("vm.ovf", chunked(2500, 6000));
    first.file("disk.vmdk.000000000", part(0, 2500));
    refused(
        way,
        first.file("disk.vmdk.000000002", part(5000, 6000)).end(),
        CorruptImage.class,
        "000001");
    refused(
        way,
        new TestTar()
            .file("vm.ovf", chunked(2500, 6000))
            .file("disk.vmdk.000000000", part(0, 2500))
            .file("disk.vmdk.000000001", part(2500, 5000))
            .end(),
        CorruptImage.class,
        "5000 (0x1388) bytes");
    refused(
        way,
        new TestTar()
            .file("vm.ovf", chunked(2500, 6000))
            .file("disk.vmdk.000000000", part(0, 3000))
            .file("disk.vmdk.000000001", part(3000, 6000))
            .end(),
        CorruptImage.class,
        "chunkSize");
  }

  @Test
  void chunksOutOfOrderAreNotReadOnce() throws Exception {
    byte[] ova =
        new TestTar()
            .file("vm.ovf", chunked(4000, 6000))
            .file("disk.vmdk.000000001", part(4000, 6000))
            .file("disk.vmdk.000000000", part(0, 4000))
            .end();
    assertThat(read(Way.RANDOM, ova)).isEqualTo(DISK);
    refused(Way.FORWARD, ova, AmbiguousImage.class, "Save the archive");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void packedDisksComeAsTheyAre(Way way) throws Exception {
    byte[] packed = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    byte[] ova =
        new TestTar()
            .file(
                "vm.ovf",
                new TestOvf()
                    .file("ovf:id='f' ovf:href='disk.vmdk.gz' ovf:compression='gzip' ovf:size='10'")
                    .disk("ovf:diskId='d' ovf:fileRef='f' ovf:capacity='8192'")
                    .text())
            .file("disk.vmdk.gz", packed)
            .end();
    try (Content content = way.open(ova, OVA, OpenOptions.defaults())) {
      assertThat(Archives.all(content)).isEqualTo(packed);
      assertThat(content.path()).isEqualTo(OVA.resolve("disk.vmdk.gz"));
    }
    refused(
        way,
        ova(
            new TestOvf()
                .file("ovf:id='f' ovf:href='disk.vmdk' ovf:compression='rot13'")
                .disk("ovf:diskId='d' ovf:fileRef='f' ovf:capacity='8192'")
                .text()),
        UnsupportedFeature.class,
        "'rot13'");
  }
}
