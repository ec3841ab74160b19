package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended L2 entries. */
class Qcow2SubclusterTest {

  private static final long ALL_ALLOCATED = 0xffff_ffffL;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {14, 16, 21})
  void mixesEveryKindInOneCluster(int clusterBits) throws IOException {
    int cluster = 1 << clusterBits;
    int sub = cluster / 32;
    byte[] data = random(cluster, 1);
    byte[] below = random(2 * cluster, 2);
    Files.write(dir.resolve("base"), below);
    var image =
        Qcow2Builder.extended(clusterBits, 2L * cluster)
            .backing("base", "raw")
            .data(0, data)
            .bitmap(0, 0x8000_0001L | 0b110L << 32 | 0b11000L);
    byte[] expected = below.clone();
    System.arraycopy(data, 0, expected, 0, sub);
    Arrays.fill(expected, sub, 3 * sub, (byte) 0);
    System.arraycopy(data, 3 * sub, expected, 3 * sub, 2 * sub);
    System.arraycopy(data, 31 * sub, expected, 31 * sub, sub);
    try (DiskImage disk = open(image)) {
      assertThat(TestImages.read(disk)).isEqualTo(expected);
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
      assertThat(disk.extentAt(sub, 2L * cluster - sub))
          .isEqualTo(new Extent.Zero(sub, 2L * sub, true));
      assertThat(disk.info().details()).containsEntry("extended l2", "true");
    }
  }

  @Test
  void joinsWholeClusters() throws IOException {
    var image = Qcow2Builder.extended(14, 8 << 14);
    for (int i = 0; i < 3; i++) {
      image.data(i, random(1 << 14, i)).bitmap(i, ALL_ALLOCATED);
    }
    image.bitmap(3, ALL_ALLOCATED << 32).bitmap(4, ALL_ALLOCATED << 32);
    try (DiskImage disk = open(image)) {
      assertThat(disk.extentAt(0, 8 << 14).length()).isEqualTo(3 << 14);
      assertThat(disk.extentAt(3 << 14, 5 << 14))
          .isEqualTo(new Extent.Zero(3 << 14, 2 << 14, true));
      assertThat(disk.extentAt(5 << 14, 3 << 14))
          .isEqualTo(new Extent.Zero(5 << 14, 3 << 14, false));
    }
  }

  @Test
  void doesNotJoinAcrossHolesOfTheNextCluster() throws IOException {
    byte[] data = random(2 << 14, 1);
    var image = Qcow2Builder.extended(14, 2 << 14);
    byte[] expected = new byte[2 << 14];
    for (int i = 0; i < 2; i++) {
      image.data(i, Arrays.copyOfRange(data, i << 14, i + 1 << 14)).bitmap(i, 0xffff_0000L);
      System.arraycopy(data, (i << 14) + 8192, expected, (i << 14) + 8192, 8192);
    }
    try (DiskImage disk = open(image)) {
      assertThat(TestImages.readByExtents(disk)).isEqualTo(expected);
      assertThat(disk.extentAt(8192, (2 << 14) - 8192).length()).isEqualTo(8192);
    }
  }

  @Test
  void readsAllocatedClusterWithoutSubclustersAsHole() throws IOException {
    try (DiskImage disk = open(Qcow2Builder.extended(14, 2 << 14).data(0, random(1 << 14, 1)))) {
      assertThat(disk.extentAt(0, 2 << 14)).isEqualTo(new Extent.Zero(0, 2 << 14, false));
    }
  }

  @Test
  void readsCompressedClusters() throws IOException {
    byte[] data = TestImages.compressible(1 << 14, 1);
    try (DiskImage disk =
        open(Qcow2Builder.extended(14, 1 << 14).compressed(0, Images.deflate(data)))) {
      assertThat(TestImages.read(disk)).isEqualTo(data);
    }
  }

  @Test
  void refusesContradictions() {
    refuses(
        Qcow2Builder.extended(14, 1 << 14).data(0, new byte[1]).bitmap(0, 1L | 1L << 32),
        "each subcluster allocated or zero, not both");
    refuses(Qcow2Builder.extended(14, 1 << 14).bitmap(0, 1L), "a host cluster offset with them");
    refuses(
        Qcow2Builder.extended(14, 1 << 14).compressed(0, new byte[10]).bitmap(0, 1L),
        "compressed cluster");
    refuses(Qcow2Builder.extended(14, 1 << 14).entry(0, 1), "reserved bits");
  }

  @Test
  void refusesClustersTooSmallForSubclusters() {
    assertThatThrownBy(() -> open(Qcow2Builder.extended(13, 1 << 14)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("cluster_bits at offset 0x14")
        .hasMessageContaining("at least 14");
  }

  private void refuses(Qcow2Builder image, String message) {
    assertThatThrownBy(
            () -> {
              try (DiskImage disk = open(image)) {
                TestImages.read(disk);
              }
            })
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("L2 entry at offset 0x")
        .hasMessageContaining(message);
  }

  private DiskImage open(Qcow2Builder image) throws IOException {
    return Images.open(image.writeTo(dir.resolve("image")));
  }
}
