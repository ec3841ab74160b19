package io.diskwright.format.vhdx;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.format.FakeContext;
import io.diskwright.format.OpenContext;
import io.diskwright.format.vhdx.TestLog.Change;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sound images with a few fields changed and every checksum right again: they are read or refused,
 * and nothing else happens. The changes follow from the seed, so a failure can be repeated.
 */
class VhdxMutationTest {

  private static final int SEEDS = 600;
  private static final int PIECE = 4096;
  private static final int MAX_EXTENTS = 200;

  /** Where fields are, and how many bytes of them. */
  private static final int[][] FIELDS = {
    {0, 32},
    {TestVhdx.HEADER_1, 80},
    {TestVhdx.HEADER_2, 80},
    {TestVhdx.REGIONS_1, 96},
    {TestVhdx.METADATA, 32 + 6 * 32},
    {TestVhdx.PARAMETERS, 40},
    {TestVhdx.LOCATOR, 160},
    {TestVhdx.BAT, 64},
    {TestVhdx.BAT + 8 * 4096, 8},
    {TestVhdx.LOG, 160},
    {TestVhdx.LOG + 4096, 16},
    {TestVhdx.LOG + 8192, 160},
  };

  private static final long[] VALUES = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    511,
    512,
    4095,
    4096,
    65535,
    65536,
    1 << 20,
    3 << 20,
    4 << 20,
    6 << 20,
    256 << 20,
    1L << 31,
    0xFFFF_FFFFL,
    1L << 32,
    1L << 46,
    1L << 62,
    Long.MIN_VALUE,
    -1,
    -4096,
    -1L << 20,
    4L << 20 | 6,
    5L << 20 | 7,
    6L << 20 | 6
  };

  @TempDir Path folder;

  @Test
  void onlyImageExceptionsComeOut() throws Exception {
    TestVhdx parent = TestVhdx.dynamic();
    Path named = parent.write(folder.resolve("base.vhdx"), parent.bytes.capacity());
    TestVhdx dynamic = TestVhdx.dynamic();
    TestVhdx child = TestVhdx.empty(4 * TestVhdx.MIB, 3).child(TestVhdx.locator("base.vhdx"));
    child.stored(0, 0).entry(1, TestVhdx.PARTIAL, 5).entry(4096, 6, 6).u64(6 << 20 | 256, 77);
    TestVhdx dirty = TestVhdx.dynamic().dirty();
    var log = new TestLog(dirty);
    byte[] table = TestLog.table(TestVhdx.FULL, 5);
    int second = log.entry(0, 0, 5, Change.data(TestVhdx.BAT, table));
    log.entry(second, 0, 6, Change.zero(TestVhdx.DATA, 8192), Change.data(TestVhdx.BAT, table));
    Path file = folder.resolve("a.vhdx");
    try (DiskImage onDisk = TestVhdx.open(named)) {
      // A parent in memory is as good as new after it was closed with a child.
      DiskImage below =
          new VhdxFormat()
              .open(
                  new MemorySource("base", parent.bytes.array()),
                  FakeContext.answering(file, onDisk));
      OpenContext context = FakeContext.answering(file, below);
      int read = 0;
      for (int seed = 0; seed < SEEDS; seed++) {
        TestVhdx vhdx = seed % 3 == 0 ? dynamic : seed % 3 == 1 ? child : dirty;
        read += tries(vhdx, seed, context) ? 1 : 0;
      }
      assertThat(read).as("images read").isBetween(SEEDS / 20, SEEDS * 19 / 20);
    }
  }

  /** Changes an image, opens it, and puts everything back; tells whether it was read. */
  private static boolean tries(TestVhdx vhdx, int seed, OpenContext context) throws IOException {
    byte[][] before = new byte[FIELDS.length][];
    for (int i = 0; i < FIELDS.length; i++) {
      before[i] = new byte[FIELDS[i][1]];
      vhdx.bytes.get(FIELDS[i][0], before[i]);
    }
    mutate(vhdx, new Random(seed));
    try (DiskImage image =
        new VhdxFormat().open(new MemorySource("seed " + seed, vhdx.bytes.array()), context)) {
      look(image);
      return true;
    } catch (ImageException e) {
      assertThat(e).hasMessageContaining(": found ");
      return false;
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      for (int i = 0; i < FIELDS.length; i++) {
        vhdx.bytes.put(FIELDS[i][0], before[i]);
      }
      seal(vhdx);
    }
  }

  private static void mutate(TestVhdx vhdx, Random random) {
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int[] field = FIELDS[random.nextInt(FIELDS.length)];
      int size = 1 << random.nextInt(4);
      int at = field[0] + random.nextInt(field[1] / size) * size;
      long value =
          random.nextInt(4) == 0 ? random.nextLong() : VALUES[random.nextInt(VALUES.length)];
      switch (size) {
        case 1 -> vhdx.u8(at, vhdx.bytes.get(at) ^ 1 << random.nextInt(8));
        case 2 -> vhdx.u16(at, (int) value);
        case 4 -> vhdx.u32(at, value);
        default -> vhdx.u64(at, value);
      }
    }
    seal(vhdx);
  }

  /** Repairs all checksums, so that what stands behind them is looked at. */
  private static void seal(TestVhdx vhdx) {
    vhdx.bytes.put(TestVhdx.REGIONS_2, vhdx.bytes.array(), TestVhdx.REGIONS_1, 65536);
    vhdx.sealed();
    for (int entry = TestVhdx.LOG; entry <= TestVhdx.LOG + 8192; entry += 8192) {
      int length = vhdx.bytes.getInt(entry + 8);
      if (length > 0 && length <= TestVhdx.MIB - 8192) {
        vhdx.seal(entry, length);
      }
    }
  }

  private static void look(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    int extents = 0;
    for (Extent e = cursor.next(); e != null && extents < MAX_EXTENTS; e = cursor.next()) {
      extents++;
    }
    int length = (int) Math.min(PIECE, image.size());
    for (long at : new long[] {0, image.size() / 2, image.size() - length}) {
      image.read(Math.min(at, image.size() - length), ByteBuffer.allocate(length));
    }
    assertThat(image.info().details()).isNotEmpty();
  }
}
