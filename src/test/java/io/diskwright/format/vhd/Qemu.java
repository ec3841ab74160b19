package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.format.Formats;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reference tools, and the comparison with what they read. */
public final class Qemu {

  private static final int CHUNK = 1 << 20;

  private Qemu() {}

  /** Runs a tool, which must succeed, and gives its output. */
  public static String run(Object... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", words, output).isZero();
    return output;
  }

  /** Puts recognisable bytes at the start, across block borders, and at the end of an image. */
  public static void write(Path image, String format, long size)
      throws IOException, InterruptedException {
    run(
        "qemu-io",
        "-f",
        format,
        "-c",
        "write -P 0x11 0 512",
        "-c",
        "write -P 0x22 " + (size / 3 / 512 * 512) + " 66048",
        "-c",
        "write -P 0x33 " + (size / 2 / 512 * 512 - 1024) + " 300k",
        "-c",
        "write -z " + (size / 2 / 512 * 512) + " 64k",
        "-c",
        "write -P 0x44 " + (size / 512 * 512 - 4096) + " 4096",
        image);
  }

  /** Fails unless diskwright reads from {@code image} what qemu-img does. */
  public static void assertSameAsQemu(Path image, String qemuFormat, Path folder)
      throws IOException, InterruptedException {
    Path raw = folder.resolve("expected.raw");
    run("qemu-img", "convert", "-f", qemuFormat, "-O", "raw", image, raw);
    try (DiskImage actual = open(image, Optional.empty());
        DiskImage expected = open(raw, Optional.of("raw"))) {
      assertThat(actual.size()).isEqualTo(expected.size());
      assertSameContent(actual, expected);
      assertExtentsCover(actual);
    }
  }

  private static DiskImage open(Path image, Optional<String> format) throws IOException {
    return Formats.open(image, format, ReferencePolicy.folder());
  }

  /** Compares all bytes but those that neither disk stores. */
  private static void assertSameContent(VirtualDisk actual, VirtualDisk expected)
      throws IOException {
    long size = expected.size();
    long stored = 0;
    for (long at = 0; at < size; ) {
      Extent a = actual.extentAt(at, size - at);
      Extent b = expected.extentAt(at, size - at);
      long length = Math.min(a.length(), b.length());
      if (!(a instanceof Extent.Zero && b instanceof Extent.Zero)) {
        length = Math.min(length, CHUNK);
        assertThat(read(actual, at, (int) length))
            .as("bytes from %d on", at)
            .isEqualTo(read(expected, at, (int) length));
        stored += length;
      }
      at += length;
    }
    assertThat(stored).as("bytes compared").isPositive();
  }

  private static ByteBuffer read(VirtualDisk disk, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    disk.read(offset, bytes);
    return bytes.flip();
  }

  private static void assertExtentsCover(VirtualDisk disk) throws IOException {
    var cursor = new ExtentCursor(disk, 0, disk.size());
    long at = 0;
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      assertThat(e.start()).isEqualTo(at);
      at = e.end();
    }
    assertThat(at).isEqualTo(disk.size());
  }
}
