package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.disk.ImageInfo.Snapshot;
import io.diskwright.io.CorruptImage;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.DiskBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules about formats, on files that carry the signatures. */
final class FormatRulesTest {

  @TempDir private Path folder;

  @Test
  void recognizesARawDiskByItsPartitionTable() throws IOException {
    Path file = file("disk.raw", Disks.linux().bytes());
    assertThat(Judge.by("format.recognized").of(file, TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void recognizesNoDiskInNoise() throws IOException {
    DiskBuilder noise = Disks.random(new DiskBuilder(Disks.MIB), 0, Disks.MIB);
    Path file = file("disk.raw", noise.bytes());
    assertThat(Judge.by("format.recognized").of(file, TestImage.of(noise)).status())
        .isEqualTo(Status.FAIL);
    assertThat(Judge.by("format.raw-not-disguised").of(file, TestImage.of(noise)).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void warnsOfANameThatSaysAnotherFormat() throws IOException {
    Path file = file("disk.vmdk", Disks.linux().bytes());
    Outcome outcome = Judge.by("format.recognized").of(file, TestImage.of(Disks.linux()));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(outcome.message()).contains("vmdk").contains("raw");
  }

  @Test
  void judgesAnUnfinishedOutputByItsFinalName() throws IOException {
    Path file = file("disk.raw.partial", Disks.linux().bytes());
    assertThat(Judge.by("format.recognized").of(file, TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void failsTwoContradictorySignatures() throws IOException {
    byte[] bytes = qcow2(3, 0);
    ByteBuffer.wrap(bytes).put(bytes.length - 512, ascii("conectix"));
    Path file = file("disk.qcow2", bytes);
    Outcome outcome =
        Judge.by("format.recognized").of(file, TestImage.of(Disks.linux()).format("qcow2", "v3"));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(outcome.message()).contains("vhd");
  }

  @Test
  void acceptsWhatTheProfileTakes() throws IOException {
    Path file = file("disk.raw", Disks.linux().bytes());
    TestImage raw = TestImage.of(Disks.linux());
    assertThat(Judge.by("format.accepted").of(file, raw).status()).isEqualTo(Status.PASS);
    assertThat(Judge.by("format.accepted").in("azure").of(file, raw).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            Judge.by("format.accepted")
                .in("aws")
                .of(file, TestImage.of(Disks.linux()).format("vmdk", "monolithicSparse"))
                .evidence())
        .extracting(Evidence::expected)
        .first()
        .asString()
        .contains("vmdk (streamOptimized)");
  }

  @Test
  void namesTheConditionOfQcow2() throws IOException {
    Path file = file("disk.qcow2", qcow2(3, 0));
    TestImage image = TestImage.of(Disks.linux()).format("qcow2", "v3");
    Outcome accepted = Judge.by("format.accepted").of(file, image);
    assertThat(accepted.status()).isEqualTo(Status.PASS);
    assertThat(accepted.message()).contains("ticket");
    Outcome ticket = Judge.by("format.qcow2-ticket").of(file, image);
    assertThat(ticket.status()).isEqualTo(Status.FAIL);
    assertThat(ticket.severity(Severity.WARNING)).isEqualTo(Severity.WARNING);
  }

  @Test
  void refusesQcow2WithFeaturesEverywhere() throws IOException {
    Path file = file("disk.qcow2", qcow2(3, 8));
    TestImage image = TestImage.of(Disks.linux()).format("qcow2", "v3");
    assertThat(Judge.by("format.accepted").in("gcp").of(file, image).status())
        .isEqualTo(Status.FAIL);
    assertThat(Judge.by("format.qcow2-ticket").of(file, image).severity(Severity.WARNING))
        .isEqualTo(Severity.ERROR);
  }

  @Test
  void takesTheFirstQcowForAFormatOfItsOwn() throws IOException {
    Path file = file("one.qcow", qcow2(1, 0));
    TestImage image = TestImage.of(Disks.linux()).format("qcow", "v1");
    assertThat(Judge.by("format.recognized").of(file, image).status()).isEqualTo(Status.PASS);
    assertThat(Judge.by("format.accepted").of(file, image).message()).contains("qcow (v1)");
  }

  @Test
  void asksForNoTicketForOtherFormats() {
    assertThat(Judge.by("format.qcow2-ticket").of(TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void recommendsVhd() {
    TestImage vhd = TestImage.of(Disks.linux()).format("vhd", "fixed");
    TestImage vdi = TestImage.of(Disks.linux()).format("vdi", "dynamic");
    assertThat(Judge.by("format.vhd-recommended").of(TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.FAIL);
    assertThat(Judge.by("format.vhd-recommended").of(vhd).status()).isEqualTo(Status.PASS);
    assertThat(Judge.by("format.vhd-recommended").of(vdi).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void findsAnIsoInDisguise() throws IOException {
    DiskBuilder iso = new DiskBuilder(Disks.MIB).text(0x8001, "CD001");
    Path file = file("disk.raw", iso.bytes());
    assertThat(Judge.by("format.raw-not-disguised").of(file, TestImage.of(iso)).message())
        .contains("iso");
    Outcome accepted = Judge.by("format.accepted").of(file, TestImage.of(iso));
    assertThat(accepted.status()).isEqualTo(Status.FAIL);
    assertThat(accepted.message()).contains("installation medium");
  }

  @Test
  void forgivesTheMarkOfAnIsoBesideASystem() throws IOException {
    DiskBuilder disk = Disks.linux().text(0x8001, "CD001");
    Path file = file("disk.raw", disk.bytes());
    assertThat(Judge.by("format.raw-not-disguised").of(file, TestImage.of(disk)).status())
        .isEqualTo(Status.PASS);
    assertThat(Judge.by("format.accepted").of(file, TestImage.of(disk)).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void findsArchivesAndContainersInDisguise() throws IOException {
    for (String[] magic :
        new String[][] {
          {"gzip", "\u001f\u008b\b"},
          {"zip", "PK\u0003\u0004"},
          {"xz", "\u00fd7zXZ\0"},
          {"qcow2", "QFI\u00fb"},
          {"vmdk", "KDMV"},
          {"vhdx", "vhdxfile"}
        }) {
      DiskBuilder disk = new DiskBuilder(Disks.MIB).text(0, magic[1]);
      Path file = file(magic[0] + ".raw", disk.bytes());
      assertThat(Judge.by("format.raw-not-disguised").of(file, TestImage.of(disk)).message())
          .contains(magic[0]);
    }
  }

  @Test
  void wantsWholeSectorsInRaw() throws IOException {
    byte[] bytes = new byte[8 * Disks.MIB + 100];
    System.arraycopy(Disks.linux().bytes(), 0, bytes, 0, 8 * Disks.MIB);
    Outcome outcome =
        Judge.by("format.raw-not-disguised")
            .of(file("disk.raw", bytes), TestImage.of(Disks.linux()));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.message()).contains("sectors");
  }

  @Test
  void leavesOtherFormatsToTheirOwnRules() {
    TestImage vdi = TestImage.of(Disks.linux()).format("vdi", "dynamic");
    assertThat(Judge.by("format.raw-not-disguised").of(vdi).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void wantsOneFile() {
    TestImage image = TestImage.of(Disks.linux()).format("qcow2", "v3");
    assertThat(Judge.by("format.standalone").of(image).status()).isEqualTo(Status.PASS);
    image.snapshots(new Snapshot("one", 1));
    assertThat(Judge.by("format.standalone").of(image).message()).contains("1 snapshot");
    image.externalFiles(new ExternalFile("backing file", Path.of("base.qcow2")));
    Outcome outcome = Judge.by("format.standalone").of(image);
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.evidence())
        .containsExactly(new Evidence("backing file", "base.qcow2", "none"));
    assertThat(Judge.by("format.standalone").of(TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void reportsWhatTheContainerSaysOfItself() {
    TestImage image = TestImage.of(Disks.linux()).format("qcow2", "v3");
    assertThat(Judge.by("format.container-integrity").of(image).status()).isEqualTo(Status.UNKNOWN);
    image.anomalies(anomaly(Anomaly.Kind.IGNORED_CONTENT));
    assertThat(Judge.by("format.container-integrity").of(image).status()).isEqualTo(Status.UNKNOWN);
    image.anomalies(anomaly(Anomaly.Kind.DIRTY));
    Outcome dirty = Judge.by("format.container-integrity").of(image);
    assertThat(dirty.status()).isEqualTo(Status.FAIL);
    assertThat(dirty.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    image.anomalies(anomaly(Anomaly.Kind.MARKED_CORRUPT));
    assertThat(Judge.by("format.container-integrity").of(image).severity(Severity.ERROR))
        .isEqualTo(Severity.ERROR);
  }

  @Test
  void failsAContainerThatDoesNotYieldItsDisk() {
    TestImage image =
        TestImage.of(Disks.linux())
            .format("qcow2", "v3")
            .damaged(new CorruptImage("x", "L2 entry", 0x1000, "past the end", "inside the file"));
    Outcome outcome = Judge.by("format.container-integrity").of(image);
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.evidence())
        .containsExactly(
            new Evidence("L2 entry at offset 0x1000", "past the end", "inside the file"));
  }

  @Test
  void findsNoTablesInRaw() {
    assertThat(Judge.by("format.container-integrity").of(TestImage.of(Disks.linux())).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  private static Anomaly anomaly(Anomaly.Kind kind) {
    return new Anomaly(kind, "header", 8, "1", "0");
  }

  private static byte[] qcow2(int version, long incompatible) {
    return ByteBuffer.allocate(65536)
        .put(0, new byte[] {'Q', 'F', 'I', (byte) 0xFB})
        .putInt(4, version)
        .putLong(72, incompatible)
        .array();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
