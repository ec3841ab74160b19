package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.compressible;
import static io.diskwright.format.TestImages.extents;
import static io.diskwright.format.TestImages.join;
import static io.diskwright.format.TestImages.random;
import static io.diskwright.format.TestImages.read;
import static io.diskwright.format.TestImages.readByExtents;
import static io.diskwright.format.qcow2.EncryptedImages.addByDisk;
import static io.diskwright.format.qcow2.EncryptedImages.addByFile;
import static io.diskwright.format.qcow2.EncryptedImages.withAes;
import static io.diskwright.format.qcow2.EncryptedImages.withLuks;
import static io.diskwright.format.qcow2.Images.deflate;
import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.crypt.ReferenceSectors;
import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images encrypted with LUKS and with AES. */
class Qcow2EncryptedTest {

  private static final int C = 1 << 16;

  @TempDir Path dir;

  private Path secret;

  @BeforeEach
  void writeSecret() throws IOException {
    secret = Files.writeString(dir.resolve("secret"), EncryptedImages.PASSPHRASE + "\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 12, 16, 21})
  void decryptsClustersByTheirPlaceInTheFile(int clusterBits) throws IOException {
    int c = 1 << clusterBits;
    Qcow2Builder image = withLuks(Qcow2Builder.v3(clusterBits, 7L * c));
    byte[][] plain = {random(c, 1), random(c, 2), random(c, 3)};
    addByFile(image, 4, plain[0]);
    addByFile(image, 1, plain[1]);
    addByFile(image, 2, plain[2]);
    image.entry(5, 1);

    byte[] expected = join(new byte[c], plain[1], plain[2], new byte[c], plain[0], new byte[2 * c]);
    assertReads(image, expected);
  }

  @Test
  void decryptsVersion2() throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.v2(12, 4 * 4096));
    byte[] plain = random(4096, 1);
    addByFile(image, 3, plain);

    assertReads(image, join(new byte[3 * 4096], plain));
  }

  @Test
  void decryptsSubclusters() throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.extended(16, 2 * C));
    byte[] plain = random(C, 4);
    addByFile(image, 1, plain);
    image.bitmap(1, 0x0000_0100_0000_000eL); // 1 to 3 allocated, 8 zero

    byte[] expected = new byte[2 * C];
    System.arraycopy(plain, 2048, expected, C + 2048, 3 * 2048);
    assertReads(image, expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 16})
  void decryptsAesByThePlaceOnTheDisk(int clusterBits) throws IOException {
    int c = 1 << clusterBits;
    Qcow2Builder image = withAes(Qcow2Builder.v3(clusterBits, 5L * c));
    byte[][] plain = {random(c, 1), random(c, 2)};
    addByDisk(image, 3, plain[0]);
    addByDisk(image, 1, plain[1]);

    assertReads(image, join(new byte[c], plain[1], new byte[c], plain[0], new byte[c]));
  }

  @Test
  void decryptsAnyPartOfASector() throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(12, 2 * 4096));
    byte[] plain = random(2 * 4096, 1);
    addByFile(image, 1, Arrays.copyOfRange(plain, 4096, 2 * 4096));
    addByFile(image, 0, Arrays.copyOf(plain, 4096));

    try (DiskImage disk = open(image)) {
      for (int from = 0; from < plain.length; from += 331) {
        for (int length : new int[] {1, 511, 512, 513, 1024, 4097}) {
          byte[] part = new byte[Math.min(length, plain.length - from)];
          disk.read(from, ByteBuffer.wrap(part));
          assertThat(part).isEqualTo(Arrays.copyOfRange(plain, from, from + part.length));
        }
      }
    }
  }

  @Test
  void decryptsNoMoreThanIsAskedFor() throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(21, 1 << 21));
    addByFile(image, 0, random(1 << 21, 1));

    try (DiskImage disk = open(image)) {
      assertThat(disk.extentAt(1000, 30))
          .isInstanceOfSatisfying(
              Extent.Encoded.class,
              extent -> {
                assertThat(extent.blockLength()).isEqualTo(1024);
                assertThat(extent.skip()).isEqualTo(488);
                assertThat(extent.length()).isEqualTo(30);
              });
      assertThat(extents(disk)).hasSize(32).allMatch(e -> e.length() == 1 << 16);
    }
  }

  @Test
  void readsADiskThatEndsInsideASector() throws IOException {
    Qcow2Builder image = withLuks(Qcow2Builder.v3(9, 1300));
    byte[] plain = random(1536, 6);
    for (int i = 0; i < 3; i++) {
      addByFile(image, i, Arrays.copyOfRange(plain, 512 * i, 512 * (i + 1)));
    }

    assertReads(image, Arrays.copyOf(plain, 1300));
  }

  /** qemu reads them so, and writes them when it is told to. */
  @Test
  void compressedClustersAreNotEncrypted() throws IOException {
    byte[] plain = compressible(C, 7);
    Qcow2Builder image = withLuks(Qcow2Builder.v3(16, 2 * C));
    image.compressed(0, deflate(plain));
    byte[] other = random(C, 8);
    addByFile(image, 1, other);

    assertReads(image, join(plain, other));
  }

  @Test
  void unlocksAWholeChain() throws IOException {
    Qcow2Builder base = withLuks(Qcow2Builder.v3(16, 3 * C));
    byte[][] plain = {random(C, 1), random(C, 2), random(C, 3)};
    addByFile(base, 0, plain[0]);
    addByFile(base, 1, plain[1]);
    base.writeTo(dir.resolve("base"));
    Qcow2Builder image = withAes(Qcow2Builder.v3(16, 3 * C).backing("base", "qcow2"));
    addByDisk(image, 1, plain[2]);

    assertReads(image, join(plain[0], plain[2], new byte[C]));
  }

  /** The guest sees what the hole's zeros decrypt to, as it does in qemu. */
  @Test
  void takesHolesForEncryptedZeros() throws IOException {
    Qcow2Builder image = withAes(Qcow2Builder.v3(16, C)).data(0, new byte[C]);
    long end = image.end();
    Path file = image.truncatedTo(dir.resolve("image"), end - C);
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(end);
    }

    try (DiskImage disk = open(file)) {
      assertThat(extents(disk)).allMatch(Extent.Encoded.class::isInstance);
      byte[] read = read(disk);
      assertThat(ReferenceSectors.encrypt("cbc-plain64", EncryptedImages.AES_KEY, read, 0))
          .containsOnly(0);
    }
  }

  @Test
  void saysHowItIsEncrypted() throws IOException {
    try (DiskImage disk = open(withLuks(Qcow2Builder.v3(16, C)))) {
      assertThat(disk.info().details()).containsEntry("encryption", "LUKS1, aes-128-xts-plain64");
      assertThat(disk.info().anomalies()).isEmpty();
    }
    try (DiskImage disk = open(withAes(Qcow2Builder.v3(16, C)))) {
      assertThat(disk.info().details()).containsEntry("encryption", "AES, aes-128-cbc-plain64");
      assertThat(disk.info().anomalies())
          .extracting(Anomaly::kind)
          .containsExactly(Anomaly.Kind.UNVERIFIED_PASSPHRASE);
    }
  }

  private void assertReads(Qcow2Builder image, byte[] expected) throws IOException {
    try (DiskImage disk = open(image)) {
      assertThat(read(disk)).isEqualTo(expected);
      assertThat(readByExtents(disk)).isEqualTo(expected);
    }
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return open(image.writeTo(dir.resolve("image")));
  }

  private DiskImage open(Path file) throws IOException {
    return Formats.open(file, OpenOptions.defaults().withSecretFile(Optional.of(secret)));
  }
}
