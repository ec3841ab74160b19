package io.diskwright.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DifferencingVhdTest {

  /** Five blocks, the last of them with two sectors only. */
  private static final int DISK = 4 * TestDifferencing.BLOCK + 1024;

  @TempDir Path top;
  private Path folder;
  private Path child;

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectory(top.resolve("chain"));
    child = folder.resolve("child.avhd");
  }

  private Path parent(TestVhd vhd, String name) throws IOException {
    Path file = vhd.write(top);
    return Files.move(file, folder.resolve(name));
  }

  /** Sectors around the edges of bytes, words and the block; block 2 stores all but some. */
  private static TestDifferencing sample() {
    var edges = Set.of(0, 3, 4, 5, 7, 8, 62, 63, 64, 65, 66, 126);
    return TestDifferencing.overTestVhd(DISK, 3)
        .block(2, 1, i -> i > 2 && i != 64)
        .block(0, 2, edges::contains)
        .block(4, 3, i -> i == 1);
  }

  private static TestDifferencing named(String platform, String name) {
    return sample().locator(0, platform, name);
  }

  private static List<String> extents(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    var found = new ArrayList<String>();
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      found.add(
          switch (e) {
            case Extent.Data d ->
                d.start() / 512 + "+" + d.length() / 512 + " " + d.source().describe();
            case Extent.Zero z -> z.start() / 512 + "+" + z.length() / 512 + " hole";
            case Extent.Encoded x -> "encoded";
          });
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsEachSectorWhereTheBitmapSays(boolean dynamic) throws Exception {
    TestVhd base = dynamic ? TestVhd.dynamic() : TestVhd.fixed();
    Path parent = parent(base, "base.vhd");
    TestDifferencing vhd = named("W2ru", ".\\base.vhd").unicodeName("base.vhd");
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(image.size()).isEqualTo(DISK);
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
      assertThat(image.info().format()).isEqualTo("vhd");
      assertThat(image.info().subformat()).isEqualTo("differencing");
      assertThat(image.info().clusterSize()).hasValue(TestDifferencing.BLOCK);
      assertThat(image.info().anomalies()).isEmpty();
      assertThat(image.info().externalFiles())
          .containsExactly(new ExternalFile("parent", parent.toRealPath()));
      assertThat(image.info().details())
          .containsEntry("parent uuid", "00112233-4455-6677-8899-aabbccddeeff")
          .containsEntry("parent name", "base.vhd");
    }
  }

  @Test
  void neighbouringSectorsAreOneExtent() throws Exception {
    String base = parent(TestVhd.fixed(), "base.vhd").toRealPath().toString();
    String own = named("W2ru", "base.vhd").write(child).toString();
    try (DiskImage image = TestVhd.open(child)) {
      assertThat(extents(image))
          .containsExactly(
              "0+1 " + own,
              "1+2 " + base,
              "3+3 " + own,
              "6+1 " + base,
              "7+2 " + own,
              "9+53 " + base,
              "62+5 " + own,
              "67+9 " + base,
              // the parent ends here
              "76+50 hole",
              "126+1 " + own,
              "127+132 hole",
              "259+61 " + own,
              "320+1 hole",
              "321+63 " + own,
              "384+129 hole",
              "513+1 " + own);
    }
  }

  @Test
  void readsFromTheMiddleOfSectors() throws Exception {
    TestVhd base = TestVhd.fixed();
    parent(base, "base.vhd");
    TestDifferencing vhd = named("W2ru", "base.vhd");
    byte[] expected = vhd.over(base.disk);
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      var random = new Random(1);
      for (int i = 0; i < 500; i++) {
        int at = random.nextInt(DISK);
        ByteBuffer part = ByteBuffer.allocate(1 + random.nextInt(Math.min(3000, DISK - at)));
        image.read(at, part);
        assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(expected, at, part.limit()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsAnyPatternOfBits(long seed) throws Exception {
    var random = new Random(seed);
    TestVhd base = TestVhd.fixed();
    parent(base, "base.vhd");
    var vhd = TestDifferencing.overTestVhd(DISK, 2).locator(0, "W2ru", "base.vhd");
    vhd.block(0, 1, i -> random.nextBoolean()).block(3, 2, i -> random.nextInt(10) > 0);
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
    }
  }

  @Test
  void aLargerParentIsCut() throws Exception {
    TestVhd base = TestVhd.fixed();
    parent(base, "base.vhd");
    var vhd = TestDifferencing.overTestVhd(20_480, 1).locator(0, "W2ru", "base.vhd");
    vhd.block(0, 1, i -> i == 2 || i == 39);
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
    }
  }

  @Test
  void readsAChain() throws Exception {
    TestVhd base = TestVhd.dynamic();
    Path basePath = parent(base, "base.vhd").toRealPath();
    TestDifferencing middle = named("W2ru", "base.vhd");
    Path middlePath = middle.write(folder.resolve("middle.vhd")).toRealPath();
    var vhd = new TestDifferencing(DISK, 8, 7, 2).locator(2, "W2ku", "C:\\vm\\middle.vhd");
    vhd.block(0, 9, i -> i % 3 == 0).block(2, 10, i -> i < 5);
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(middle.over(base.disk)));
      assertThat(image.info().externalFiles())
          .containsExactly(
              new ExternalFile("parent", middlePath), new ExternalFile("parent", basePath));
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          W2ru, base.vhd
          W2ru, .\\base.vhd
          W2ru, sub\\..\\base.vhd
          W2ru, ..\\chain\\base.vhd
          W2ru, ..\\elsewhere\\base.vhd
          W2ru, BASE.VHD
          W2ku, C:\\Hyper-V\\Disks\\base.vhd
          W2ku, c:base.vhd
          W2ku, \\\\server\\share\\base.vhd
          W2ku, \\\\?\\C:\\vm\\base.vhd
          W2ku, \\Disks\\Base.vhd
          Wi2r, .\\base.vhd
          Wi2k, D:\\base.vhd
          MacX, file://localhost/Users/me/base.vhd
          MacX, file:///var/run/sr-mount/1/base.vhd
          MacX, file://./base.vhd
          MacX, file://base.vhd
          """)
  void findsTheParentUnderThisName(String platform, String name) throws Exception {
    Files.createDirectory(folder.resolve("sub"));
    TestVhd base = TestVhd.fixed();
    parent(base, "base.vhd");
    TestDifferencing vhd = named(platform, name);
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
    }
  }

  @Test
  void findsTheParentInASubfolder() throws Exception {
    TestVhd base = TestVhd.fixed();
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.move(base.write(top), sub.resolve("base.vhd"));
    TestDifferencing vhd = named("W2ru", "sub\\base.vhd");
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
    }
  }

  @Test
  void takesTheUnicodeNameWhenNoLocatorHasOne() throws Exception {
    TestVhd base = TestVhd.fixed();
    parent(base, "основа.vhd");
    TestDifferencing vhd = sample().unicodeName("C:\\vm\\основа.vhd").locator(3, "Mac ", "alias");
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
      assertThat(image.info().details()).containsEntry("parent name", "C:\\vm\\основа.vhd");
    }
  }

  /** The way from the image is believed before the place where the parent once was. */
  @Test
  void prefersTheRelativeLocator() throws Exception {
    Path right = parent(TestVhd.fixed(), "right.vhd").toRealPath();
    parent(TestVhd.dynamic(), "wrong.vhd");
    TestDifferencing vhd = sample();
    vhd.locator(0, "MacX", "file:///wrong.vhd").locator(1, "W2ku", "C:\\wrong.vhd");
    vhd.locator(7, "W2ru", "right.vhd");
    try (DiskImage image = TestVhd.open(vhd.write(child))) {
      assertThat(image.info().externalFiles()).containsExactly(new ExternalFile("parent", right));
    }
  }

  @Test
  void findsTheParentInAnAllowedFolder() throws Exception {
    TestVhd base = TestVhd.fixed();
    Path bases = Files.createDirectory(top.resolve("bases"));
    Files.move(base.write(top), bases.resolve("Base.vhd"));
    TestDifferencing vhd = named("W2ku", "C:\\vm\\base.vhd");
    vhd.write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("child.avhd: parent at offset 0x440: found 'base.vhd'")
        .hasMessageContaining("{00112233-4455-6677-8899-aabbccddeeff}")
        .hasMessageContaining("Put the missing file at " + folder.resolve("base.vhd"))
        .hasMessageContaining("--external DIR");
    try (DiskImage image =
        Formats.open(child, Optional.empty(), ReferencePolicy.alsoUnder(bases))) {
      assertThat(TestVhd.content(image)).isEqualTo(vhd.over(base.disk));
    }
  }

  @Test
  void refusesToLookWhenNothingMayBeNamed() throws IOException {
    parent(TestVhd.fixed(), "base.vhd");
    named("W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> Formats.open(child, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("none, since --external deny")
        .hasMessageContaining("--external folder");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          W2ku, /etc/passwd, 'passwd'
          W2ru, ..\\..\\outside.vhd, '../../outside.vhd'
          W2ru, ..\\outside.vhd, '../outside.vhd'
          W2ku, \\\\server\\share\\base.vhd, 'base.vhd'
          W2ru, http://server/base.vhd, 'http://server/base.vhd'
          W2ru, nbd:unix:socket, 'nbd:unix:socket'
          MacX, file:///etc/passwd, '/etc/passwd'
          W2ru, child.avhd, 'child.avhd'
          W2ru, missing.vhd, 'missing.vhd'
          W2ru, base.vhd:stream, 'base.vhd:stream'
          """)
  void refusesParents(String platform, String name, String found) throws IOException {
    Files.move(TestVhd.fixed().write(top), top.resolve("outside.vhd"));
    named(platform, name).write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("child.avhd: parent at offset 0x440: found ")
        .hasMessageContaining(found);
  }

  @Test
  void refusesALinkToAParentOutside() throws IOException {
    Path outside = Files.move(TestVhd.fixed().write(top), top.resolve("outside.vhd"));
    Files.createSymbolicLink(folder.resolve("base.vhd"), outside);
    named("W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("'base.vhd', which is " + outside.toRealPath());
  }

  @Test
  void refusesAChainThatBitesItsTail() throws IOException {
    new TestDifferencing(DISK, 7, 8, 0).locator(0, "W2ru", "b.vhd").write(folder.resolve("a.vhd"));
    Path b = folder.resolve("b.vhd");
    new TestDifferencing(DISK, 8, 7, 0).locator(0, "W2ru", "a.vhd").write(b);
    assertThatThrownBy(() -> TestVhd.open(folder.resolve("a.vhd")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("b.vhd: parent at offset")
        .hasMessageContaining("already part of this chain");
  }

  @Test
  void refusesAnImageThatNamesNoParent() throws IOException {
    sample().locator(1, "Mac ", "alias").locator(2, "MacX", "file:///a%20b.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("dynamic header parent locators at offset 0x240")
        .hasMessageContaining("{00112233-4455-6677-8899-aabbccddeeff}")
        .hasMessageContaining("in locators Mac , MacX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "C:\\", "..", ".\\", "a\\..", "\\\\server\\"})
  void noNameIsNoFile(String name) throws IOException {
    named("W2ru", name).write(child);
    assertThatThrownBy(() -> TestVhd.open(child)).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void refusesAnotherDiskInTheParentsPlace() throws IOException {
    parent(TestVhd.fixed(), "base.vhd");
    new TestDifferencing(DISK, 8, 7, 0).locator(0, "W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("child.avhd: dynamic header parent unique id at offset 0x228")
        .hasMessageContaining("found {00000000-0000-0000-0000-000000000007}")
        .hasMessageContaining("{00112233-4455-6677-8899-aabbccddeeff}, the unique id of ")
        .hasMessageContaining("base.vhd");
  }

  @Test
  void whatIsWrongWithTheParentIsSaidOfTheParent() throws IOException {
    Path parent = parent(TestVhd.dynamic().entry(3, 0), "base.vhd");
    named("W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith(parent.toRealPath() + ": block allocation table entry 3");
  }

  @Test
  void theParentIsAVhdWhateverItLooksLike() throws IOException {
    Path parent = Files.write(folder.resolve("base.vhd"), new byte[100_000]);
    named("W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith(parent.toRealPath() + ": footer");
  }

  @Test
  void refusesTheBitOrderOfTheFirstTapdisk() throws IOException {
    parent(TestVhd.fixed(), "base.vhd");
    TestDifferencing vhd = named("W2ru", "base.vhd").footer32(32, 1);
    vhd.footer32(28, 0x74617000).write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("footer creator version");
  }

  @Test
  void refusesLocatorsThatLeaveTheFile() throws IOException {
    TestDifferencing vhd = named("W2ru", "base.vhd");
    vhd.bytes.putLong(TestDifferencing.LOCATORS + 16, 1L << 40);
    vhd.write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("child.avhd: parent locator W2ru at offset 0x10000000000");
    named("W2ru", "base.vhd").header32(576 + 8, 0xFFFF_FFFFL).write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining(
            "dynamic header parent locator 0 platform data length at offset 0x448");
  }

  @Test
  void refusesADamagedTable() throws IOException {
    parent(TestVhd.fixed(), "base.vhd");
    TestDifferencing vhd = named("W2ru", "base.vhd");
    vhd.bytes.putInt(TestDifferencing.TABLE + 4, 1 << 20);
    vhd.write(child);
    assertThatThrownBy(() -> TestVhd.open(child))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("child.avhd: block allocation table entry 1");
  }

  @Test
  void aParentMadeLaterThanTheImageRemembersIsReported() throws Exception {
    parent(TestVhd.fixed(), "base.vhd");
    named("W2ru", "base.vhd").header32(56, 86_399).write(child);
    try (DiskImage image = TestVhd.open(child)) {
      assertThat(image.info().anomalies())
          .containsExactly(
              new Anomaly(
                  Kind.PARENT_DIFFERS,
                  "dynamic header parent time stamp",
                  512 + 56,
                  "2000-01-01T23:59:59Z, before the parent was made",
                  "2000-01-02T00:00:00Z or later"));
    }
    named("W2ru", "base.vhd").header32(56, 86_400).write(child);
    try (DiskImage image = TestVhd.open(child)) {
      assertThat(image.info().anomalies()).isEmpty();
    }
  }

  @Test
  void whatIsOddAboutTheParentIsReported() throws Exception {
    String base = parent(TestVhd.dynamic().fill(0, 512, 0), "base.vhd").toRealPath().toString();
    named("W2ru", "base.vhd").write(child);
    try (DiskImage image = TestVhd.open(child)) {
      assertThat(image.info().anomalies()).hasSize(1);
      assertThat(image.info().anomalies().getFirst().structure())
          .isEqualTo("parent " + base + ": footer copy");
    }
  }

  @Test
  void aChainHasAnEnd() throws IOException {
    for (int i = 0; i < 300; i++) {
      var vhd = new TestDifferencing(512, i + 2, i + 1, 0).locator(0, "W2ru", (i - 1) + ".vhd");
      vhd.write(folder.resolve(i + ".vhd"));
    }
    assertThatThrownBy(() -> TestVhd.open(folder.resolve("299.vhd")))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("a chain deeper than 256");
    assertThat(openFiles()).noneMatch(f -> f.startsWith(folder));
  }

  @Test
  void closesTheChain() throws IOException {
    Path base = parent(TestVhd.fixed(), "base.vhd").toRealPath();
    Path image = named("W2ru", "base.vhd").write(child).toRealPath();
    DiskImage opened = TestVhd.open(child);
    assertThat(openFiles()).contains(base, image);
    opened.close();
    assertThat(openFiles()).doesNotContain(base, image);
    new TestDifferencing(DISK, 8, 7, 0).locator(0, "W2ru", "base.vhd").write(child);
    assertThatThrownBy(() -> TestVhd.open(child)).isInstanceOf(ImageException.class);
    assertThat(openFiles()).doesNotContain(base, image);
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
