package io.diskwright.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.volume.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatchedDiskTest {

  private final byte[] bytes = new byte[1000];
  private final MemoryDisk base = new MemoryDisk(bytes);

  PatchedDiskTest() {
    Arrays.fill(bytes, (byte) 1);
  }

  @Test
  void replacesBytesAndEndsInZeros() throws Exception {
    byte[] expected = Arrays.copyOf(bytes, 2000);
    Arrays.fill(expected, 0, 10, (byte) 2);
    Arrays.fill(expected, 10, 15, (byte) 3);
    Arrays.fill(expected, 990, 1010, (byte) 4);
    Arrays.fill(expected, 1999, 2000, (byte) 5);
    try (var disk =
        new PatchedDisk(
            base,
            2000,
            List.of(patch(990, 20, 4), patch(0, 10, 2), patch(1999, 1, 5), patch(10, 5, 3)))) {
      assertThat(disk.size()).isEqualTo(2000);
      assertThat(read(disk, 0, 2000)).isEqualTo(expected);
      for (int at = 0; at < 1990; at += 7) {
        assertThat(read(disk, at, 10)).isEqualTo(Arrays.copyOfRange(expected, at, at + 10));
      }
    }
  }

  @Test
  void mapsTheBaseThroughAndTheRestToZeros() throws Exception {
    var disk = new PatchedDisk(base, 3000, List.of(patch(100, 50, 9)));
    var cursor = new ExtentCursor(disk, 0, 3000);
    assertThat(cursor.next()).isEqualTo(base.extentAt(0, 100));
    assertThat(cursor.next())
        .isInstanceOfSatisfying(
            Extent.Data.class,
            data -> {
              assertThat(data.start()).isEqualTo(100);
              assertThat(data.length()).isEqualTo(50);
              assertThat(data.sourceOffset()).isZero();
            });
    assertThat(cursor.next()).isEqualTo(base.extentAt(150, 850));
    assertThat(cursor.next()).isEqualTo(new Extent.Zero(1000, 2000, true));
    assertThat(cursor.next()).isNull();
  }

  @Test
  void closesTheBase() throws Exception {
    new PatchedDisk(base, 1000, List.of()).close();
    assertThat(base.closed()).isTrue();
  }

  @Test
  void keepsItsOwnCopyOfPatches() throws Exception {
    byte[] changed = {7};
    var disk = new PatchedDisk(base, 1000, List.of(new Patch(3, changed)));
    changed[0] = 8;
    assertThat(read(disk, 3, 1)).containsExactly(7);
  }

  @Test
  void refusesPatchesThatDoNotFit() {
    assertRefused(999);
    assertRefused(1000, patch(999, 2, 1));
    assertRefused(1000, patch(-1, 1, 1));
    assertRefused(1000, patch(Long.MAX_VALUE, 2, 1));
    assertRefused(1000, patch(5, 5, 1), patch(9, 1, 1));
    assertRefused(1000, patch(5, 5, 1), patch(5, 1, 1));
    assertThat(base.closed()).isFalse();
  }

  private void assertRefused(long size, Patch... patches) {
    assertThatThrownBy(() -> new PatchedDisk(base, size, List.of(patches)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Patch patch(long offset, int length, int value) {
    byte[] patch = new byte[length];
    Arrays.fill(patch, (byte) value);
    return new Patch(offset, patch);
  }

  private static byte[] read(VirtualDisk disk, long offset, int length) throws Exception {
    byte[] read = new byte[length];
    disk.read(offset, ByteBuffer.wrap(read));
    return read;
  }
}
