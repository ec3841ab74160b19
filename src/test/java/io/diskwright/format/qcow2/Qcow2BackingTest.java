package io.diskwright.format.qcow2;

import static io.diskwright.format.TestImages.join;
import static io.diskwright.format.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.FakeContext;
import io.diskwright.format.OpenContext;
import io.diskwright.format.TestImages;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backing files: what is read through, what is refused, and who closes what. */
class Qcow2BackingTest {

  private static final int C = 1 << 12;

  @TempDir Path dir;

  @Test
  void readsThroughARawBackingFile() throws IOException {
    byte[] below = random(4 * C, 1);
    byte[] data = random(C, 2);
    write("base", below);
    byte[] expected = below.clone();
    System.arraycopy(data, 0, expected, C, C);
    Arrays.fill(expected, 2 * C, 3 * C, (byte) 0);
    check(image(4 * C).backing("base", "raw").data(1, data).entry(2, 1), expected);
  }

  @Test
  void readsZerosBehindAShorterBackingFile() throws IOException {
    byte[] below = random(C + 700, 1);
    write("base", below);
    check(image(4 * C).backing("base", "raw"), join(below, new byte[3 * C - 700]));
    check(image(C).backing("base", "raw"), Arrays.copyOf(below, C));
  }

  @Test
  void readsAChainAndReportsItsFiles() throws IOException {
    byte[] below = random(3 * C, 1);
    byte[] middle = random(C, 2);
    byte[] top = random(C, 3);
    write("base", below);
    image(2 * C).incompatible(1).backing("base").data(1, middle).writeTo(dir.resolve("middle"));
    var image = image(3 * C).backing("middle", "qcow2").data(2, top);
    check(image, join(Arrays.copyOf(below, C), middle, top));
    try (DiskImage disk = Images.open(image.writeTo(dir.resolve("top")))) {
      Path real = dir.toRealPath();
      assertThat(disk.info().externalFiles())
          .containsExactly(
              new ExternalFile("backing", real.resolve("middle")),
              new ExternalFile("backing", real.resolve("base")));
      assertThat(disk.info().details())
          .containsEntry("backing file", "middle")
          .containsEntry("backing format", "qcow2");
      assertThat(disk.info().anomalies())
          .singleElement()
          .satisfies(a -> {
            assertThat(a.kind()).isEqualTo(Anomaly.Kind.DIRTY);
            assertThat(a.structure()).contains("middle").endsWith("incompatible_features");
          });
    }
  }

  @Test
  void takesRawAtItsWord() throws IOException {
    byte[] guest = image(4 * C).data(0, random(C, 1)).build();
    write("base", guest);
    byte[] expected = Arrays.copyOf(guest, 4 * C);
    check(image(4 * C).backing("base", "raw"), expected);
  }

  @Test
  void readsVersion2WithExtensionsAndOldPadding() throws IOException {
    byte[] below = random(C, 1);
    write("base", below);
    check(Qcow2Builder.v2(12, C).backing("base", "raw\0\0\0\0\0").noEndMarker(), below);
    check(Qcow2Builder.v2(12, C).backing("base").noEndMarker(), below);
  }

  @Test
  void treatsAnEmptyNameAsNoBackingFile() throws IOException {
    check(image(C).backing("base").u32(16, 0), new byte[C]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json:{\"driver\":\"file\"}",
        "nbd://host/x",
        "http://host/x",
        "file:base",
        "missing",
        "/etc/passwd",
        "../base",
        "base\0x",
        "C:\\base",
        ".",
        "/dev/zero",
        "/proc/self/mem",
        "\\\\host\\base",
        "nbd+unix:///x?socket=base",
        "file:///base",
        "ssh://host/base",
        "fd:3",
        "/dev/fdset/1",
        "fat:/etc"
      })
  void refusesUnsafeNames(String name) throws IOException {
    write("base", new byte[C]);
    refuses(image(C).backing(name, "raw"), UnsafeReference.class, "backing at offset 0x80");
  }

  @Test
  void refusesLinksThatLeadOutside() throws IOException {
    Files.createSymbolicLink(dir.resolve("link"), Path.of("/etc/hostname"));
    refuses(image(C).backing("link", "raw"), UnsafeReference.class, "found 'link', which is /");
  }

  @Test
  @Timeout(20)
  void refusesAFifoWithoutOpeningIt() throws Exception {
    Path fifo = dir.resolve("fifo");
    assumeThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    refuses(image(C).backing("fifo", "raw"), UnsafeReference.class, "a regular file");
  }

  @Test
  void refusesANameThatIsNotUtf8() {
    var image = image(C).backing(new byte[] {'b', (byte) 0xff, 'a'});
    refuses(image, UnsafeReference.class, "backing file name at offset 0x70");
  }

  @Test
  void showsControlCharactersEscaped() {
    assertThatThrownBy(() -> open(image(C).backing("no\nfile", "raw")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("'no\\x0afile'");
  }

  @Test
  void refusesUnknownFormats() throws IOException {
    write("base", new byte[C]);
    refuses(image(C).backing("base", "bochs"), UnsupportedFeature.class, "'bochs'");
    refuses(image(C).backing("base", "x".repeat(65)), CorruptImage.class, "up to 64 bytes");
  }

  @Test
  void refusesLoops() {
    refuses(image(C).backing("image", "qcow2"), UnsafeReference.class, "already part of");
    image(C).backing("image", "qcow2").writeTo(dir.resolve("other"));
    refuses(image(C).backing("other", "qcow2"), UnsafeReference.class, "already part of");
  }

  @Test
  void refusesChainsWithoutEnd() {
    for (int i = 0; i < 300; i++) {
      image(C).backing("c" + (i + 1), "qcow2").writeTo(dir.resolve("c" + i));
    }
    assertThatThrownBy(() -> Images.open(dir.resolve("c0")))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("256");
  }

  @Test
  void readsADeepChain() throws IOException {
    byte[] data = random(C, 1);
    write("c200", data);
    for (int i = 0; i < 200; i++) {
      image(C).backing("c" + (i + 1)).writeTo(dir.resolve("c" + i));
    }
    try (DiskImage disk = Images.open(dir.resolve("c0"))) {
      assertThat(TestImages.read(disk)).isEqualTo(data);
      assertThat(disk.info().externalFiles()).hasSize(200);
    }
  }

  @Test
  void namesTheFileThatIsBad() {
    image(C).u32(4, 0).writeTo(dir.resolve("base"));
    refuses(image(C).backing("base", "qcow2"), CorruptImage.class, "base: qcow2 header version");
  }

  @Test
  void refusesNamesOutsideTheHeaderCluster() {
    refuses(image(C).backing("base").u64(8, C + 1), CorruptImage.class, "offset 0x8");
    refuses(image(C).backing("base").u64(8, C - 3), CorruptImage.class, "offset 0x10");
    refuses(image(C).backing("base").u64(8, 100), CorruptImage.class, "offset 0x8");
    refuses(image(C).backing("base").u64(8, -1), CorruptImage.class, "offset 0x8");
    refuses(image(C).backing("base").u32(16, 1024), CorruptImage.class, "up to 1023 bytes");
    refuses(image(C).backing("base").u32(16, -1), CorruptImage.class, "4294967295");
  }

  @Test
  void asksTheBackingFileForNoMoreThanTheGap() throws IOException {
    write("base", random(100 * C, 1));
    var image = image(100 * C).backing("base", "raw").data(50, new byte[1]);
    try (DiskImage disk = open(image)) {
      assertThat(disk.extentAt(10 * C, 90 * C))
          .isInstanceOfSatisfying(
              Extent.Data.class,
              data -> {
                assertThat(data.length()).isEqualTo(40 * C);
                assertThat(data.sourceOffset()).isEqualTo(10 * C);
                assertThat(data.source().describe()).endsWith("base");
              });
    }
  }

  @Test
  void closesEverythingWithTheImage() throws IOException {
    var below = new FakeImage();
    var source = new ClosingSource(image(C).backing("base", "raw").build());
    write("base", new byte[C]);
    DiskImage disk = new Qcow2Format().open(source, context(below));
    assertThat(source.closed).hasValue(0);
    disk.close();
    assertThat(source.closed).hasValue(1);
    assertThat(below.closed).hasValue(1);
  }

  @Test
  void closesItsFileWhenItIsRefused() throws IOException {
    var source = new ClosingSource(image(C).data(0, new byte[1]).u32(20, 99).build());
    OpenContext context = context(new FakeImage());
    assertThatThrownBy(() -> new Qcow2Format().open(source, context))
        .isInstanceOf(ImageException.class);
    assertThat(source.closed).hasValue(1);
  }

  @Test
  void closesItsFileWhenTheBackingFileIsRefused() throws IOException {
    var source = new ClosingSource(image(C).backing("missing", "raw").build());
    OpenContext context = context(new FakeImage());
    assertThatThrownBy(() -> new Qcow2Format().open(source, context))
        .isInstanceOf(UnsafeReference.class);
    assertThat(source.closed).hasValue(1);
  }

  private OpenContext context(DiskImage answer) throws IOException {
    write("image", new byte[0]);
    return FakeContext.answering(dir.resolve("image"), answer);
  }

  private static Qcow2Builder image(long size) {
    return Qcow2Builder.v3(12, size);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(dir.resolve(name), bytes);
  }

  private void refuses(Qcow2Builder image, Class<? extends ImageException> type, String message) {
    assertThatThrownBy(() -> open(image)).isInstanceOf(type).hasMessageContaining(message);
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

  private static final class ClosingSource implements ByteSource {
    private final MemorySource bytes;
    private final AtomicInteger closed = new AtomicInteger();

    ClosingSource(byte[] bytes) {
      this.bytes = new MemorySource("memory", bytes);
    }

    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      bytes.read(offset, target);
    }

    @Override
    public String describe() {
      return bytes.describe();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static final class FakeImage implements DiskImage {
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public long size() {
      return C;
    }

    @Override
    public String describe() {
      return "fake";
    }

    @Override
    public ImageInfo info() {
      return new ImageInfo(
          "raw",
          "",
          C,
          OptionalLong.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Map.of());
    }

    @Override
    public Extent extentAt(long offset, long limit) {
      return new Extent.Zero(offset, limit, false);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      target.put(new byte[target.remaining()]);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
