package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are two things, and names that say another. */
class PolyglotTest {

  private static final Path IMAGES = Path.of("native-test-images");

  @TempDir private Path folder;

  private static byte[] golden(String name) throws IOException {
    return Files.readAllBytes(IMAGES.resolve(name));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static void assertAmbiguous(Path image, String... found) {
    for (String command : new String[] {"info", "map", "validate", "convert"}) {
      InProcess.Ran ran = InProcess.run(command, image);
      assertThat(ran.code()).as(command + ran.err()).isEqualTo(3);
      assertThat(ran.err()).startsWith("diskwright: " + image + ": content").contains(found);
      assertThat(ran.err().lines()).hasSize(1);
    }
  }

  private static void assertReadAs(Path image, String format) {
    InProcess.Ran ran = InProcess.run("info", "--from", format, image);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).containsPattern("format +" + format);
  }

  /** The descriptor lies in the header's cluster, which no reader of qcow2 looks at. */
  @Test
  void isoAndQcow2() throws Exception {
    byte[] both = golden("qcow2-v3.qcow2");
    ByteBuffer.wrap(both).put(32768, "\1CD001\1".getBytes(StandardCharsets.US_ASCII));
    Path image = file("both", both);
    assertAmbiguous(image, "qcow2", "ISO 9660", "--from qcow2 or --from raw");
    assertReadAs(image, "qcow2");
    assertReadAs(image, "raw");
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2, qcow2-v3.qcow2",
    "vmdk, vmdk-monolithic-sparse.vmdk",
    "vdi, vdi-dynamic.vdi",
    "vhd, vhd-dynamic.vhd"
  })
  void aBootSectorAndAContainer(String format, String from) throws Exception {
    byte[] both = golden(from);
    ByteBuffer sector = ByteBuffer.wrap(both).order(ByteOrder.LITTLE_ENDIAN);
    sector.put(510, (byte) 0x55).put(511, (byte) 0xaa);
    if (format.equals("vhd")) {
      // Two bytes whose sum the checksum has to follow.
      ByteBuffer.wrap(both).putInt(64, ByteBuffer.wrap(both).getInt(64) - 0x55 - 0xaa);
    }
    Path image = file("both", both);
    assertAmbiguous(image, "a boot sector", "--from");
    assertReadAs(image, "raw");
    assertReadAs(image, format);
  }

  @ParameterizedTest
  @CsvSource({"qcow2, qcow2-v3.qcow2", "vmdk, vmdk-monolithic-sparse.vmdk"})
  void aContainerWithAVhdsFooter(String format, String from) throws Exception {
    byte[] vhd = golden("vhd-fixed.vhd");
    byte[] image = golden(from);
    byte[] both = Arrays.copyOf(image, image.length + 512);
    System.arraycopy(vhd, vhd.length - 512, both, image.length, 512);
    assertAmbiguous(file("both", both), "signatures of " + format + " and vhd");
  }

  /** What a guest writes into the first sector of its disk does not decide what is read. */
  @Test
  void aHeaderThatTheGuestWrote() throws Exception {
    Files.writeString(folder.resolve("secret"), "secret");
    byte[] disk = golden("raw-mbr.raw");
    byte[] header = Arrays.copyOf(golden("qcow2-v3.qcow2"), 104);
    ByteBuffer.wrap(header).putLong(8, 104).putInt(16, 6);
    System.arraycopy(header, 0, disk, 0, header.length);
    System.arraycopy("secret".getBytes(StandardCharsets.US_ASCII), 0, disk, 104, 6);
    assertAmbiguous(file("disk.raw", disk), "a qcow2 signature, in a file named .raw");
    Path nameless = file("disk", disk);
    assertAmbiguous(nameless, "qcow2 and of a boot sector");

    Path copy = folder.resolve("copy.raw");
    InProcess.Ran ran =
        InProcess.run(
            "convert",
            "--from",
            "raw",
            "--to",
            "raw",
            "--size",
            "keep",
            "--progress",
            "none",
            nameless,
            copy);
    assertThat(ran.code()).as(ran.err()).isLessThan(2);
    assertThat(copy).hasBinaryContent(disk);
  }

  @Test
  void aNameThatPromisesWhatIsNotThere() throws Exception {
    byte[] text = "this is no descriptor\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
    for (String name : new String[] {"x.vmdk", "x.qcow2", "x.vhd", "x.vhdx", "x.vdi", "x.ova"}) {
      for (byte[] content : new byte[][] {text, new byte[4096], golden("raw-mbr.raw")}) {
        Path image = file(name, content);
        assertAmbiguous(
            image, "no signature of an image format, in a file named ." + name.substring(2));
        assertReadAs(image, "raw");
      }
    }
  }

  @Test
  void aContainerUnderAnothersNameIsWhatItIs() throws Exception {
    InProcess.Ran ran = InProcess.run("info", file("x.vmdk", golden("qcow2-v3.qcow2")));
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).containsPattern("format +qcow2");
    for (String name : new String[] {"x.raw", "x.dd"}) {
      assertAmbiguous(file(name, golden("vdi-dynamic.vdi")), "a vdi signature, in a file named .");
    }
  }
}
