package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.compressible;
import static io.diskwright.format.TestImages.join;
import static io.diskwright.format.TestImages.random;
import static io.diskwright.format.qcow2.Images.deflate;
import static io.diskwright.format.qcow2.Images.zstd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.TestImages;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressed clusters of both types. */
class Qcow2CompressedTest {

  private static final int C = 1 << 16;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"9", "12", "16", "21"})
  void readsBothTypes(int clusterBits) throws IOException {
    int cluster = 1 << clusterBits;
    byte[] a = compressible(cluster, 1);
    byte[] b = compressible(cluster, 2);
    byte[] expected = join(a, new byte[cluster], b);
    check(
        Qcow2Builder.v3(clusterBits, 3L * cluster)
            .compressed(2, deflate(b))
            .compressed(0, deflate(a)),
        expected);
    check(
        Qcow2Builder.v3(clusterBits, 3L * cluster)
            .zstd()
            .compressed(2, zstd(b))
            .compressed(0, zstd(a)),
        expected);
  }

  @Test
  void readsVersion2() throws IOException {
    byte[] data = compressible(C, 1);
    check(Qcow2Builder.v2(16, C).compressed(0, deflate(data)), data);
  }

  @Test
  void readsStreamsThatCrossClustersAndEndWithTheFile() throws IOException {
    byte[] data = random(2 * C, 1); // grows when deflated, so each stream crosses a cluster edge
    byte[] first = Arrays.copyOf(data, C);
    byte[] second = Arrays.copyOfRange(data, C, 2 * C);
    var image = Qcow2Builder.v3(16, 2L * C).compressed(0, deflate(first));
    check(image.compressed(1, deflate(second)), data);
    assertThat(image.end() % 512).isNotZero();
  }

  @Test
  void readsTheLastClusterInPart() throws IOException {
    byte[] data = compressible(C, 1);
    check(Qcow2Builder.v3(16, 1000).compressed(0, deflate(data)), Arrays.copyOf(data, 1000));
  }

  @Test
  void mapsTheRestOfACluster() throws IOException {
    byte[] stream = deflate(compressible(C, 1));
    var image = Qcow2Builder.v3(16, 2L * C);
    image.entryOffset(0);
    long at = image.end();
    try (DiskImage disk = open(image.compressed(0, stream))) {
      assertThat(disk.extentAt(100, 2L * C - 100))
          .isInstanceOfSatisfying(
              Extent.Encoded.class,
              e -> {
                assertThat(e.length()).isEqualTo(C - 100);
                assertThat(e.skip()).isEqualTo(100);
                assertThat(e.blockLength()).isEqualTo(C);
                assertThat(e.sourceOffset()).isEqualTo(at);
                assertThat(e.encodedLength()).isEqualTo(stream.length);
              });
      assertThat(disk.extentAt(100, 10).length()).isEqualTo(10);
    }
  }

  @Test
  void readsSeveralZstdFramesWithGarbageBehindThem() throws IOException {
    byte[] data = compressible(C, 1);
    byte[] skippable = ByteBuffer.allocate(12).putInt(0x502a4d18).putInt(0x04000000).array();
    byte[] stream =
        join(
            zstd(Arrays.copyOf(data, 1000)),
            skippable,
            zstd(new byte[0]),
            zstd(Arrays.copyOfRange(data, 1000, C)),
            random(300, 7));
    check(Qcow2Builder.v3(16, C).zstd().compressed(0, stream), data);
  }

  @Test
  void readsDeflateWithGarbageBehindIt() throws IOException {
    byte[] data = compressible(C, 1);
    check(Qcow2Builder.v3(16, C).compressed(0, join(deflate(data), random(300, 7))), data);
  }

  @Test
  void refusesStreamsOfAnotherLength() {
    byte[] shorter = compressible(C - 1, 1);
    byte[] longer = compressible(C + 1, 1);
    byte[] bomb = new byte[64 << 20];
    refuses(Qcow2Builder.v3(16, C).compressed(0, deflate(shorter)), "only 65535 bytes");
    refuses(Qcow2Builder.v3(16, C).compressed(0, deflate(longer)), "stream goes on");
    refuses(Qcow2Builder.v3(16, C).compressed(0, deflate(bomb)), "stream goes on");
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, zstd(shorter)), "no Zstandard frame");
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, zstd(longer)), "a frame that fails");
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, zstd(bomb)), "a frame that fails");
  }

  @Test
  void refusesDamagedStreams() {
    byte[] garbage = random(C / 2, 3);
    byte[] data = compressible(C, 1);
    refuses(Qcow2Builder.v3(16, C).compressed(0, garbage), "damaged deflate stream");
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, garbage), "no Zstandard frame");
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, deflate(data)), "no Zstandard frame");
    byte[] stream;
    try (var context = new ZstdCompressCtx()) {
      stream = context.setChecksum(true).compress(data);
    }
    stream[stream.length - 1]++;
    refuses(Qcow2Builder.v3(16, C).zstd().compressed(0, stream), "a frame that fails");
    byte[] half = Arrays.copyOf(deflate(data), 5000);
    refuses(Qcow2Builder.v3(16, C).compressed(0, half), "damaged deflate stream");
  }

  @Test
  void refusesAHugeZstdWindow() throws IOException {
    byte[] data = compressible(C, 1);
    byte[] stream;
    try (var context = new ZstdCompressCtx()) {
      context.setContentSize(false).setChecksum(false);
      context.setWindowLog(17);
      ByteBuffer out = ByteBuffer.allocateDirect(2 * C);
      ByteBuffer in = ByteBuffer.allocateDirect(C).put(data).flip();
      while (!context.compressDirectByteBufferStream(out, in, EndDirective.END)) {}
      stream = new byte[out.flip().remaining()];
      out.get(stream);
    }
    assertThat(stream[4] & 0x20).isZero(); // not a single segment: the window is stated
    check(Qcow2Builder.v3(16, C).zstd().compressed(0, stream), data);
    stream[5] = (byte) (17 << 3);
    check(Qcow2Builder.v3(16, C).zstd().compressed(0, stream), data);
    stream[5] = (byte) (21 << 3);
    assertThatThrownBy(() -> readAll(Qcow2Builder.v3(16, C).zstd().compressed(0, stream)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("compressed cluster at offset 0x")
        .hasMessageContaining("2147483648 (0x80000000)");
  }

  @Test
  void refusesStreamsOutsideTheFile() {
    byte[] stream = deflate(random(C, 1));
    var image = Qcow2Builder.v3(16, C).compressed(0, stream);
    assertThatThrownBy(
            () -> {
              Path cut = image.truncatedTo(dir.resolve("cut"), image.end() - 600);
              try (DiskImage disk = Images.open(cut)) {
                TestImages.read(disk);
              }
            })
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("L2 entry at offset 0x")
        .hasMessageContaining("inside the file's");
    var beyond = Qcow2Builder.v3(16, C);
    beyond.entry(0, beyond.compressedEntry(1L << 40, 1000));
    assertThatThrownBy(() -> readAll(beyond))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("1099511627776");
    var highest = Qcow2Builder.v3(16, C);
    highest.entry(0, -1L >>> 1);
    assertThatThrownBy(() -> readAll(highest)).isInstanceOf(CorruptImage.class);
  }

  @Test
  void refusesStreamsInsideMetadata() {
    var image = Qcow2Builder.v3(16, C);
    image.entry(0, image.compressedEntry(100, 1000));
    assertThatThrownBy(() -> readAll(image))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("inside the header cluster");
  }

  @Test
  void splitsTheDescriptorByTheClusterSize() {
    long entry = Qcow2Builder.COMPRESSED | 5L << (62 - 8) | 0x12_3456_7890L;
    assertThat(CompressedDescriptor.parse(entry, 16))
        .isEqualTo(new CompressedDescriptor(0x12_3456_7890L, 6 * 512 - 0x90));
    assertThat(CompressedDescriptor.parse(Qcow2Builder.COMPRESSED | 1L << 61 | 513, 9))
        .isEqualTo(new CompressedDescriptor(513, 1023));
    assertThat(CompressedDescriptor.parse(-1L, 21))
        .isEqualTo(new CompressedDescriptor((1L << 49) - 1, (1 << 22) - 511));
  }

  private void refuses(Qcow2Builder image, String message) {
    assertThatThrownBy(() -> readAll(image))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("compressed cluster at offset 0x")
        .hasMessageContaining(message);
  }

  private void readAll(Qcow2Builder image) throws IOException {
    try (DiskImage disk = open(image)) {
      TestImages.read(disk);
    }
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
