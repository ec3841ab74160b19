package io.diskwright.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.Formats;
import io.diskwright.format.Qemu;
import io.diskwright.format.TestImages;
import io.diskwright.source.ReferencePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made by qemu-img and qemu-io, compared with what qemu-img reads. */
@Tag("interop")
class Qcow2InteropTest {

  @TempDir Path dir;

  private Qemu qemu() {
    return new Qemu(dir);
  }

  static Stream<String> variants() {
    var options = new ArrayList<String>();
    for (int bits = 9; bits <= 21; bits++) {
      options.add("cluster_size=" + (1 << bits));
      options.add("compat=0.10,cluster_size=" + (1 << bits));
    }
    for (int bits = 1; bits <= 64; bits *= 2) {
      options.add("refcount_bits=" + bits);
    }
    for (int bits = 14; bits <= 21; bits++) {
      options.add("extended_l2=on,cluster_size=" + (1 << bits));
    }
    for (String mode : List.of("off", "metadata", "falloc", "full")) {
      options.add("preallocation=" + mode);
      options.add("compat=0.10,preallocation=" + mode);
      options.add("extended_l2=on,preallocation=" + mode);
    }
    options.add("lazy_refcounts=on");
    options.add("compression_type=zstd");
    return options.stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void readsWhatQemuWrote(String options) throws Exception {
    int size = size(options);
    qemu().create("image", options, size);
    qemu().scribble("image", size, 1, options.contains("0.10"));
    compare("image");
  }

  @ParameterizedTest
  @MethodSource("variants")
  void readsChains(String options) throws Exception {
    int size = size(options);
    Files.write(dir.resolve("base"), TestImages.random(size - 4096 - 512, 9));
    String noPrealloc = options.replaceAll(",?preallocation=\\w+", "");
    String comma = noPrealloc.isEmpty() ? "" : ",";
    qemu().create("middle", noPrealloc + comma + "backing_file=base,backing_fmt=raw", size / 2);
    qemu().scribble("middle", size / 2, 2, options.contains("0.10"));
    qemu().create("top", noPrealloc + comma + "backing_file=middle,backing_fmt=qcow2", size);
    qemu().scribble("top", size, 3, options.contains("0.10"));
    compare("middle");
    compare("top");
  }

  static Stream<String> compressed() {
    var options = new ArrayList<String>();
    for (int bits = 9; bits <= 21; bits++) {
      options.add("cluster_size=" + (1 << bits));
      options.add("compression_type=zstd,cluster_size=" + (1 << bits));
    }
    options.add("compat=0.10");
    options.add("compression_type=zstd,extended_l2=on");
    options.add("extended_l2=on,cluster_size=16384");
    return options.stream();
  }

  @ParameterizedTest
  @MethodSource("compressed")
  void readsCompressedImages(String options) throws Exception {
    int size = size(options) + 1536;
    byte[] raw = TestImages.compressible(size, 1);
    byte[] noise = TestImages.random(size / 3, 2);
    System.arraycopy(noise, 0, raw, size / 4, noise.length);
    Arrays.fill(raw, size / 8, size / 5, (byte) 0);
    Files.write(dir.resolve("raw"), raw);
    qemu()
        .run(
            "qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "image");
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(TestImages.read(disk)).isEqualTo(raw);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(raw);
    }
    qemu().scribble("image", size - 1536, 4, options.contains("0.10"));
    compare("image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.10", "1.1"})
  void listsInternalSnapshots(String compat) throws Exception {
    qemu().create("image", "compat=" + compat, 1 << 20);
    qemu().scribble("image", 1 << 20, 1, true);
    qemu().run("qemu-img", "snapshot", "-c", "one", "image");
    qemu().run("qemu-img", "snapshot", "-c", "two words", "image");
    qemu().scribble("image", 1 << 20, 2, true);
    compare("image");
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.info().snapshots())
          .containsExactly(
              new ImageInfo.Snapshot("one", 1 << 20), new ImageInfo.Snapshot("two words", 1 << 20));
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.IGNORED_CONTENT);
    }
  }

  @Test
  void readsAnImageResizedAfterItsSnapshot() throws Exception {
    qemu().create("image", "compat=1.1", 1 << 20);
    qemu().run("qemu-img", "snapshot", "-c", "small", "image");
    qemu().run("qemu-img", "resize", "image", "3M");
    qemu().scribble("image", 3 << 20, 1, false);
    compare("image");
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.info().snapshots()).containsExactly(new ImageInfo.Snapshot("small", 1 << 20));
    }
  }

  @Test
  void reportsBitmaps() throws Exception {
    qemu().create("image", "compat=1.1", 1 << 20);
    qemu().run("qemu-img", "bitmap", "--add", "image", "b0");
    compare("image");
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::structure)
          .containsExactly("bitmap directory");
    }
  }

  @Test
  void readsAnImageRebasedOntoNothing() throws Exception {
    Files.write(dir.resolve("base"), TestImages.random(1 << 20, 1));
    qemu().create("image", "backing_file=base,backing_fmt=raw", 1 << 20);
    qemu().scribble("image", 1 << 20, 1, false);
    qemu().run("qemu-img", "rebase", "-b", "", "image");
    Files.delete(dir.resolve("base"));
    compare("image");
  }

  @Test
  void readsAnEmptyDisk() throws Exception {
    qemu().create("image", "compat=1.1", 0);
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.size()).isZero();
    }
  }

  @Test
  void readsAnImageLeftDirty() throws Exception {
    qemu().create("image", "lazy_refcounts=on", 1 << 20);
    Files.write(dir.resolve("pattern"), TestImages.random(256 << 10, 1));
    qemu()
        .start("qemu-io", "-c", "write -s pattern 64k 256k", "-c", "flush", "-c", "abort", "image")
        .waitFor();
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.DIRTY);
    }
    compare("image");
  }

  @Test
  void mapsAHugeImageInAFewSteps() throws Exception {
    qemu().run("qemu-img", "create", "-q", "-f", "qcow2", "image", "500G");
    qemu().run("qemu-io", "-c", "write -P 1 300G 64k", "image");
    try (DiskImage disk = Images.open(dir.resolve("image"))) {
      assertThat(TestImages.extents(disk)).hasSize(3);
      int calls = 0;
      for (long at = 0; at < disk.size(); calls++) {
        at = disk.extentAt(at, disk.size() - at).end();
      }
      assertThat(calls).isLessThan(6);
    }
  }

  private void compare(String image) throws Exception {
    qemu().run("qemu-img", "convert", "-O", "raw", image, "expected");
    byte[] expected = Files.readAllBytes(dir.resolve("expected"));
    try (DiskImage disk =
        Formats.open(dir.resolve(image), Optional.empty(), ReferencePolicy.folder())) {
      assertThat(disk.info().format()).isEqualTo("qcow2");
      assertThat(disk.size()).isEqualTo(expected.length);
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }

  /** Several L2 tables where clusters are small, several clusters where they are large. */
  private static int size(String options) {
    return options.contains("cluster_size=2097152") || options.contains("cluster_size=1048576")
        ? 9 << 20
        : 3 << 20;
  }
}
