package io.diskwright.format.parallels;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.vhd.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("interop")
class ParallelsInteropTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "1M, 1048576",
    "1M, 8000000",
    "64k, 8000000",
    "4096, 8000000",
    "512, 3145728",
    "32256, 5000192",
    "1M, 140660178944",
    "4M, 3298534883328",
  })
  void readsWhatQemuWrote(String cluster, long size) throws Exception {
    Path image = folder.resolve("a.hds");
    long whole = Math.ceilDiv(size, 512L) * 512;
    Qemu.run(
        "qemu-img", "create", "-f", "parallels", "-o", "cluster_size=" + cluster, image, whole);
    Qemu.write(image, "parallels", size);
    Qemu.assertSameAsQemu(image, "parallels", folder);
    try (DiskImage opened = TestParallels.open(image)) {
      assertThat(opened.size()).isEqualTo(whole);
      assertThat(opened.info().anomalies()).isEmpty();
    }
  }

  @Test
  void readsWhatQemuConverted() throws Exception {
    Path raw = folder.resolve("a.raw");
    Path image = folder.resolve("a.hdd");
    Qemu.run("qemu-img", "create", "-f", "raw", raw, 20_000_256);
    Qemu.write(raw, "raw", 20_000_000);
    Qemu.run("qemu-img", "convert", "-f", "raw", "-O", "parallels", raw, image);
    Qemu.assertSameAsQemu(image, "parallels", folder);
  }

  /** qemu-img makes the newer kind alone; both kinds that were made field by field, by its eyes. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void readsOtherImagesAsQemuDoes(boolean extended) throws IOException, InterruptedException {
    Path image = folder.resolve("a.hds");
    (extended ? TestParallels.extended() : TestParallels.old()).write(image);
    Qemu.assertSameAsQemu(image, "parallels", folder);
  }
}
