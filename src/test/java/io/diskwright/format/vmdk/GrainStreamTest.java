package io.diskwright.format.vmdk;

import static io.diskwright.format.vmdk.SparseImage.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.FakeContext;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.ImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stream-optimized disks read once and in order, against the same disks read anywhere. */
class GrainStreamTest {

  /** Three tables, the middle one without grains, and a last grain that the disk cuts. */
  private static final long CAPACITY = 16 * (512 * 2 + 40) + 5;

  private static final Path GOLDEN = Path.of("native-test-images");

  @TempDir Path folder;

  private static SparseImage some(Layout layout) {
    byte[] random = new byte[16 * 512];
    new Random(7).nextBytes(random);
    return new SparseImage(layout, CAPACITY, 16)
        .grain(0)
        .grain(1, random)
        .grain(5)
        .grain(511)
        .grain(512 * 2 + 40);
  }

  private static ForwardDisk forward(byte[] image) throws IOException {
    return Disks.forward(new ByteArrayInputStream(image)).orElseThrow();
  }

  private static byte[] drain(byte[] image) throws IOException {
    try (ForwardDisk disk = forward(image)) {
      return Disks.drain(disk);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STREAM_FRONT, false, false, false, false",
    "STREAM_FRONT, true, false, false, false",
    "STREAM_FOOTER, false, false, false, false",
    "STREAM_FOOTER, true, true, false, false",
    "STREAM_FOOTER, false, false, true, false",
    "STREAM_FOOTER, false, true, true, true",
    "STREAM_FOOTER, false, true, false, true"
  })
  void bothReadersSeeTheSameDisk(
      Layout layout, boolean shortLast, boolean interleaved, boolean known, boolean progress)
      throws IOException {
    SparseImage image = some(layout);
    image.shortLastGrain = shortLast;
    image.interleaved = interleaved;
    image.directoryKnown = known;
    image.progress = progress;
    image.unclean = true;
    byte[] bytes = image.build();
    try (DiskImage disk = Disks.open(Files.write(folder.resolve("disk.vmdk"), bytes));
        ForwardDisk stream = forward(bytes)) {
      assertThat(stream.size()).hasValue(disk.size());
      assertThat(Disks.drain(stream)).isEqualTo(Disks.read(disk)).isEqualTo(image.content());
      assertThat(stream.info()).isEqualTo(disk.info());
    }
  }

  static Stream<String> golden() throws IOException {
    return Files.readAllLines(GOLDEN.resolve("manifest.tsv")).stream()
        .filter(row -> !row.startsWith("wrapped-"))
        .filter(row -> row.split("\t")[2].equals("streamOptimized"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void imagesOfRealTools(String row) throws IOException {
    Path file = GOLDEN.resolve(row.split("\t")[0]);
    try (InputStream in = Files.newInputStream(file);
        ForwardDisk stream = Disks.forward(in).orElseThrow();
        DiskImage disk = Disks.open(file)) {
      byte[] digest = Disks.sha256().digest(Disks.drain(stream));
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(row.split("\t")[4]);
      assertThat(stream.info()).isEqualTo(disk.info());
    }
  }

  @Test
  void aGrainIsHeldInMemoryAndCutAtTheDisksEnd() throws IOException {
    byte[] bytes = some(Layout.STREAM_FOOTER).build();
    try (ForwardDisk disk = forward(bytes)) {
      assertThat(disk.next())
          .isInstanceOfSatisfying(
              Extent.Encoded.class,
              e -> {
                assertThat(e.start()).isZero();
                assertThat(e.length()).isEqualTo(8192);
                assertThat(e.source().size()).isEqualTo(e.encodedLength());
                assertThat(e.source().describe()).isEqualTo("stream.vmdk[grain at offset 0x4000]");
              });
      Extent last = null;
      for (Extent extent = disk.next(); extent != null; extent = disk.next()) {
        last = extent;
      }
      assertThat(last).isNotNull().returns(5L * 512, Extent::length);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Layout.class, names = "STREAM_.*", mode = EnumSource.Mode.MATCH_ANY)
  void noCutStreamLooksComplete(Layout layout) throws IOException {
    SparseImage image = some(layout);
    image.interleaved = true;
    byte[] bytes = image.build();
    byte[] content = image.content();
    int lastGrain = image.grainAt(512L * 2 + 40);
    // Everything is there once the last grain's data is: in front, nothing needs to follow it.
    int size = encodedLength(bytes, lastGrain);
    int complete = layout == Layout.STREAM_FRONT ? lastGrain + 12 + size : bytes.length;
    for (int length = 512; length < bytes.length; length += length < complete - 40 ? 97 : 1) {
      byte[] cut = Arrays.copyOf(bytes, length);
      if (length < complete) {
        assertThat(catchThrowable(() -> drain(cut))).isInstanceOf(CorruptImage.class);
      } else {
        assertThat(drain(cut)).isEqualTo(content);
      }
      // A download that was preallocated: the rest is there, but zero. Nobody can tell it from an
      // empty disk when that begins in front of the tables.
      byte[] blank = Arrays.copyOf(cut, bytes.length + 4096);
      int tables = layout == Layout.STREAM_FRONT ? image.tableAt(2L) + 2048 : 0;
      if (length >= tables && !Arrays.equals(blank, 0, bytes.length, bytes, 0, bytes.length)) {
        assertThat(catchThrowable(() -> drain(blank))).isInstanceOf(ImageException.class);
      }
    }
  }

  private static int encodedLength(byte[] bytes, int grainAt) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(grainAt + 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 5 * 512, 100_000})
  void zerosAfterTheEndAreReportedAsTheOtherReaderDoes(int padding) throws IOException {
    SparseImage image = some(Layout.STREAM_FOOTER);
    byte[] bytes = image.build();
    byte[] padded = Arrays.copyOf(bytes, bytes.length + padding);
    try (ForwardDisk disk = forward(padded)) {
      assertThat(Disks.drain(disk)).isEqualTo(image.content());
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.IGNORED_CONTENT, Anomaly::kind)
          .returns((long) bytes.length, Anomaly::offset);
    }
    padded[padded.length - 1] = 1;
    assertThatThrownBy(() -> drain(padded)).isInstanceOf(CorruptImage.class);
  }

  /** Found in disks that VMware's tools exported. */
  @Test
  void aTableMoreThanTheDiskNeedsIsNoFault() throws IOException {
    SparseImage image = some(Layout.STREAM_FOOTER);
    image.spareTable = true;
    assertThat(drain(image.build())).isEqualTo(image.content());
  }

  @Test
  void zeroedGrainsAreStoredNowhere() throws IOException {
    for (Layout layout : new Layout[] {Layout.STREAM_FRONT, Layout.STREAM_FOOTER}) {
      SparseImage image = some(layout);
      image.flags |= 4;
      image.zeroed.add(7L);
      assertThat(drain(image.build())).isEqualTo(image.content());
      image.flags &= ~4;
      assertThatThrownBy(() -> drain(image.build()))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("grain table 0");
    }
  }

  /** Only the file of another order is put aside and read there; its stream is left as it was. */
  @Test
  void otherKindsAreNotRead() throws IOException {
    SparseImage delta = some(Layout.STREAM_FOOTER);
    delta.descriptor =
        delta.descriptor.replace("=ffffffff", "=00000001\nparentFileNameHint=\"a.vmdk\"");
    byte[] descriptorBehind = patch(some(Layout.STREAM_FRONT).build(), 56, 8, 1);
    byte[] noOverHead = patch(some(Layout.STREAM_FOOTER).build(), 64, 8, 0);
    byte[] text = SparseImage.descriptor("vmfs", "RW 1 ZERO\n").getBytes(StandardCharsets.UTF_8);
    for (byte[] image :
        new byte[][] {
          some(Layout.PLAIN).build(), delta.build(), descriptorBehind, noOverHead, text, new byte[0]
        }) {
      var source = new ForwardSource("stream.vmdk", new ByteArrayInputStream(image));
      assertThat(new VmdkFormat().openForward(source, FakeContext.alone(folder))).isEmpty();
      assertThat(source.position()).isZero();
      int length = Math.min(image.length, 512);
      assertThat(source.view("start", length, ByteOrder.LITTLE_ENDIAN).bytes(0, length))
          .isEqualTo(Arrays.copyOf(image, length));
    }
  }

  @Test
  void theStreamIsClosedWithTheDiskAndWhenItIsRefused() throws IOException {
    byte[] good = some(Layout.STREAM_FOOTER).build();
    var closed = new AtomicBoolean();
    Disks.forward(watched(good, closed)).orElseThrow().close();
    assertThat(closed).isTrue();
    closed.set(false);
    assertThatThrownBy(() -> Disks.forward(watched(patch(good, 4, 4, 9), closed)))
        .isInstanceOf(ImageException.class);
    assertThat(closed).isTrue();
  }

  private static InputStream watched(byte[] bytes, AtomicBoolean closed) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public void close() {
        closed.set(true);
      }
    };
  }
}
