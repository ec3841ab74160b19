package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.diskwright.disk.DiskImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libvhdi is the judge: qemu-img reads differencing images without their parents. */
@Tag("interop")
class DifferencingVhdInteropTest {

  private static final int DISK = 15 * TestDifferencing.BLOCK + 4096;

  @TempDir Path folder;

  @BeforeEach
  void needsFuse() {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "no FUSE here");
  }

  /** The disk as libvhdi sees it through its parent. */
  private byte[] mounted(Path image) throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Qemu.run("vhdimount", image, mount);
    try (Stream<Path> files = Files.list(mount)) {
      List<Path> disks = files.sorted().toList();
      return Files.readAllBytes(disks.getLast());
    } finally {
      Qemu.run("fusermount", "-u", mount);
    }
  }

  private void assertSameAsLibvhdi(Path image) throws Exception {
    try (DiskImage opened = TestVhd.open(image)) {
      byte[] actual = TestVhd.content(opened);
      byte[] expected = mounted(image);
      assertThat(actual).hasSameSizeAs(expected);
      for (int at = 0; at < actual.length; at += 512) {
        assertThat(ByteBuffer.wrap(actual, at, 512))
            .as("sector %d", at / 512)
            .isEqualTo(ByteBuffer.wrap(expected, at, 512));
      }
    }
    assertThat(Qemu.run("vhdiinfo", image)).contains("Differential");
  }

  /**
   * In each byte of the bitmap, so every eight sectors, some at the end: libvhdi 20210425 takes all
   * sectors of a byte from the first that is stored on for stored.
   */
  private static IntPredicate ends(long seed, int oneIn) {
    var random = new Random(seed);
    int[] from = random.ints(TestDifferencing.SECTORS / 8, 0, 8 * oneIn).toArray();
    return i -> i % 8 >= from[i / 8];
  }

  /**
   * A base by qemu-img, as large as its child: libvhdi does not read past the end of a smaller one.
   */
  private byte[] base(String subformat) throws Exception {
    Path base = folder.resolve("base.vhd");
    String options = "subformat=" + subformat + ",force_size=on";
    Qemu.run("qemu-img", "create", "-f", "vpc", "-o", options, base, DISK);
    Qemu.write(base, "vpc", DISK);
    byte[] bytes = Files.readAllBytes(base);
    return Arrays.copyOfRange(bytes, bytes.length - 444, bytes.length - 428);
  }

  private static TestDifferencing named(TestDifferencing vhd, String parent) {
    return vhd.locator(0, "W2ru", ".\\" + parent)
        .locator(1, "W2ku", "C:\\vm\\" + parent)
        .unicodeName("C:\\vm\\" + parent);
  }

  private TestDifferencing overBase(byte[] id) {
    var vhd = new TestDifferencing(DISK, 7, 0, 2);
    vhd.bytes.put(TestDifferencing.HEADER + 40, id);
    return named(vhd, "base.vhd").block(7, 1, ends(1, 2)).block(0, 2, ends(2, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "fixed"})
  void readsWhatLibvhdiDoes(String subformat) throws Exception {
    assertSameAsLibvhdi(overBase(base(subformat)).write(folder.resolve("child.vhd")));
  }

  @Test
  void readsTheChainThatLibvhdiDoes() throws Exception {
    overBase(base("dynamic")).write(folder.resolve("middle.avhd"));
    var vhd = named(new TestDifferencing(DISK, 8, 7, 2), "middle.avhd");
    vhd.block(0, 3, ends(3, 3)).block(15, 4, ends(4, 1));
    assertSameAsLibvhdi(vhd.write(folder.resolve("top.avhd")));
  }
}
