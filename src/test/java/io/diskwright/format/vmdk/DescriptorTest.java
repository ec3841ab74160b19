package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that a text file describes. */
class DescriptorTest {

  private static final int SECTORS = 40;

  @TempDir Path folder;

  private DiskImage open(String createType, String extents) throws IOException {
    return openText(SparseImage.descriptor(createType, extents));
  }

  private DiskImage openText(String text) throws IOException {
    return Disks.open(Files.writeString(folder.resolve("disk.vmdk"), text));
  }

  /** A data file in which every byte of the n-th sector is seed + n. */
  private byte[] flat(String name, int sectors, int seed) throws IOException {
    byte[] data = new byte[sectors * 512];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (seed + i / 512);
    }
    Files.write(folder.resolve(name), data);
    return data;
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static void assertContent(DiskImage disk, byte[] expected) throws IOException {
    assertThat(disk.size()).isEqualTo(expected.length);
    assertThat(Disks.read(disk)).isEqualTo(expected);
    assertThat(Disks.walk(disk)).isEqualTo(expected);
  }

  @Test
  void aZeroExtentKeepsItsPlace() throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    byte[] b = flat("b-flat.vmdk", SECTORS, 101);
    String extents = "RW 40 FLAT \"a-flat.vmdk\" 0\nRW 2048 ZERO\nRW 40 FLAT \"b-flat.vmdk\" 0\n";
    try (DiskImage disk = open("twoGbMaxExtentFlat", extents)) {
      assertContent(disk, join(a, new byte[2048 * 512], b));
      assertThat(disk.extentAt(SECTORS * 512, 4096))
          .isEqualTo(new Extent.Zero(SECTORS * 512, 4096, true));
    }
  }

  @Test
  void aReadOnlyExtentIsReadAsAnyOther() throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    byte[] b = flat("b-flat.vmdk", SECTORS, 101);
    String extents = "RW 40 FLAT \"a-flat.vmdk\" 0\nRDONLY 40 FLAT \"b-flat.vmdk\" 0\n";
    try (DiskImage disk = open("twoGbMaxExtentFlat", extents)) {
      assertContent(disk, join(a, b));
    }
  }

  @Test
  void offsetsOfFlatExtentsAreSectorsAndOneFileMayServeTwice() throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    String extents = "RW 8 FLAT \"a-flat.vmdk\" 32\nRW 32 FLAT \"a-flat.vmdk\" 0\n";
    try (DiskImage disk = open("custom", extents)) {
      assertContent(
          disk, join(Arrays.copyOfRange(a, 32 * 512, 40 * 512), Arrays.copyOf(a, 32 * 512)));
      assertThat(disk.info().externalFiles())
          .containsExactly(new ExternalFile("extent", folder.toRealPath().resolve("a-flat.vmdk")));
      assertThat(disk.info().anomalies()).isEmpty();
    }
  }

  @Test
  void sparseFlatVmfsAndZeroExtentsMix() throws IOException {
    SparseImage sparse = new SparseImage(Layout.PLAIN, 16 * 10 + 3, 16).grain(1).grain(10);
    sparse.withDescriptor = false;
    Files.write(folder.resolve("part-s001.vmdk"), sparse.build());
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    byte[] b = flat("b-flat.vmdk", SECTORS, 101);
    String extents =
        "rw 40 vmfs \"a-flat.vmdk\"\nRW 3 ZERO\nRW 163 SPARSE \"part-s001.vmdk\"\n"
            + "\tRDONLY\t40   FLAT \"b-flat.vmdk\"\t0  \n";
    try (DiskImage disk = open("custom", extents)) {
      assertContent(disk, join(a, new byte[3 * 512], sparse.content(), b));
      assertThat(disk.info().externalFiles())
          .extracting(f -> f.path().getFileName().toString())
          .containsExactly("a-flat.vmdk", "part-s001.vmdk", "b-flat.vmdk");
      assertThat(disk.info().details())
          .containsEntry("CID", "0badcafe")
          .containsEntry("extents", "4")
          .containsEntry("adapterType", "lsilogic")
          .containsEntry("toolsVersion", "6532");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Disk DescriptorFile\r\n"
            + "version=1\r\n"
            + "createType=\"vmfs\"\r\n"
            + "RW 40 VMFS \"a-flat.vmdk\"\r\n",
        "\n\n"
            + "  # a comment\n"
            + "#DISK DESCRIPTORFILE\n"
            + "CreateType = \"VMFS\"\n"
            + "RW 40 VMFS \"a-flat.vmdk\"",
        "RW 40 VMFS \"a-flat.vmdk\" 0\ncreateType=vmfs\nversion=1\n#end",
        "\ufeff# Disk DescriptorFile\nRW 40 FLAT \"a-flat.vmdk\" 0\nCREATETYPE=\"vmfs\"\n",
        "# Disk DescriptorFile\rversion=1\rcreateType=\"vmfs\"\rRW 40 VMFS \"a-flat.vmdk\"\r",
        "# Disk DescriptorFile\ncreateType=\"vmfs\"\nparentCID=FFFFFFFF\n"
            + "RW 40 VMFS \"a-flat.vmdk\"\n\0\0\0\0"
      })
  void anyOrderCaseAndLineEnd(String text) throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    try (DiskImage disk = openText(text)) {
      assertThat(disk.info().format()).isEqualTo("vmdk");
      assertThat(disk.info().subformat()).isEqualTo("vmfs");
      assertContent(disk, a);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "some text\n",
        "# Disk\n",
        "the createType = x\n",
        "\1\ncreateType=\"vmfs\"\n",
        "createTypes=1"
      })
  void otherTextIsNotRecognised(String text) {
    assertThatThrownBy(() -> openText(text))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("no signature of an image format");
  }

  @Test
  void flatDataAloneIsNoVmdk() throws IOException {
    flat("a-flat.vmdk", SECTORS, 1);
    Path file = folder.resolve("a-flat.vmdk");
    assertThatThrownBy(() -> Disks.open(file)).isInstanceOf(AmbiguousImage.class);
    Files.move(file, folder.resolve("a-flat.img"));
    try (DiskImage disk = Disks.open(folder.resolve("a-flat.img"))) {
      assertThat(disk.info().format()).isEqualTo("raw");
    }
  }

  @Test
  void namedAsVmdkWhatIsNoneIsRefused() throws IOException {
    flat("a-flat.vmdk", SECTORS, 1);
    assertThatThrownBy(() ->
            Formats.open(
                folder.resolve("a-flat.vmdk"), Optional.of("vmdk"), ReferencePolicy.folder()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("neither a sparse extent nor a descriptor");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, UTF-8",
    "GBK, GBK",
    "gb18030, GB18030",
    "windows-936, GBK",
    "Big5, Big5",
    "Shift_JIS, Shift_JIS",
    "'', UTF-8"
  })
  void namesAreInTheDescriptorsEncoding(String encoding, String charset) throws IOException {
    String name = charset.equals("Big5") ? "許功蓋-flat.vmdk" : "表中文-flat.vmdk";
    byte[] a = flat(name, SECTORS, 1);
    String text =
        SparseImage.descriptor("monolithicFlat", "RW 40 FLAT \"" + name + "\" 0\n")
            + (encoding.isEmpty() ? "" : "encoding=\"" + encoding + "\"\n");
    Path file = folder.resolve("disk.vmdk");
    Files.write(file, text.getBytes(Charset.forName(charset)));
    try (DiskImage disk = Disks.open(file)) {
      assertContent(disk, a);
    }
  }

  @Test
  void anEncodingThatIsNotKnownOrNotKeptIsRefusedOnlyWhereItMatters() throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    String ascii =
        SparseImage.descriptor("monolithicFlat", "RW 40 FLAT \"a-flat.vmdk\" 0\n")
            + "encoding=\"klingon-1\"\n";
    try (DiskImage disk = openText(ascii)) {
      assertContent(disk, a);
    }
    assertThatThrownBy(() -> openText(ascii.replace("a-flat", "ä-flat")))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("descriptor encoding")
        .hasMessageContaining("klingon-1");
    byte[] latin =
        ascii
            .replace("a-flat", "ä-flat")
            .replace("klingon-1", "UTF-8")
            .getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("disk.vmdk"), latin);
    assertThatThrownBy(() -> Disks.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("not in UTF-8");
  }

  @Test
  void aNameInAnotherCaseIsFoundWhenItIsTheOnlyOne() throws IOException {
    byte[] a = flat("Disk-FLAT.vmdk", SECTORS, 1);
    String extents = "RW 40 FLAT \"disk-flat.VMDK\" 0\n";
    try (DiskImage disk = open("monolithicFlat", extents)) {
      assertContent(disk, a);
    }
    flat("disk-flat.vmdk", SECTORS, 50);
    assertThatThrownBy(() -> open("monolithicFlat", extents))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("disk-flat.VMDK");
    byte[] exact = flat("disk-flat.VMDK", SECTORS, 90);
    try (DiskImage disk = open("monolithicFlat", extents)) {
      assertContent(disk, exact);
    }
  }

  @Test
  void anotherCaseIsNoWayAroundThePolicy() throws IOException {
    flat("DISK-flat.vmdk", SECTORS, 1);
    Path file =
        Files.writeString(
            folder.resolve("disk.vmdk"),
            SparseImage.descriptor("monolithicFlat", "RW 40 FLAT \"disk-flat.vmdk\" 0\n"));
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("--external");
  }

  @Test
  void aMissingExtentIsNamedWithItsSize() throws IOException {
    flat("a-flat.vmdk", SECTORS, 1);
    String extents = "RW 40 FLAT \"a-flat.vmdk\" 0\nRW 50 FLAT \"b-flat.vmdk\" 0\n";
    assertThatThrownBy(() -> open("twoGbMaxExtentFlat", extents))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("extent of 25600 (0x6400) bytes")
        .hasMessageContaining("'b-flat.vmdk', which is not there");
  }

  @Test
  void aMissingExtentThatLiesElsewhereIsPointedOut() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other")).toRealPath();
    flat("other/B-flat.vmdk", SECTORS, 1);
    Path images = Files.createDirectory(folder.resolve("images"));
    Path file =
        Files.writeString(
            images.resolve("disk.vmdk"),
            SparseImage.descriptor("monolithicFlat", "RW 40 FLAT \"b-flat.vmdk\" 0\n"));
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.alsoUnder(other)))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("'b-flat.vmdk', which is not there")
        .hasMessageContaining("a file of that name is '" + other.resolve("B-flat.vmdk") + "'");
    flat("images/c-flat.vmdk", SECTORS, 1);
    for (String name : new String[] {"C:\\vm\\c-flat.vmdk", "/vm/C-flat.vmdk", "sub/c-flat.vmdk"}) {
      Files.writeString(file, SparseImage.descriptor("vmfs", "RW 40 VMFS \"" + name + "\"\n"));
      assertThatThrownBy(() -> Disks.open(file))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("a file of that name is 'c-flat.vmdk'");
    }
  }

  @Test
  void aFlatFileLongerThanUsedIsReported() throws IOException {
    byte[] a = flat("a-flat.vmdk", SECTORS, 1);
    try (DiskImage disk = open("monolithicFlat", "RW 30 FLAT \"a-flat.vmdk\" 0\n")) {
      assertContent(disk, Arrays.copyOf(a, 30 * 512));
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.SIZES_DISAGREE, Anomaly::kind);
    }
  }

  @Test
  void anomaliesOfSeparateExtentsNameTheirFile() throws IOException {
    SparseImage sparse = new SparseImage(Layout.PLAIN, 160, 16).grain(1);
    sparse.unclean = true;
    Files.write(folder.resolve("part.vmdk"), sparse.build());
    try (DiskImage disk = open("custom", "RW 160 SPARSE \"part.vmdk\"\n")) {
      assertThat(disk.info().anomalies().getFirst().structure()).contains("part.vmdk");
    }
  }

  @Test
  void aHundredThousandExtentsAreTooMany() throws IOException {
    assertThatThrownBy(() -> open("custom", "RW 1 ZERO\n".repeat(100_000)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("65536");
    try (DiskImage disk = open("custom", "RW 1 ZERO\n".repeat(65_536))) {
      assertThat(disk.size()).isEqualTo(65_536 * 512);
      assertThat(Disks.extents(disk)).hasSize(1);
    }
  }
}
