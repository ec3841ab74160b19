package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.io.ByteView;
import io.diskwright.vhd.VhdFooter;
import io.diskwright.vhd.VhdGeometry;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("interop")
class VhdInteropTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "dynamic, off, 1048576",
    "dynamic, off, 8000000",
    "dynamic, on, 8000000",
    "dynamic, on, 2097664",
    "dynamic, off, 140660178944",
    "dynamic, on, 42949672960",
    "dynamic, on, 2190433320960",
    "fixed, off, 8000000",
    "fixed, on, 8000000",
    "fixed, off, 140660178944",
    "fixed, on, 42949672960",
  })
  void readsWhatQemuWrote(String subformat, String forceSize, long size) throws Exception {
    Path image = folder.resolve("a.vhd");
    String options = "subformat=" + subformat + ",force_size=" + forceSize;
    // force_size takes whole sectors only
    long whole = Math.ceilDiv(size, 512L) * 512;
    Qemu.run("qemu-img", "create", "-f", "vpc", "-o", options, image, whole);
    Qemu.write(image, "vpc", size);
    Qemu.assertSameAsQemu(image, "vpc", folder);
    try (DiskImage opened = TestVhd.open(image)) {
      assertThat(opened.info().subformat()).isEqualTo(subformat);
      assertThat(opened.info().anomalies()).isEmpty();
      assertThat(opened.info().creator().orElseThrow())
          .startsWith(forceSize.equals("on") ? "qem2" : "qemu");
      if (forceSize.equals("on")) {
        assertThat(opened.size()).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "fixed"})
  void readsWhatQemuConverted(String subformat) throws Exception {
    Path raw = folder.resolve("a.raw");
    Path image = folder.resolve("a.vhd");
    Qemu.run("qemu-img", "create", "-f", "raw", raw, 20_000_000);
    Qemu.write(raw, "raw", 20_000_000);
    Qemu.run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vpc",
        "-o",
        "subformat=" + subformat,
        raw,
        image);
    Qemu.assertSameAsQemu(image, "vpc", folder);
  }

  /** Without force_size qemu rounds the size up to its own geometry's. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        1 << 20, 3_000_000, 33 << 20, 65 << 20, 100 << 20, 137 << 20, 250 << 20, 504 << 20,
        1L << 30, 2L << 30, 4L << 30, 8L << 30, 31L << 30, 32L << 30, 40L << 30, 100L << 30,
        127L << 30, 128L << 30, 500L << 30, 1L << 40, 2040L << 30
      })
  void computesTheGeometryThatQemuDoes(long size) throws Exception {
    Path image = folder.resolve("a.vhd");
    Qemu.run("qemu-img", "create", "-f", "vpc", "-o", "subformat=dynamic", image, size);
    byte[] bytes = new byte[VhdFooter.SIZE];
    try (var file = new RandomAccessFile(image.toFile(), "r")) {
      file.readFully(bytes);
    }
    VhdFooter footer =
        VhdFooter.parse(
            new ByteView(ByteBuffer.wrap(bytes), ByteOrder.BIG_ENDIAN, "a.vhd", "footer", 0));
    assertThat(footer.currentSize()).isGreaterThanOrEqualTo(size);
    assertThat(VhdGeometry.ofSize(footer.currentSize())).isEqualTo(footer.diskGeometry());
  }

  @ParameterizedTest
  @ValueSource(longs = {3 << 20, 42_949_672_960L, 44_023_414_784L, 536_870_912_000L})
  void otherToolsTakeItsFixedFooterAtTheExactSize(long size) throws Exception {
    Path image = folder.resolve("fixed.vhd");
    UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.write(new byte[] {'f', 'i', 'r', 's', 't'});
      file.seek(size - 4);
      file.write(new byte[] {'l', 'a', 's', 't'});
      file.write(VhdFooter.fixed(size, id, Instant.parse("2026-11-23T12:00:00Z")).encode());
    }
    assertThat(Qemu.run("qemu-img", "info", "-f", "vpc", "--output=json", image))
        .contains("\"virtual-size\": " + size + ",");
    assertThat(
            Qemu.run("qemu-io", "-r", "-f", "vpc", "-c", "read -v " + (size - 512) + " 512", image))
        .contains("last");
    assertThat(Qemu.run("vhdiinfo", image))
        .contains("Fixed")
        .contains("(" + size + " bytes)")
        .contains(id.toString());
    Qemu.assertSameAsQemu(image, "vpc", folder);
    try (DiskImage opened = TestVhd.open(image)) {
      assertThat(opened.size()).isEqualTo(size);
      assertThat(opened.info().anomalies()).isEmpty();
    }
  }

  /** What qemu-img reads without a word although its head is gone, and what it does not. */
  @Test
  void readsAnImageWhoseHeadIsLost() throws Exception {
    Path image = folder.resolve("a.vhd");
    Qemu.run("qemu-img", "create", "-f", "vpc", "-o", "subformat=dynamic", image, "8M");
    Qemu.write(image, "vpc", 8 << 20);
    byte[] expected;
    try (DiskImage opened = TestVhd.open(image)) {
      expected = TestVhd.content(opened);
    }
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.write(new byte[512]);
    }
    try (DiskImage opened = TestVhd.open(image)) {
      assertThat(TestVhd.content(opened)).isEqualTo(expected);
      assertThat(opened.info().anomalies()).hasSize(1);
    }
  }
}
