package io.diskwright.format.vdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferencingVdiTest {

  private static final int BLOCK = TestVdi.BLOCK;

  @TempDir Path top;
  private Path folder;
  private Path snapshots;
  private Path child;

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectory(top.resolve("machine"));
    snapshots = Files.createDirectory(folder.resolve("Snapshots"));
    child = folder.resolve("{child}.vdi");
  }

  /** Stores blocks where the sample does and does not, and where it says zero. */
  private static TestVdi base() {
    return TestVdi.of(100, 0, 9, 2, 3, 5, 4).uuids(5, 6);
  }

  /** Blocks 0, 1, 4 and 9 are its own, block 2 is zero, all others are the parent's. */
  private static TestVdi sample() {
    return TestVdi.dynamic().over(5, 6);
  }

  private static DiskImage open(Path file, ReferencePolicy policy) throws IOException {
    return Formats.open(file, Optional.empty(), policy);
  }

  private static void assertReads(Path file, byte[] expected) throws IOException {
    try (DiskImage image = TestVdi.open(file)) {
      assertThat(ByteBuffer.wrap(TestVdi.content(image))).isEqualTo(ByteBuffer.wrap(expected));
    }
  }

  @Test
  void readsFreeBlocksFromTheParentAndZeroBlocksAsZero() throws Exception {
    Path parent = base().writeTo(folder.resolve("base.vdi")).toRealPath();
    TestVdi vdi = sample();
    try (DiskImage image = TestVdi.open(vdi.writeTo(child))) {
      assertThat(ByteBuffer.wrap(TestVdi.content(image)))
          .isEqualTo(ByteBuffer.wrap(vdi.over(base().disk)));
      assertThat(image.info().subformat()).isEqualTo("differencing");
      assertThat(image.info().externalFiles()).containsExactly(new ExternalFile("parent", parent));
      assertThat(image.info().anomalies()).isEmpty();
      assertThat(image.info().details())
          .containsEntry("parent uuid", "00000000-0000-0000-0500-000000000000");
      assertThat(extents(image))
          .containsExactly(
              "0+8192 {child}.vdi",
              "8192+4096 zero",
              "12288+4096 base.vdi",
              "16384+4096 {child}.vdi",
              "20480+4096 base.vdi",
              "24576+12288 hole",
              "36864+1001 {child}.vdi");
    }
  }

  private static List<String> extents(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    var found = new ArrayList<String>();
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      found.add(
          switch (e) {
            case Extent.Data d ->
                d.start() + "+" + d.length() + " " + Path.of(d.source().describe()).getFileName();
            case Extent.Zero z -> z.start() + "+" + z.length() + (z.explicit() ? " zero" : " hole");
            case Extent.Encoded x -> "encoded";
          });
    }
    return found;
  }

  @Test
  void readsFromTheMiddleOfBlocks() throws Exception {
    base().writeTo(folder.resolve("base.vdi"));
    TestVdi vdi = sample();
    byte[] expected = vdi.over(base().disk);
    try (DiskImage image = TestVdi.open(vdi.writeTo(child))) {
      var random = new Random(1);
      for (int i = 0; i < 300; i++) {
        int at = random.nextInt(TestVdi.DISK);
        ByteBuffer part = ByteBuffer.allocate(1 + random.nextInt(TestVdi.DISK - at));
        image.read(at, part);
        assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(expected, at, part.limit()));
      }
    }
  }

  @Test
  void readsAChain() throws Exception {
    base().writeTo(folder.resolve("base.vdi"));
    TestVdi middle = TestVdi.of(50, 5, 6).uuids(7, 8).over(5, 6).entry(9, TestVdi.ZERO);
    middle.writeTo(folder.resolve("middle.vdi"));
    TestVdi vdi = TestVdi.of(20, 0).uuids(9, 10).over(7, 8);
    assertReads(vdi.writeTo(child), vdi.over(middle.over(base().disk)));
  }

  @Test
  void aFixedImageIsAParentToo() throws Exception {
    base().put32(0x4C, 2).writeTo(folder.resolve("base.vdi"));
    assertReads(sample().writeTo(child), sample().over(base().disk));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, BLOCK, 5 * BLOCK + 100})
  void pastASmallerParentThereAreZeros(int size) throws Exception {
    TestVdi parent = base().put64(0x170, size).entry(9, TestVdi.FREE);
    parent.writeTo(folder.resolve("base.vdi"));
    byte[] cut = new byte[size];
    System.arraycopy(base().disk, 0, cut, 0, size);
    assertReads(sample().writeTo(child), sample().over(cut));
  }

  @Test
  void findsTheParentWhateverItIsCalled() throws Exception {
    base().writeTo(folder.resolve("BASE.VDI"));
    assertReads(sample().writeTo(child), sample().over(base().disk));
    Files.move(folder.resolve("BASE.VDI"), folder.resolve("backup of a disk"));
    assertReads(child, sample().over(base().disk));
  }

  @Test
  void otherFilesOfTheFolderAreNoHindrance() throws Exception {
    Files.write(folder.resolve("0.vdi"), new byte[0]);
    Files.write(folder.resolve("1.vdi"), new byte[455]);
    Files.write(folder.resolve("2.vdi"), new byte[5000]);
    TestVdi.of(1, 2).uuids(77, 6).writeTo(folder.resolve("3.vdi"));
    // no VDI, although it has the UUIDs
    base().put32(0x40, 0).writeTo(folder.resolve("4.vdi"));
    base().writeTo(top.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("5.vdi"), top.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("6.vdi"), folder.resolve("nowhere"));
    Files.createDirectory(folder.resolve("7.vdi"));
    base().writeTo(folder.resolve("base.vdi"));
    assertReads(sample().writeTo(child), sample().over(base().disk));
  }

  @Test
  void findsTheParentAboveTheSnapshots() throws Exception {
    base().writeTo(folder.resolve("base.vdi"));
    TestVdi middle = TestVdi.of(50, 5, 6).uuids(7, 8).over(5, 6);
    middle.writeTo(snapshots.resolve("{7}.vdi"));
    TestVdi vdi = TestVdi.of(20, 0).uuids(9, 10).over(7, 8);
    Path file = vdi.writeTo(snapshots.resolve("{9}.vdi"));
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageStartingWith(snapshots.resolve("{7}.vdi").toRealPath() + ": header uuidLinkage")
        .hasMessageContaining("{00000000-0000-0000-0500-000000000000}")
        .hasMessageEndingWith("with --external " + folder.toRealPath());
    try (DiskImage image = open(file, ReferencePolicy.alsoUnder(folder))) {
      assertThat(ByteBuffer.wrap(TestVdi.content(image)))
          .isEqualTo(ByteBuffer.wrap(vdi.over(middle.over(base().disk))));
    }
  }

  /** The folder that is allowed is the image's own, so every file in it has two names. */
  @Test
  void aFileWithTwoNamesIsOneParent() throws Exception {
    base().writeTo(folder.resolve("base.vdi"));
    Path file = sample().writeTo(child);
    try (DiskImage image = open(file, ReferencePolicy.alsoUnder(folder))) {
      assertThat(image.info().externalFiles()).hasSize(1);
    }
  }

  @Test
  void refusesAnImageWithoutItsParent() throws IOException {
    TestVdi.of(1, 2).uuids(77, 6).writeTo(folder.resolve("other.vdi"));
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("{child}.vdi: header uuidLinkage at offset 0x1a8")
        .hasMessageContaining("which is no image in " + folder)
        .hasMessageEndingWith("--external DIR");
  }

  @Test
  void refusesToLookWhenNothingMayBeNamed() throws IOException {
    base().writeTo(folder.resolve("base.vdi"));
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> open(file, ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("none, since --external deny")
        .hasMessageContaining("Use --external folder");
  }

  @Test
  void refusesAParentThatWasChangedSince() throws IOException {
    Path parent = base().uuids(5, 1).writeTo(folder.resolve("base.vdi")).toRealPath();
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("{child}.vdi: header uuidParentModify at offset 0x1b8")
        .hasMessageContaining("found {00000000-0000-0000-0600-000000000000}")
        .hasMessageContaining("{00000000-0000-0000-0100-000000000000}, the uuidModify of " + parent)
        .hasMessageContaining("take the parent as it was then");
  }

  @Test
  void takesTheCopyThatWasNotChanged() throws Exception {
    TestVdi.of(3, 3).uuids(5, 1).writeTo(folder.resolve("a.vdi"));
    base().writeTo(folder.resolve("b.vdi"));
    TestVdi.of(4, 3).uuids(5, 2).writeTo(folder.resolve("c.vdi"));
    assertReads(sample().writeTo(child), sample().over(base().disk));
  }

  @Test
  void refusesToGuessBetweenTwoParents() throws IOException {
    base().writeTo(folder.resolve("a.vdi"));
    TestVdi.of(3, 3).uuids(5, 6).writeTo(folder.resolve("b.vdi"));
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("a.vdi and ")
        .hasMessageContaining("b.vdi both are");
  }

  @Test
  void refusesAnImageThatIsItsOwnParent() throws IOException {
    Path file = TestVdi.dynamic().uuids(5, 6).over(5, 6).writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("already part of this chain");
  }

  @Test
  void refusesAChainThatBitesItsTail() throws IOException {
    TestVdi.of(1, 1).uuids(7, 8).over(9, 10).writeTo(folder.resolve("a.vdi"));
    TestVdi.of(1, 1).uuids(9, 10).over(7, 8).writeTo(folder.resolve("b.vdi"));
    assertThatThrownBy(() -> TestVdi.open(folder.resolve("a.vdi")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("b.vdi: parent")
        .hasMessageContaining("already part of this chain");
  }

  @Test
  void whatIsWrongWithTheParentIsSaidOfTheParent() throws IOException {
    Path parent = base().entry(3, 99).writeTo(folder.resolve("base.vdi")).toRealPath();
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith(parent + ": block map entry 3");
  }

  @Test
  void aFolderOfTooManyImagesIsNotSearched() throws IOException {
    byte[] header = new byte[16];
    for (int i = 0; i < 4100; i++) {
      Files.write(folder.resolve(i + ".vdi"), header);
    }
    Path file = sample().writeTo(child);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("4101 files");
  }

  @Test
  void closesTheChain() throws IOException {
    Path parent = base().writeTo(folder.resolve("base.vdi")).toRealPath();
    TestVdi.of(1, 2).uuids(77, 6).writeTo(folder.resolve("other.vdi"));
    Path file = sample().writeTo(child).toRealPath();
    DiskImage image = TestVdi.open(file);
    assertThat(openFiles()).contains(parent, file).doesNotContain(folder.resolve("other.vdi"));
    image.close();
    assertThat(openFiles()).doesNotContain(parent, file);
    base().entry(3, 99).writeTo(parent);
    assertThatThrownBy(() -> TestVdi.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openFiles()).doesNotContain(parent, file);
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
