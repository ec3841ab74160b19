package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.vhd.VhdFooter;
import io.diskwright.vhd.VhdGeometry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules about VHDs, on files of a few MiB that are patched field by field. */
final class VhdRulesTest {

  private static final int SIZE = 4 << 20;
  private static final int BLOCK = 2 << 20;
  private static final int HEADER = 512;
  private static final int TABLE = 1536;
  private static final int FIRST_BLOCK = 2048;
  private static final int DYNAMIC_FOOTER = FIRST_BLOCK + 512 + BLOCK;

  @TempDir private Path folder;
  private ByteBuffer fixed = ByteBuffer.allocate(0);
  private ByteBuffer dynamic = ByteBuffer.allocate(0);

  @BeforeEach
  void build() {
    byte[] footer = VhdFooter.fixed(SIZE, new UUID(1, 2), Instant.EPOCH).encode();
    fixed = ByteBuffer.allocate(SIZE + 512).put(SIZE, footer);
    dynamic = ByteBuffer.allocate(DYNAMIC_FOOTER + 512);
    dynamic.put(HEADER, "cxsparse".getBytes(StandardCharsets.US_ASCII));
    dynamic.putLong(HEADER + 8, -1).putLong(HEADER + 16, TABLE).putInt(HEADER + 24, 0x10000);
    dynamic.putInt(HEADER + 28, SIZE / BLOCK).putInt(HEADER + 32, BLOCK);
    dynamic.putInt(TABLE, FIRST_BLOCK / 512).putInt(TABLE + 4, -1);
    checksum(dynamic, HEADER, 1024, 36);
    for (int at : new int[] {0, DYNAMIC_FOOTER}) {
      dynamic.put(at, footer).putLong(at + 16, HEADER).putInt(at + 60, 3);
      checksum(dynamic, at, 512, 64);
    }
  }

  @Test
  void passesSoundFooters() throws IOException {
    assertThat(fixed("format.vhd-footer-valid").evidence()).isEmpty();
    assertThat(fixed("format.vhd-footer-valid").status()).isEqualTo(Status.PASS);
    assertThat(dynamic("format.vhd-footer-valid").evidence()).isEmpty();
    assertThat(dynamic("format.vhd-footer-valid").status()).isEqualTo(Status.PASS);
  }

  @Test
  void namesEachFaultOfAFooter() throws IOException {
    fixed.putInt(SIZE + 12, 0x20000).putLong(SIZE + 48, SIZE + 1).putLong(SIZE + 16, 512);
    assertThat(fixed("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .containsExactly(
            "VHD footer checksum",
            "VHD footer version",
            "VHD footer current size",
            "VHD footer place",
            "VHD footer data offset");
  }

  @Test
  void failsAFooterThatDoesNotFitTheFile() throws IOException {
    fixed.putLong(SIZE + 48, SIZE - 512);
    checksum(fixed, SIZE, 512, 64);
    assertThat(fixed("format.vhd-footer-valid").evidence())
        .containsExactly(
            new Evidence(
                "VHD footer place", "offset 4194304", "offset 4193792, right behind the disk"));
  }

  @Test
  void failsAnUnknownType() throws IOException {
    fixed.putInt(SIZE + 60, 6);
    checksum(fixed, SIZE, 512, 64);
    assertThat(fixed("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .contains("VHD footer disk type");
  }

  @Test
  void warnsOfASuspendedMachine() throws IOException {
    fixed.put(SIZE + 84, (byte) 1);
    checksum(fixed, SIZE, 512, 64);
    Outcome outcome = fixed("format.vhd-footer-valid");
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
  }

  @Test
  void failsADynamicDiskWhoseCopyDiffers() throws IOException {
    dynamic.putInt(24, 99);
    checksum(dynamic, 0, 512, 64);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .extracting(Evidence::observed)
        .containsExactly("differs from the footer");
  }

  @Test
  void failsADynamicDiskWithoutOneOfItsFooters() throws IOException {
    dynamic.putLong(DYNAMIC_FOOTER, 0);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .contains("VHD footer at the end of the file");
    build();
    dynamic.putLong(0, 0);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .containsExactly(
            new Evidence("VHD footer copy at offset 0", "none", "a copy of the footer"));
  }

  @Test
  void failsADamagedHeader() throws IOException {
    dynamic.putInt(HEADER + 32, 77);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .containsExactly("VHD header");
    assertThat(dynamic("format.vhd-dynamic-table").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void failsABlockOutsideTheFile() throws IOException {
    dynamic.putInt(TABLE + 4, FIRST_BLOCK / 512 + 8);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .containsExactly("VHD block allocation table entry 1");
  }

  @Test
  void failsATableOutsideTheFile() throws IOException {
    dynamic.putInt(HEADER + 28, 1 << 30);
    checksum(dynamic, HEADER, 1024, 36);
    assertThat(dynamic("format.vhd-footer-valid").evidence())
        .extracting(Evidence::where)
        .containsExactly("VHD block allocation table");
  }

  @Test
  void takesDynamicDisksOnlyWhereTheyAreAllowed() throws IOException {
    assertThat(fixed("format.vhd-subtype").status()).isEqualTo(Status.PASS);
    assertThat(dynamic("format.vhd-subtype").status()).isEqualTo(Status.PASS);
    assertThat(
            Judge.by("format.vhd-subtype")
                .in("azure")
                .of(write(dynamic), image("dynamic"))
                .status())
        .isEqualTo(Status.FAIL);
    dynamic.putInt(DYNAMIC_FOOTER + 60, 4);
    assertThat(dynamic("format.vhd-subtype").message()).contains("differencing");
    assertThat(dynamic("format.vhd-subtype").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void comparesTheTableWithTheSize() throws IOException {
    assertThat(dynamic("format.vhd-dynamic-table").status()).isEqualTo(Status.PASS);
    dynamic.putInt(HEADER + 28, 1);
    checksum(dynamic, HEADER, 1024, 36);
    Outcome small = dynamic("format.vhd-dynamic-table");
    assertThat(small.status()).isEqualTo(Status.FAIL);
    assertThat(small.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    dynamic.putInt(HEADER + 28, 3);
    checksum(dynamic, HEADER, 1024, 36);
    Outcome large = dynamic("format.vhd-dynamic-table");
    assertThat(large.status()).isEqualTo(Status.FAIL);
    assertThat(large.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    dynamic.putInt(HEADER + 32, BLOCK + 512);
    checksum(dynamic, HEADER, 1024, 36);
    assertThat(dynamic("format.vhd-dynamic-table").message()).contains("power of two");
    assertThat(fixed("format.vhd-dynamic-table").status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void passesTheSpecificationsGeometryOfACreatorWhoseSizeIsRead() throws IOException {
    assertThat(VhdGeometry.ofSize(SIZE).capacity()).isNotEqualTo(SIZE);
    assertThat(fixed("format.vhd-geometry-agrees").status()).isEqualTo(Status.PASS);
  }

  @Test
  void warnsOfAGeometryThatIsTakenForTheSize() throws IOException {
    fixed.put(SIZE + 28, "vpc ".getBytes(StandardCharsets.US_ASCII));
    assertThat(fixed("format.vhd-geometry-agrees").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void warnsOfAnotherGeometryThanTheSpecifications() throws IOException {
    fixed.putShort(SIZE + 56, (short) 7);
    Outcome outcome = fixed("format.vhd-geometry-agrees");
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.message()).contains("specification");
  }

  @Test
  void takesTheLargestGeometryForNoStatement() throws IOException {
    fixed.putShort(SIZE + 56, (short) 0xFFFF).put(SIZE + 58, (byte) 16).put(SIZE + 59, (byte) 255);
    fixed.put(SIZE + 28, "qem2".getBytes(StandardCharsets.US_ASCII));
    assertThat(fixed("format.vhd-geometry-agrees").status()).isEqualTo(Status.PASS);
  }

  @Test
  void tellsThatTheDiskWasResized() throws IOException {
    fixed.putLong(SIZE + 40, SIZE / 2);
    Outcome outcome = fixed("format.vhd-geometry-agrees");
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.WARNING)).isEqualTo(Severity.INFO);
  }

  @Test
  void leavesTheGeometryOpenWithoutASize() throws IOException {
    fixed.putLong(SIZE + 48, -1);
    assertThat(fixed("format.vhd-geometry-agrees").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void doesNotApplyToOtherFormats() {
    for (String rule :
        new String[] {
          "format.vhd-footer-valid",
          "format.vhd-subtype",
          "format.vhd-dynamic-table",
          "format.vhd-geometry-agrees"
        }) {
      assertThat(Judge.by(rule).of(TestImage.empty(512)).status()).isEqualTo(Status.NOT_APPLICABLE);
    }
  }

  private Outcome fixed(String rule) throws IOException {
    return Judge.by(rule).of(write(fixed), image("fixed"));
  }

  private Outcome dynamic(String rule) throws IOException {
    return Judge.by(rule).of(write(dynamic), image("dynamic"));
  }

  private static TestImage image(String kind) {
    return TestImage.empty(SIZE).format("vhd", kind);
  }

  private Path write(ByteBuffer bytes) throws IOException {
    return Files.write(folder.resolve("disk.vhd"), bytes.array());
  }

  private static void checksum(ByteBuffer bytes, int from, int length, int field) {
    bytes.putInt(from + field, 0);
    int sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += Byte.toUnsignedInt(bytes.get(i));
    }
    bytes.putInt(from + field, ~sum);
  }
}
