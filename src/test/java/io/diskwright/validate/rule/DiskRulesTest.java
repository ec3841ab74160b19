package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.DiskBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules about the disk as a whole. */
final class DiskRulesTest {

  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "42949672960, PASS",
    "42949672959, FAIL",
    "42949017600, FAIL",
    "536870912000, PASS",
    "536870912001, FAIL",
    "0, FAIL"
  })
  void countsGibibytes(long size, Status expected) {
    assertThat(range(size).status()).isEqualTo(expected);
  }

  @Test
  void explainsADecimalSize() {
    assertThat(range(40_000_000_000L).message())
        .contains("40000000000 bytes (37.25 GiB)")
        .contains("40 GB decimal")
        .contains("grow the disk to 40 GiB");
    assertThat(range(39_999_999_999L).message()).doesNotContain("decimal");
    assertThat(range(500_000_000_001L).message()).contains("above 500 GB decimal");
    assertThat(range(500_000_000_000L).message()).doesNotContain("decimal");
  }

  @Test
  void offersToGrowButNotToShrink() {
    assertThat(range(GIB).fix()).isEmpty();
    assertThat(range(501 * GIB).fix()).isEqualTo(Optional.of(Fix.TOOL));
  }

  @Test
  void knowsNoLimitsWhereNoneAreStated() {
    var rule = Judge.by("disk.virtual-size-range").in("gcp");
    assertThat(rule.of(TestImage.empty(1)).status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(Judge.by("disk.virtual-size-range").in("aws").of(TestImage.empty(1L << 44)).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void saysWhatToEnterAtImport() throws IOException {
    Path file = Files.write(folder.resolve("disk.raw"), new byte[100]);
    assertThat(Judge.by("disk.import-size").of(file, TestImage.empty(41 * GIB + 1)).message())
        .contains("42 GiB");
    assertThat(Judge.by("disk.import-size").of(file, TestImage.empty(GIB)).message())
        .contains("40 GiB");
  }

  @Test
  void wantsTheImportersMultiple() {
    assertThat(rounding("alibaba", 40 * GIB)).isEqualTo(Status.PASS);
    assertThat(rounding("alibaba", 40 * GIB + 1)).isEqualTo(Status.PASS);
    assertThat(rounding("alibaba", 500 * GIB + 1)).isEqualTo(Status.FAIL);
    assertThat(rounding("azure", 40 * GIB + (1 << 20))).isEqualTo(Status.PASS);
    assertThat(rounding("azure", 40 * GIB + 512)).isEqualTo(Status.FAIL);
    assertThat(rounding("gcp", 40 * GIB + (1 << 20))).isEqualTo(Status.FAIL);
  }

  @Test
  void findsDataOnADisk() {
    assertThat(Judge.by("disk.not-empty").of(TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.PASS);
    DiskBuilder unknown =
        new DiskBuilder(8 * Disks.MIB).entry(0, 1, 0, 0x83, 2048, 4096).u8(2 * Disks.MIB - 1, 7);
    assertThat(Judge.by("disk.not-empty").of(TestImage.of(unknown)).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void findsAnEmptyDisk() {
    assertThat(Judge.by("disk.not-empty").of(TestImage.empty(40 * GIB)).message())
        .contains("empty");
    assertThat(Judge.by("disk.not-empty").of(TestImage.empty(0)).status()).isEqualTo(Status.FAIL);
    DiskBuilder table = new DiskBuilder(512).entry(0, 1, 0, 0x83, 2048, 4096);
    assertThat(Judge.by("disk.not-empty").of(TestImage.of(table, 40 * GIB)).status())
        .isEqualTo(Status.FAIL);
    DiskBuilder noise = Disks.random(new DiskBuilder(Disks.MIB), 0, Disks.MIB);
    assertThat(Judge.by("disk.not-empty").of(TestImage.of(noise, 40 * GIB)).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void leavesOpenWhatLiesBehindZeros() {
    DiskBuilder hidden =
        new DiskBuilder(8 * Disks.MIB).entry(0, 1, 0, 0x83, 2048, 14336).u8(5 * Disks.MIB, 7);
    assertThat(Judge.by("disk.not-empty").of(TestImage.of(hidden)).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsSectorsOf4096Bytes() {
    var rule = Judge.by("disk.sector-size-512");
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestImage.of(Disks.gpt())).status()).isEqualTo(Status.PASS);
    DiskBuilder large =
        Disks.ntfs(Disks.windows(), Disks.MIB, 7 * Disks.MIB).u16(Disks.MIB + 0x0B, 4096);
    assertThat(rule.of(TestImage.of(large)).status()).isEqualTo(Status.FAIL);
    DiskBuilder gpt = new DiskBuilder(8 * Disks.MIB).protectiveMbr().header(8, 2047, 16);
    gpt.u64(8 * 512 + 24, 1).headerChecksum(8);
    assertThat(rule.of(TestImage.of(gpt)).evidence())
        .containsExactly(new Evidence("GPT header", "at byte 4096", "at byte 512"));
  }

  @Test
  void leavesTheSectorSizeOpenWithoutContent() {
    var rule = Judge.by("disk.sector-size-512");
    DiskBuilder empty = new DiskBuilder(8 * Disks.MIB).entry(0, 1, 0, 0x83, 2048, 4096);
    assertThat(rule.of(TestImage.of(empty)).status()).isEqualTo(Status.UNKNOWN);
    assertThat(rule.of(TestImage.empty(GIB)).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void findsACompleteDisk() throws IOException {
    assertThat(complete(TestImage.of(Disks.linux())).status()).isEqualTo(Status.PASS);
    assertThat(complete(TestImage.of(Disks.windows())).status()).isEqualTo(Status.PASS);
    assertThat(complete(TestImage.of(Disks.gpt())).status()).isEqualTo(Status.PASS);
    DiskBuilder volume = Disks.ext4(new DiskBuilder(Disks.MIB), 0, Disks.MIB);
    assertThat(complete(TestImage.of(volume)).status()).isEqualTo(Status.PASS);
  }

  @Test
  void saysHowMuchIsMissing() throws IOException {
    DiskBuilder cut = Disks.linux().entry(0, 1, 0x80, 0x83, 2048, 14 * 1024 + 3);
    Outcome outcome = complete(TestImage.of(cut));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.message()).contains("by 1536 bytes");
    DiskBuilder filesystem = Disks.ext4(Disks.linux(), Disks.MIB, 9 * Disks.MIB);
    assertThat(complete(TestImage.of(filesystem)).message()).contains("by 2097152 bytes");
    DiskBuilder ntfs = Disks.ntfs(Disks.windows(), Disks.MIB, 7 * Disks.MIB + 512);
    assertThat(complete(TestImage.of(ntfs)).message()).contains("by 512 bytes");
    DiskBuilder fat = Disks.fat(new DiskBuilder(Disks.MIB), 0, 2 * Disks.MIB);
    assertThat(complete(TestImage.of(fat)).message()).contains("by 1048576 bytes");
  }

  @Test
  void findsAGptThatWasCutOff() throws IOException {
    byte[] head = new byte[7 * Disks.MIB];
    System.arraycopy(Disks.gpt().bytes(), 0, head, 0, head.length);
    Outcome outcome = complete(TestImage.of(new DiskBuilder(head.length).put(0, head)));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.message()).contains("by 1048576 bytes");
  }

  @Test
  void findsAFixedVhdWhoseFileIsTooShort() throws IOException {
    TestImage image = TestImage.of(Disks.linux()).format("vhd", "fixed");
    assertThat(complete(image).message()).contains("truncated");
  }

  @Test
  void leavesOpenWhereADiskWithoutContentEnds() throws IOException {
    assertThat(complete(TestImage.empty(GIB)).status()).isEqualTo(Status.UNKNOWN);
  }

  private Outcome complete(TestImage image) throws IOException {
    return Judge.by("disk.complete").of(Files.write(folder.resolve("disk"), new byte[1]), image);
  }

  private static Outcome range(long size) {
    return Judge.by("disk.virtual-size-range").of(TestImage.empty(size));
  }

  private static Status rounding(String profile, long size) {
    Outcome outcome = Judge.by("disk.size-rounding").in(profile).of(TestImage.empty(size));
    assertThat(outcome.severity(Severity.INFO)).isEqualTo(Severity.INFO);
    return outcome.status();
  }
}
