package io.diskwright.format.vhdx;

import static io.diskwright.format.vhdx.TestVhdx.BAT;
import static io.diskwright.format.vhdx.TestVhdx.DATA;
import static io.diskwright.format.vhdx.TestVhdx.FULL;
import static io.diskwright.format.vhdx.TestVhdx.MIB;
import static io.diskwright.format.vhdx.TestVhdx.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.vhd.Qemu;
import io.diskwright.format.vhdx.TestLog.Change;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("interop")
class VhdxInteropTest {

  @TempDir Path folder;

  /** Three stored blocks, of which the table in the file does not know the first. */
  private final TestVhdx vhdx =
      TestVhdx.empty(4 * MIB, 3).stored(0, 0).stored(1, 1).stored(2, 2).entry(0, ZERO, 0).dirty();

  /** qemu reads all that is zero byte by byte, so the disks are small. */
  @ParameterizedTest
  @CsvSource({
    "dynamic, 1M, on, 3145728",
    "dynamic, 1M, off, 8000512",
    "dynamic, 2M, on, 8000512",
    "dynamic, 256M, off, 4831838720",
    "dynamic, 32M, on, 300000256",
    "dynamic, 0, on, 1073741824",
    "fixed, 1M, on, 8000512",
    "fixed, 8M, off, 20000256",
    "fixed, 16M, on, 107374592",
  })
  void readsWhatQemuWrote(String subformat, String blockSize, String zero, long size)
      throws Exception {
    Path image = folder.resolve("a.vhdx");
    String options =
        "subformat=" + subformat + ",block_size=" + blockSize + ",block_state_zero=" + zero;
    Qemu.run("qemu-img", "create", "-f", "vhdx", "-o", options, image, size);
    Qemu.write(image, "vhdx", size);
    Qemu.assertSameAsQemu(image, "vhdx", folder);
    try (DiskImage opened = TestVhdx.open(image)) {
      assertThat(opened.info().subformat()).isEqualTo(subformat);
      assertThat(opened.size()).isEqualTo(size);
      assertThat(opened.info().anomalies()).isEmpty();
      assertThat(opened.info().creator().orElseThrow()).startsWith("QEMU");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "fixed"})
  void readsWhatQemuConverted(String subformat) throws Exception {
    Path raw = folder.resolve("a.raw");
    Path image = folder.resolve("a.vhdx");
    Qemu.run("qemu-img", "create", "-f", "raw", raw, 20_000_256);
    Qemu.write(raw, "raw", 20_000_256);
    String option = "subformat=" + subformat;
    Qemu.run("qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", option, raw, image);
    Qemu.assertSameAsQemu(image, "vhdx", folder);
  }

  /** What diskwright takes for an image qemu takes for one, too. */
  @Test
  void qemuReadsTheImagesThatTestsAreMadeOf() throws Exception {
    Qemu.assertSameAsQemu(TestVhdx.dynamic().write(folder), "vhdx", folder);
  }

  /**
   * qemu replays a log only by writing into the image; it may do that to a copy. A sequence that
   * goes round the end of the log it does not put together, but a single entry may do so.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 249})
  void replaysALogAsQemuDoes(int sector) throws Exception {
    var log = new TestLog(vhdx);
    int second = log.entry(sector, sector, 41, Change.zero(DATA + 8192, 65536));
    int third =
        log.entry(
            second,
            sector,
            42,
            Change.data(BAT, table()),
            Change.data(DATA + 12288, other()),
            Change.zero(DATA + MIB + 4096, 4096));
    log.entry(third, sector, 43, Change.data(DATA + MIB + 8192, other()));
    assertReplayedAsQemuDoes("3 entries with 5 changes");
  }

  @ParameterizedTest
  @ValueSource(ints = {253, 254, 255})
  void replaysAnEntryRoundTheEndAsQemuDoes(int sector) throws Exception {
    new TestLog(vhdx)
        .entry(
            sector,
            sector,
            41,
            Change.data(BAT, table()),
            Change.data(DATA + 12288, other()),
            Change.zero(DATA + 65536, 65536),
            Change.data(DATA + MIB + 8192, other()));
    assertReplayedAsQemuDoes("1 entry with 4 changes");
  }

  /** The BAT sector as it is after the first block was put back. */
  private byte[] table() {
    byte[] table = Arrays.copyOfRange(vhdx.bytes.array(), BAT, BAT + TestLog.SECTOR);
    table[0] = FULL;
    table[2] = (byte) (DATA >> 16);
    return table;
  }

  private byte[] other() {
    return Arrays.copyOfRange(vhdx.bytes.array(), DATA, DATA + TestLog.SECTOR);
  }

  private void assertReplayedAsQemuDoes(String state) throws Exception {
    Path image = vhdx.write(folder);
    Path repaired = Files.copy(image, folder.resolve("repaired.vhdx"));
    Path raw = folder.resolve("expected.raw");
    Qemu.run("qemu-img", "check", "-f", "vhdx", "-r", "all", repaired);
    Qemu.run("qemu-img", "convert", "-f", "vhdx", "-O", "raw", repaired, raw);
    try (DiskImage opened = TestVhdx.open(image)) {
      assertThat(Arrays.mismatch(TestVhdx.content(opened), Files.readAllBytes(raw))).isNegative();
      assertThat(opened.info().details().get("log")).startsWith(state);
    }
    try (DiskImage opened = TestVhdx.open(repaired)) {
      assertThat(Arrays.mismatch(TestVhdx.content(opened), Files.readAllBytes(raw))).isNegative();
      assertThat(opened.info().details()).containsEntry("log", "empty");
    }
  }
}
