package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Qemu;
import io.diskwright.format.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images with external data files by qemu-img, compared with what qemu-img reads. */
@Tag("interop")
class Qcow2DataFileInteropTest {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data_file=data",
        "data_file=data,cluster_size=512",
        "data_file=data,cluster_size=1048576",
        "data_file=data,extended_l2=on",
        "data_file=data,data_file_raw=on",
        "data_file=data,data_file_raw=on,extended_l2=on",
        "data_file=data,preallocation=metadata",
        "data_file=data,preallocation=full",
        "data_file=data,backing_file=base,backing_fmt=raw"
      })
  void readsWhatQemuWrote(String options) throws Exception {
    var qemu = new Qemu(dir);
    int size = (3 << 20) + 1536;
    Files.write(dir.resolve("base"), TestImages.random(size - 4096, 9));
    qemu.create("image", options, size);
    qemu.run("qemu-io", "-c", "write -P 5 0 64k", "-c", "write -P 6 3M 1536", "image");
    qemu.scribble("image", 3 << 20, 1, false);
    compare(qemu, size);
    qemu.run("qemu-img", "resize", "image", Integer.toString(size + (1 << 20)));
    qemu.run("qemu-io", "-c", "write -P 8 " + (size + (1 << 20) - 512) + " 512", "image");
    compare(qemu, size + (1 << 20));
  }

  private void compare(Qemu qemu, int size) throws Exception {
    qemu.run("qemu-img", "convert", "-O", "raw", "image", "expected");
    // qemu rounds sizes up to whole sectors.
    byte[] expected = Arrays.copyOf(Files.readAllBytes(dir.resolve("expected")), size);
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.size()).isEqualTo(size);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }
}
