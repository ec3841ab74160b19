package io.diskwright.format.qed;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.Qemu;
import io.diskwright.format.TestImages;
import io.diskwright.source.OpenOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made by qemu-img and qemu-io, compared with what qemu-img reads. */
@Tag("interop")
class QedInteropTest {

  private static final int SIZE = 5 << 20;

  @TempDir Path dir;

  private Qemu qemu() {
    return new Qemu(dir);
  }

  /** Tables of one cluster are sound, too, but qemu 7.2 does not open what it made of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cluster_size=4096,table_size=2",
        "cluster_size=4096,table_size=16",
        "cluster_size=65536,table_size=4",
        "cluster_size=1048576,table_size=2"
      })
  void readsWhatQemuWrote(String options) throws Exception {
    create("image", options, SIZE);
    qemu().scribble("image", SIZE, 1, false);
    compare("image");
    Files.write(dir.resolve("base"), TestImages.random(SIZE - 4096 - 512, 9));
    create("middle", options + ",backing_file=base,backing_fmt=raw", SIZE / 2);
    qemu().scribble("middle", SIZE / 2, 2, false);
    create("top", options + ",backing_file=middle,backing_fmt=qed", SIZE);
    qemu().scribble("top", SIZE, 3, false);
    compare("middle");
    compare("top");
  }

  @Test
  void readsAnImageResizedAndLeftDirty() throws Exception {
    create("image", "cluster_size=65536", SIZE);
    qemu().scribble("image", SIZE, 1, false);
    qemu().run("qemu-img", "resize", "-f", "qed", "image", Integer.toString(2 * SIZE));
    qemu()
        .start(
            "qemu-io",
            "-f",
            "qed",
            "-c",
            "write -P 5 7M 100k",
            "-c",
            "flush",
            "-c",
            "abort",
            "image")
        .waitFor();
    try (DiskImage disk = Formats.open(dir.resolve("image"), OpenOptions.defaults())) {
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.DIRTY);
    }
    compare("image");
  }

  private void create(String image, String options, long size) throws Exception {
    qemu().run("qemu-img", "create", "-q", "-f", "qed", "-o", options, image, Long.toString(size));
  }

  private void compare(String image) throws Exception {
    qemu().run("qemu-img", "convert", "-f", "qed", "-O", "raw", image, "expected");
    byte[] expected = Files.readAllBytes(dir.resolve("expected"));
    try (DiskImage disk = Formats.open(dir.resolve(image), OpenOptions.defaults())) {
      assertThat(disk.info().format()).isEqualTo("qed");
      assertThat(disk.size()).isEqualTo(expected.length);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }
}
