package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Qemu;
import io.diskwright.format.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Internal snapshots made by qemu-img, compared with what qemu-img reads of them. */
@Tag("interop")
class Qcow2SnapshotInteropTest {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compat=1.1",
        "cluster_size=512",
        "extended_l2=on",
        "backing_file=base,backing_fmt=raw",
        "extended_l2=on,cluster_size=16384,backing_file=base,backing_fmt=raw",
        "compression_type=zstd"
      })
  void readsInternalSnapshots(String options) throws Exception {
    var qemu = new Qemu(dir);
    int size = 1 << 20;
    Files.write(dir.resolve("base"), TestImages.random(size - 5120, 9));
    boolean plain = options.contains("0.10");
    qemu.create("image", options, size);
    qemu.run("qemu-io", "-c", "write -c -P 7 256k 64k", "image");
    var sizes = new ArrayList<Integer>();
    for (int i = 0; i < 4; i++) {
      qemu.scribble("image", size, i, plain);
      qemu.run("qemu-img", "snapshot", "-c", "state " + i, "image");
      sizes.add(size);
      if (!plain) {
        size += 1 << 20;
        qemu.run("qemu-img", "resize", "image", Integer.toString(size));
      }
    }
    qemu.scribble("image", size, 5, plain);
    for (int i = 0; i < 4; i++) {
      // The whole of the active size, which is the snapshot's and what later states added as zeros.
      qemu.run("qemu-img", "convert", "-l", "state " + i, "-O", "raw", "image", "expected");
      byte[] expected = Files.readAllBytes(dir.resolve("expected"));
      for (String wanted : List.of("state " + i, Integer.toString(i + 1))) {
        try (DiskImage disk = Images.open(dir.resolve("image"), wanted)) {
          assertThat(disk.size()).isEqualTo(sizes.get(i).longValue());
          assertThat(TestImages.read(disk)).isEqualTo(Arrays.copyOf(expected, sizes.get(i)));
          assertThat(TestImages.readByExtents(disk))
              .isEqualTo(Arrays.copyOf(expected, sizes.get(i)));
        }
      }
    }
  }
}
