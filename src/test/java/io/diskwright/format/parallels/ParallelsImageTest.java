package io.diskwright.format.parallels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelsImageTest {

  private static final long MAX = 0xFFFF_FFFFL;
  private static final long EXTENSION = 0xAB23_4CEF_23DC_EA87L;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a.hdd");
  }

  private static TestParallels image(boolean extended) {
    return extended ? TestParallels.extended() : TestParallels.old();
  }

  private static List<String> extents(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    var found = new ArrayList<String>();
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      found.add(
          switch (e) {
            case Extent.Data d -> d.start() + "+" + d.length() + " at " + d.sourceOffset();
            case Extent.Zero z -> z.start() + "+" + z.length() + (z.explicit() ? " zero" : " hole");
            case Extent.Encoded x -> "encoded";
          });
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsClustersWhereTheTableSaysAndZerosElsewhere(boolean extended) throws Exception {
    TestParallels parallels = image(extended);
    int data = extended ? 3584 : 512;
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
      assertThat(extents(image))
          .containsExactly(
              "0+3584 at " + (data + 3584),
              "3584+7168 hole",
              "10752+3584 at " + data,
              "14336+17920 hole",
              "32256+1024 at " + (data + 7168));
    }
  }

  @Test
  void readsFromTheMiddleOfClusters() throws Exception {
    TestParallels parallels = TestParallels.old();
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      ByteBuffer part = ByteBuffer.allocate(9000);
      image.read(5000, part);
      assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(parallels.disk, 5000, 9000));
    }
  }

  @Test
  void tellsWhatItsHeaderSays() throws Exception {
    try (DiskImage image = TestParallels.open(TestParallels.extended().write(file))) {
      assertThat(image.info())
          .isEqualTo(
              new ImageInfo(
                  "parallels",
                  "expanding",
                  TestParallels.DISK,
                  OptionalLong.of(TestParallels.CLUSTER),
                  Optional.empty(),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of(
                      "magic", "WithouFreSpacExt",
                      "version", "2",
                      "geometry", "5 cylinders, 16 heads")));
    }
  }

  @Test
  void theDataOfOldImagesStartsAfterTheTable() throws Exception {
    TestParallels parallels = TestParallels.old().put32(48, 0);
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
    }
  }

  @Test
  void theLastClusterMayEndWithTheDisk() throws Exception {
    TestParallels parallels = TestParallels.old();
    int end = 512 + 2 * TestParallels.CLUSTER + 1024;
    try (DiskImage image = TestParallels.open(parallels.write(file, end))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
    }
    parallels.write(file, end - 1);
    assertThatThrownBy(() -> TestParallels.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("block allocation table entry 9 at offset 0x64");
  }

  @Test
  void moreEntriesThanTheDiskNeedsAreNotLookedAt() throws Exception {
    TestParallels parallels = TestParallels.old().put32(32, 11).entry(10, MAX);
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
    }
  }

  @Test
  void anEmptyImageIsZero() throws Exception {
    TestParallels parallels = TestParallels.extended().put32(52, 1);
    parallels.entry(0, 0).entry(3, 0).entry(9, 0).write(file);
    try (DiskImage image = TestParallels.open(file)) {
      assertThat(extents(image)).containsExactly("0+33280 hole");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0x746F_6E59, 1})
  void anImageThatWasNotClosedIsReported(long inUse) throws Exception {
    TestParallels parallels = TestParallels.extended().put32(44, inUse);
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
      Anomaly anomaly = image.info().anomalies().getFirst();
      assertThat(anomaly.kind()).isEqualTo(Kind.DIRTY);
      assertThat(anomaly.structure()).isEqualTo("header in_use");
      assertThat(anomaly.offset()).isEqualTo(44);
    }
  }

  @Test
  void anImageOfAnOldProgramIsNotReported() throws Exception {
    try (DiskImage image = TestParallels.open(TestParallels.old().put32(44, 0).write(file))) {
      assertThat(image.info().anomalies()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dirtyBitmapsAreReportedAndNotRead(boolean extended) throws Exception {
    long bitmap = 0x2038_5FAE_252C_B34AL;
    TestParallels parallels = image(extended).extension(EXTENSION, bitmap, 0x77, bitmap, 0);
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
      assertThat(image.info().anomalies())
          .containsExactly(
              new Anomaly(
                  Kind.IGNORED_CONTENT,
                  "format extension",
                  parallels.extensionAt(),
                  "dirty bitmap, unknown feature 119 (0x77)",
                  "the disk alone"));
    }
  }

  @Test
  void aDamagedExtensionLeavesTheDiskAsItIs() throws Exception {
    TestParallels parallels = TestParallels.extended().extension(1, 2);
    try (DiskImage image = TestParallels.open(parallels.write(file))) {
      assertThat(TestParallels.content(image)).isEqualTo(ByteBuffer.wrap(parallels.disk));
      assertThat(image.info().anomalies().getFirst().observed())
          .isEqualTo("a cluster without known features");
    }
    long huge = 0x8000_0000L;
    parallels = TestParallels.extended().extension(EXTENSION, 7);
    parallels.put32(parallels.extensionAt() + 24 + 16, huge).write(file);
    try (DiskImage image = TestParallels.open(file)) {
      assertThat(image.info().anomalies()).hasSize(1);
    }
  }

  static Stream<Arguments> refusals() {
    Class<UnsupportedFeature> unsupported = UnsupportedFeature.class;
    Class<LimitExceeded> limit = LimitExceeded.class;
    return Stream.of(
        field(unsupported, "version 0", 16, 0, "header version at offset 0x10"),
        field(unsupported, "version 3", 16, 3, "header version at offset 0x10"),
        corrupt("tracks 0", 28, 0, "header tracks at offset 0x1c"),
        field(limit, "tracks max", 28, MAX, "header tracks at offset 0x1c"),
        field(limit, "tracks 2^19+1", 28, (1 << 19) + 1, "header tracks at offset 0x1c"),
        corrupt("tracks 2^19", 28, 1 << 19, "block allocation table entry 0 at offset 0x40"),
        corrupt("tracks 1", 28, 1, "header nb_bat_entries at offset 0x20"),
        corrupt("entries 0", 32, 0, "header nb_bat_entries at offset 0x20"),
        corrupt("entries few", 32, 9, "header nb_bat_entries at offset 0x20"),
        corrupt("entries max", 32, MAX, "header data_off at offset 0x30"),
        corrupt("sectors 0", 36, 0, "header nb_sectors at offset 0x24"),
        field(limit, "sectors max", 36, MAX, "header nb_sectors at offset 0x24"),
        corrupt("data_off beyond", 48, 1 << 20, "header data_off at offset 0x30"),
        corrupt("data_off max", 48, MAX, "header data_off at offset 0x30"),
        corrupt("data_off behind", 48, 10, "block allocation table entry"),
        corrupt("empty and not", 52, 1, "header flags at offset 0x34"),
        field(unsupported, "converting", 52, 2, "half-way between"),
        field(unsupported, "flags max", 52, MAX, "header flags at offset 0x34"),
        corrupt("ext_off beyond", 56, 1 << 20, "format extension at offset 0x20000000"),
        corrupt("ext_off in header", 56, 0x1_0000_0000L, "header ext_off at offset 0x38", 60),
        corrupt("ext_off in a cluster", 56, 9, "in the format extension"),
        corrupt("entry max", 64, MAX, "block allocation table entry 0 at offset 0x40"),
        corrupt("entry beyond", 68, 10_000, "block allocation table entry 1 at offset 0x44"));
  }

  private static Arguments field(Class<?> type, String name, int at, long value, String message) {
    UnaryOperator<TestParallels> damage = p -> p.put32(at, value);
    return Arguments.of(Named.of(name, damage), type, message);
  }

  private static Arguments corrupt(String name, int at, long value, String message) {
    return field(CorruptImage.class, name, at, value, message);
  }

  /** With the sign bit of a 64-bit field, whose upper half is at {@code upper}. */
  private static Arguments corrupt(String name, int at, long value, String message, int upper) {
    UnaryOperator<TestParallels> damage = p -> p.put32(at, value).put32(upper, 1L << 31);
    return Arguments.of(Named.of(name, damage), CorruptImage.class, message);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusals(UnaryOperator<TestParallels> damage, Class<?> type, String message)
      throws IOException {
    for (boolean extended : new boolean[] {true, false}) {
      damage.apply(image(extended)).write(file);
      assertThatThrownBy(() -> TestParallels.open(file))
          .as("extended: %s", extended)
          .isInstanceOf(type)
          .hasMessageContaining("a.hdd: ")
          .hasMessageContaining(message);
    }
  }

  @Test
  void theSizeOfOldImagesHas32Bits() throws IOException {
    TestParallels.old().put32(40, 1).write(file);
    assertThatThrownBy(() -> TestParallels.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("header nb_sectors at offset 0x24");
    TestParallels.extended().put32(40, 1).write(file);
    assertThatThrownBy(() -> TestParallels.open(file)).isInstanceOf(LimitExceeded.class);
    TestParallels.extended().put64(36, -1).write(file);
    assertThatThrownBy(() -> TestParallels.open(file)).isInstanceOf(CorruptImage.class);
    TestParallels.extended().put64(36, 1L << 53).write(file);
    assertThatThrownBy(() -> TestParallels.open(file)).isInstanceOf(LimitExceeded.class);
    TestParallels.extended().put64(36, 1L << 54).write(file);
    assertThatThrownBy(() -> TestParallels.open(file)).isInstanceOf(CorruptImage.class);
  }

  @Test
  void refusesClustersInTheWrongPlace() throws IOException {
    refused(
        TestParallels.extended().entry(1, 2), "entry 1 at offset 0x44: found cluster 2, in the");
    refused(TestParallels.old().entry(1, 8), "entry 1 at offset 0x44: found sector 8, in the");
    // one sector into another cluster, from either side
    refused(TestParallels.old().entry(1, 2), "entry 1 at offset 0x44: found sector 2, in the");
    refused(TestParallels.old().entry(9, 14), "in the cluster of entry 0");
    refused(TestParallels.old().put32(48, 2).entry(1, 1), "before the first cluster");
    refused(TestParallels.extended().put32(48, 14), "before the first cluster");
  }

  private void refused(TestParallels parallels, String message) throws IOException {
    parallels.write(file);
    assertThatThrownBy(() -> TestParallels.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("a.hdd: block allocation table ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesEveryTruncationThatLosesBytes() throws IOException {
    TestParallels parallels = TestParallels.old();
    for (int length = 16; length < 512 + 2 * TestParallels.CLUSTER + 1024; length += 8) {
      parallels.write(file, length);
      assertThatThrownBy(() -> TestParallels.open(file))
          .as("%d bytes", length)
          .isInstanceOf(CorruptImage.class);
    }
  }

  @Test
  void refusesAFileForcedToBeOne() throws IOException {
    TestParallels.old().put32(0, 0).write(file);
    assertThatThrownBy(() -> Formats.open(file, Optional.of("parallels"), ReferencePolicy.folder()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("header magic at offset 0x0");
  }

  @Test
  void closesItsFile() throws IOException {
    DiskImage image = TestParallels.open(TestParallels.old().write(file));
    assertThat(openFiles()).contains(file.toRealPath());
    image.close();
    assertThat(openFiles()).doesNotContain(file.toRealPath());
    TestParallels.old().entry(1, MAX).write(file);
    assertThatThrownBy(() -> TestParallels.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openFiles()).doesNotContain(file.toRealPath());
  }

  private static List<Path> openFiles() throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          files.add(Files.readSymbolicLink(descriptor));
        }
      }
    }
    return files;
  }
}
