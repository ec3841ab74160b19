package io.diskwright.format.vdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.vhd.Qemu;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("interop")
class VdiInteropTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "dynamic, off, 1048576",
    "dynamic, off, 8000000",
    "dynamic, off, 3145729",
    "dynamic, off, 140660178944",
    "dynamic, off, 3298534883328",
    "static, on, 8000000",
    "static, on, 42949672960",
  })
  void readsWhatQemuWrote(String subformat, String isStatic, long size) throws Exception {
    Path image = folder.resolve("a.vdi");
    Qemu.run("qemu-img", "create", "-f", "vdi", "-o", "static=" + isStatic, image, size);
    Qemu.write(image, "vdi", size);
    Qemu.assertSameAsQemu(image, "vdi", folder);
    try (DiskImage opened = TestVdi.open(image)) {
      assertThat(opened.info().subformat()).isEqualTo(subformat);
      assertThat(opened.info().creator()).contains("QEMU VM Virtual Disk Image");
      assertThat(opened.info().anomalies()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "on"})
  void readsWhatQemuConverted(String isStatic) throws Exception {
    Path raw = folder.resolve("a.raw");
    Path image = folder.resolve("a.vdi");
    Qemu.run("qemu-img", "create", "-f", "raw", raw, 20_000_000);
    Qemu.write(raw, "raw", 20_000_000);
    Qemu.run(
        "qemu-img", "convert", "-f", "raw", "-O", "vdi", "-o", "static=" + isStatic, raw, image);
    Qemu.assertSameAsQemu(image, "vdi", folder);
  }
}
