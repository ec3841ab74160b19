package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.join;
import static io.diskwright.format.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** External data files: what is read of them, and what is refused. */
class Qcow2DataFileTest {

  private static final int C = 1 << 12;
  private static final int DATA_FILE_BIT = 1 << 2;
  private static final int DATA_FILE_NAME = 0x44415441;
  private static final int AUTOCLEAR_AT = 88;
  private static final long COPIED = Qcow2Builder.COPIED;

  @TempDir Path dir;

  @Test
  void readsClustersAtTheirOwnOffsets() throws IOException {
    byte[] data = random(6 * C, 1);
    Files.write(dir.resolve("data"), data);
    var image = named("data", 6 * C).entry(0, COPIED).entry(1, COPIED | C).entry(3, COPIED | 3 * C);
    image.entry(4, 1).entry(5, 5 * C | 1);
    byte[] expected = new byte[6 * C];
    System.arraycopy(data, 0, expected, 0, 2 * C);
    System.arraycopy(data, 3 * C, expected, 3 * C, C);
    try (DiskImage disk = open(image)) {
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
      assertThat(disk.extentAt(0, 6 * C))
          .isInstanceOfSatisfying(
              Extent.Data.class,
              e -> {
                assertThat(e.length()).isEqualTo(2 * C);
                assertThat(e.sourceOffset()).isZero();
                assertThat(e.source().describe()).endsWith("data");
              });
      assertThat(disk.info().externalFiles())
          .containsExactly(new ExternalFile("data-file", dir.toRealPath().resolve("data")));
      assertThat(disk.info().details()).containsEntry("raw data file", "false");
      assertThat(disk.info().anomalies()).isEmpty();
    }
  }

  @Test
  void findsTheFirstClusterBehindAGap() throws IOException {
    byte[] data = random(3 * C, 1);
    Files.write(dir.resolve("data"), data);
    var image = named("data", 3 * C).entry(2, COPIED | 2 * C);
    byte[] expected = join(new byte[2 * C], Arrays.copyOfRange(data, 2 * C, 3 * C));
    check(image, expected);
    check(named("data", 3 * C).entry(0, 0), new byte[3 * C]);
  }

  @Test
  void readsSubclusters() throws IOException {
    int cluster = 1 << 14;
    byte[] data = random(2 * cluster, 1);
    Files.write(dir.resolve("data"), data);
    var image = named(Qcow2Builder.extended(14, 2 * cluster), "data");
    image.entry(0, COPIED).bitmap(0, 0xffff).entry(1, COPIED | cluster).bitmap(1, 0xffffffffL);
    byte[] expected = data.clone();
    Arrays.fill(expected, cluster / 2, cluster, (byte) 0);
    check(image, expected);
    var none = named(Qcow2Builder.extended(14, cluster), "data").entry(0, 0).bitmap(0, 1);
    refuses(none, CorruptImage.class, "allocated subclusters");
  }

  @Test
  void readsADataFileThatEndsWithTheDisk() throws IOException {
    byte[] data = random(C + 1536, 1);
    Files.write(dir.resolve("data"), data);
    check(named("data", C + 1536).entry(0, COPIED).entry(1, COPIED | C), data);
  }

  @Test
  void readsABackingFileBesideADataFile() throws IOException {
    byte[] data = random(2 * C, 1);
    byte[] below = random(2 * C, 2);
    Files.write(dir.resolve("data"), data);
    Files.write(dir.resolve("base"), below);
    var image = named("data", 2 * C).backing("base", "raw").entry(0, COPIED);
    byte[] expected = below.clone();
    System.arraycopy(data, 0, expected, 0, C);
    check(image, expected);
    assertThatThrownBy(() -> open(image.u64(AUTOCLEAR_AT, 2)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("autoclear_features at offset 0x58: found bit 1")
        .hasMessageContaining("together with a backing file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../data",
        "json:{\"driver\":\"file\"}",
        "nbd://127.0.0.1/x",
        "missing",
        "http://host/x",
        "file:data",
        "C:\\data",
        "\\\\host\\data",
        "/dev/zero",
        ".",
        "",
        "data\0x"
      })
  void refusesUnsafeNames(String name) throws IOException {
    Files.write(dir.resolve("data"), new byte[C]);
    refuses(named(name, C), UnsafeReference.class, "data-file at offset 0x70: found '");
    refuses(
        named(name, C).u64(AUTOCLEAR_AT, 2),
        UnsafeReference.class,
        "data-file at offset 0x70: found '");
  }

  @Test
  void refusesLinksThatLeadOutside() throws IOException {
    Files.createSymbolicLink(dir.resolve("link"), Path.of("/etc/hostname"));
    refuses(named("link", C), UnsafeReference.class, "data-file at offset 0x70: found 'link'");
    Files.createSymbolicLink(dir.resolve("zero"), Path.of("/dev/zero"));
    refuses(named("zero", C), UnsafeReference.class, "data-file at offset 0x70: found 'zero'");
  }

  @Test
  void refusesTheImageItself() throws IOException {
    refuses(named("image", C), UnsafeReference.class, "found 'image', the image itself");
    Files.createSymbolicLink(dir.resolve("symlink"), Path.of("image"));
    refuses(named("symlink", C), UnsafeReference.class, "found 'symlink', the image itself");
    Path file = named("hard", C).writeTo(dir.resolve("original"));
    Files.createLink(dir.resolve("hard"), file);
    assertThatThrownBy(() -> Images.open(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("found 'hard', the image itself");
  }

  @Test
  void refusesAnyNameWhenNoneIsAllowed() throws IOException {
    Files.write(dir.resolve("data"), new byte[C]);
    Path file = named("data", C).writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("--external deny");
  }

  @Test
  void refusesANameThatIsNone() throws IOException {
    refuses(
        Qcow2Builder.v3(12, C).incompatible(DATA_FILE_BIT),
        CorruptImage.class,
        "incompatible_features at offset 0x48: found bit 2");
    var invalid = Qcow2Builder.v3(12, C).incompatible(DATA_FILE_BIT);
    invalid.extension(DATA_FILE_NAME, new byte[] {'d', (byte) 0xff});
    refuses(invalid, UnsafeReference.class, "external data file at offset 0x70");
    refuses(named("a".repeat(1024), C), CorruptImage.class, "up to 1023 bytes");
  }

  @Test
  void refusesClustersThatLieElsewhere() throws IOException {
    Files.write(dir.resolve("data"), random(4 * C, 1));
    String message = "L2 entry at offset 0x4008: found offset ";
    refuses(named("data", 2 * C).entry(1, COPIED | 2 * C), CorruptImage.class, message);
    refuses(named("data", 2 * C).entry(1, COPIED), CorruptImage.class, message + "0 in the data");
    refuses(named("data", 2 * C).entry(0, C), CorruptImage.class, "found offset 4096");
  }

  @Test
  void refusesCompressedClusters() throws IOException {
    Files.write(dir.resolve("data"), random(4 * C, 1));
    var image = named("data", 2 * C);
    image.compressed(1, Images.deflate(random(C, 1)));
    refuses(image, CorruptImage.class, "L2 entry at offset 0x4008: found a compressed cluster");
  }

  @Test
  void refusesADataFileThatIsTooShort() throws IOException {
    Files.write(dir.resolve("data"), random(C + 100, 1));
    var image = named("data", 3 * C).entry(0, COPIED).entry(1, COPIED | C);
    refuses(image, CorruptImage.class, "data: data at offset 0x0");
    refuses(
        named("data", 3 * C).entry(2, COPIED | 2 * C),
        CorruptImage.class,
        "L2 entry at offset 0x4010: found offset 8192");
    Files.write(dir.resolve("data"), new byte[0]);
    refuses(image, CorruptImage.class, "below the length 0 of ");
  }

  @Test
  void refusesToReadASnapshot() throws IOException {
    Files.write(dir.resolve("data"), new byte[C]);
    Path file = named("data", C).writeTo(dir.resolve("image"));
    assertThatThrownBy(() -> Images.open(file, "1"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("an external data file, which keeps no snapshot '1'");
  }

  private static Qcow2Builder named(String name, long size) {
    return named(Qcow2Builder.v3(12, size), name);
  }

  private static Qcow2Builder named(Qcow2Builder image, String name) {
    return image
        .incompatible(DATA_FILE_BIT)
        .extension(DATA_FILE_NAME, name.getBytes(StandardCharsets.UTF_8));
  }

  private void refuses(Qcow2Builder image, Class<? extends ImageException> type, String message) {
    assertThatThrownBy(
            () -> {
              try (DiskImage disk = open(image)) {
                TestImages.read(disk);
              }
            })
        .isInstanceOf(type)
        .hasMessageContaining(dir.toString())
        .hasMessageContaining(message);
  }

  private void check(Qcow2Builder image, byte[] expected) throws IOException {
    try (DiskImage disk = open(image)) {
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
    }
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return Images.open(image.writeTo(dir.resolve("image")));
  }
}
