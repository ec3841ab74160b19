package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.Formats;
import io.diskwright.format.vmdk.SparseImage.Layout;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that read from a parent what they do not hold. */
class DeltaTest {

  private static final long CAPACITY = 16 * 600;
  private static final int GRAIN = 8192;

  @TempDir Path folder;

  /** A parent without holes: every byte of it can be told from a zero. */
  private byte[] parent(String name, long sectors, String id) throws IOException {
    byte[] data = new byte[(int) sectors * 512];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i / 512 % 255 + 1);
    }
    Files.write(folder.resolve(name + "-flat.vmdk"), data);
    Files.writeString(
        folder.resolve(name + ".vmdk"),
        SparseImage.descriptor(
                "monolithicFlat", "RW " + sectors + " FLAT \"" + name + "-flat.vmdk\" 0\n")
            .replace("CID=0badcafe", "CID=" + id));
    return data;
  }

  private static SparseImage delta(Layout layout, String id, String hint) {
    SparseImage image = new SparseImage(layout, CAPACITY, 16).grain(1).grain(599);
    image.descriptor = asDelta(image.descriptor, id, hint);
    return image;
  }

  private static String asDelta(String descriptor, String id, String hint) {
    return descriptor.replace(
        "parentCID=ffffffff", "parentCID=" + id + "\nparentFileNameHint=\"" + hint + "\"");
  }

  private DiskImage open(SparseImage image) throws IOException {
    return Disks.open(Files.write(folder.resolve("disk-000001.vmdk"), image.build()));
  }

  private static byte[] over(byte[] below, SparseImage image) {
    byte[] disk = Arrays.copyOf(below, (int) CAPACITY * 512);
    image.zeroed.forEach(
        g -> Arrays.fill(disk, (int) (g * GRAIN), (int) (g + 1) * GRAIN, (byte) 0));
    image.grains.forEach((g, data) -> System.arraycopy(data, 0, disk, (int) (g * GRAIN), GRAIN));
    return disk;
  }

  private static void assertContent(DiskImage disk, byte[] expected) throws IOException {
    assertThat(disk.size()).isEqualTo(expected.length);
    assertThat(Disks.read(disk)).isEqualTo(expected);
    assertThat(Disks.walk(disk)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void whatTheDeltaDoesNotHoldIsTheParents(Layout layout) throws IOException {
    byte[] below = parent("base", CAPACITY, "12345678");
    SparseImage image = delta(layout, "12345678", "base.vmdk");
    image.flags |= 4;
    image.zeroed.add(3L);
    try (DiskImage disk = open(image)) {
      assertContent(disk, over(below, image));
      assertThat(disk.extentAt(3 * GRAIN, 9 * GRAIN))
          .isEqualTo(new Extent.Zero(3 * GRAIN, GRAIN, true));
      assertThat(disk.info().externalFiles())
          .extracting(f -> f.role() + " " + f.path().getFileName())
          .containsExactly("parent base.vmdk", "extent base-flat.vmdk");
      assertThat(disk.info().details())
          .containsEntry("parentCID", "12345678")
          .containsEntry("parentFileNameHint", "base.vmdk");
      assertThat(disk.info().anomalies()).isEmpty();
    }
  }

  @Test
  void chainsAreFollowedDownToTheBase() throws IOException {
    byte[] below = parent("base", CAPACITY, "1");
    SparseImage middle = delta(Layout.PLAIN, "00000001", "base.vmdk").grain(7);
    middle.descriptor = middle.descriptor.replace("CID=0badcafe", "CID=00000002");
    middle.unclean = true;
    Files.write(folder.resolve("middle.vmdk"), middle.build());
    SparseImage top = delta(Layout.PLAIN, "00000002", "middle.vmdk").grain(8);
    top.flags |= 4;
    top.zeroed.add(7L);
    try (DiskImage disk = open(top)) {
      assertContent(disk, over(over(below, middle), top));
      assertThat(disk.info().externalFiles())
          .extracting(f -> f.path().getFileName().toString())
          .containsExactly("middle.vmdk", "base.vmdk", "base-flat.vmdk");
      assertThat(disk.info().anomalies())
          .singleElement()
          .satisfies(a -> assertThat(a.structure()).startsWith("parent ").contains("middle.vmdk: "))
          .returns(Anomaly.Kind.DIRTY, Anomaly::kind);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 16 * 100 + 3, CAPACITY + 160})
  void aParentOfAnotherSizeIsCutOrFollowedByZeros(long sectors) throws IOException {
    byte[] below = parent("base", sectors, "12345678");
    SparseImage image = delta(Layout.PLAIN, "12345678", "base.vmdk");
    try (DiskImage disk = open(image)) {
      assertContent(disk, over(below, image));
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.SIZES_DISAGREE, Anomaly::kind);
    }
  }

  /** Of the two kinds without tables, one holds all of its bytes and the other says zero. */
  @Test
  void flatAndZeroExtentsOfADeltaHideTheParent() throws IOException {
    byte[] below = parent("base", 16 * 12, "12345678");
    SparseImage part = new SparseImage(Layout.PLAIN, 16 * 10, 16).grain(2);
    part.withDescriptor = false;
    Files.write(folder.resolve("part-s002.vmdk"), part.build());
    Files.write(folder.resolve("own-flat.vmdk"), new byte[16 * 512]);
    String extents =
        "RW 16 FLAT \"own-flat.vmdk\" 0\nRW 160 SPARSE \"part-s002.vmdk\"\nRW 16 ZERO\n";
    Path file =
        Files.writeString(
            folder.resolve("disk.vmdk"),
            asDelta(SparseImage.descriptor("custom", extents), "12345678", "base.vmdk"));
    byte[] expected = below.clone();
    Arrays.fill(expected, 0, 16 * 512, (byte) 0);
    System.arraycopy(part.grains.get(2L), 0, expected, 3 * GRAIN, GRAIN);
    Arrays.fill(expected, 16 * 11 * 512, 16 * 12 * 512, (byte) 0);
    try (DiskImage disk = Disks.open(file)) {
      assertContent(disk, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/vmfs/volumes/5e8d-11/vm/base.vmdk",
        "C:\\Virtual Machines\\vm\\base.vmdk",
        "\\\\server\\share\\base.vmdk",
        "../templates/base.vmdk",
        "D:\\vm\\BASE.VMDK",
        "./base.vmdk"
      })
  void aParentIsFoundBesideTheDeltaThatWasMadeElsewhere(String hint) throws IOException {
    byte[] below = parent("base", CAPACITY, "12345678");
    SparseImage image = delta(Layout.PLAIN, "12345678", hint);
    try (DiskImage disk = open(image)) {
      assertContent(disk, over(below, image));
    }
    Path file = folder.resolve("disk-000001.vmdk");
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("--external");
  }

  @Test
  void aParentsNameIsInTheDeltasEncoding() throws IOException {
    byte[] below = parent("表中文", CAPACITY, "12345678");
    String text =
        asDelta(
            SparseImage.descriptor("custom", "RW 9600 SPARSE \"part.vmdk\"\n"),
            "12345678",
            "表中文.vmdk");
    SparseImage part = delta(Layout.PLAIN, "12345678", "x.vmdk");
    part.withDescriptor = false;
    Files.write(folder.resolve("part.vmdk"), part.build());
    Path file = folder.resolve("disk.vmdk");
    Files.write(file, (text + "encoding=\"GBK\"\n").getBytes(Charset.forName("GBK")));
    try (DiskImage disk = Disks.open(file)) {
      assertContent(disk, over(below, part));
      assertThat(disk.info().details()).containsEntry("parentFileNameHint", "表中文.vmdk");
    }
  }

  @Test
  void anotherDiskUnderTheParentsNameIsRefusedWithBothNumbers() throws IOException {
    parent("base", CAPACITY, "87654321");
    assertThatThrownBy(() -> open(delta(Layout.PLAIN, "12345678", "C:\\vm\\base.vmdk")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("disk-000001.vmdk: descriptor parentCID")
        .hasMessageContaining("12345678, but the parent " + folder.toRealPath())
        .hasMessageContaining("base.vmdk has the CID 87654321")
        .hasMessageContaining("bring the one the delta was made on");
    Path base = folder.resolve("base.vmdk");
    Files.writeString(base, Files.readString(base).replace("CID=87654321", "CID=whatever"));
    Disks.open(base).close(); // alone, it needs no CID
    assertThatThrownBy(() -> open(delta(Layout.PLAIN, "12345678", "base.vmdk")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("base.vmdk: descriptor CID");
    Files.writeString(base, Files.readString(base).replace("CID=whatever\n", ""));
    assertThatThrownBy(() -> open(delta(Layout.PLAIN, "12345678", "base.vmdk")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("base.vmdk has no CID");
  }

  @Test
  void aMissingParentIsNamedAsTheDeltaNamesIt() throws IOException {
    assertThatThrownBy(() -> open(delta(Layout.PLAIN, "12345678", "/vmfs/volumes/x/base.vmdk")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("disk-000001.vmdk: parent at offset")
        .hasMessageContaining("'/vmfs/volumes/x/base.vmdk', which is not there");
  }

  @Test
  void theFaultOfAParentIsNotHiddenByLookingForIt() throws IOException {
    parent("base", CAPACITY, "12345678");
    Files.delete(folder.resolve("base-flat.vmdk"));
    assertThatThrownBy(() -> open(delta(Layout.PLAIN, "12345678", "C:\\x\\base.vmdk")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("/base.vmdk: extent of");
  }

  @Test
  void aLoopAndAnEndlessChainAreRefused() throws IOException {
    SparseImage image = delta(Layout.PLAIN, "0badcafe", "other.vmdk");
    SparseImage other = delta(Layout.PLAIN, "0badcafe", "C:\\x\\disk-000001.vmdk");
    Files.write(folder.resolve("other.vmdk"), other.build());
    assertThatThrownBy(() -> open(image))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("other.vmdk: parent");
    String zero = SparseImage.descriptor("custom", "RW 1 ZERO\n");
    for (int i = 0; i < 300; i++) {
      Files.writeString(
          folder.resolve("c" + i + ".vmdk"), asDelta(zero, "0badcafe", "c" + (i + 1) + ".vmdk"));
    }
    assertThatThrownBy(() -> Disks.open(folder.resolve("c0.vmdk")))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("deeper than 256");
  }

  @Test
  void anExtentThatIsADeltaOfSomethingElseIsRefused() throws IOException {
    SparseImage part = delta(Layout.PLAIN, "12345678", "base.vmdk");
    Files.write(folder.resolve("part.vmdk"), part.build());
    String text = SparseImage.descriptor("custom", "RW 9600 SPARSE \"part.vmdk\"\n");
    Path file = Files.writeString(folder.resolve("disk.vmdk"), text);
    assertThatThrownBy(() -> Disks.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("part.vmdk: embedded descriptor parentCID")
        .hasMessageContaining("12345678");
    byte[] below = parent("base", CAPACITY, "12345678");
    Files.writeString(file, asDelta(text, "12345678", "base.vmdk"));
    try (DiskImage disk = Disks.open(file)) {
      assertContent(disk, over(below, part));
    }
  }
}
