package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sparse extents of ESX. */
class EsxExtentTest {

  /** Three tables, the middle one not used, and a last grain that the disk cuts. */
  private static final long CAPACITY = 8 * (4096 * 2 + 40) + 3;

  @TempDir Path folder;

  private static EsxImage some(String kind) {
    EsxImage image =
        kind.equals("seSparse")
            ? EsxImage.seSparse(CAPACITY)
            : EsxImage.cowd(CAPACITY, Integer.parseInt(kind.substring(kind.length() - 1)));
    for (long grain : List.of(0L, 1L, 2L, 7L, 4095L, CAPACITY / image.grainSize)) {
      image.grain(grain);
    }
    if (CAPACITY % image.grainSize == 0) {
      image.grains.remove(CAPACITY / image.grainSize);
      image.grain(CAPACITY / image.grainSize - 1);
    }
    if (image.seSparse) {
      image.zeroed.addAll(List.of(3L, 4L, 4096L * 2 + 1));
      image.unmapped.add(5L);
    }
    return image;
  }

  private Path write(byte[] extent, long sectors, String id) throws IOException {
    Files.write(folder.resolve("disk-000001-delta.vmdk"), extent);
    boolean se = extent[0] == (byte) 0xbe;
    String text =
        EsxImage.descriptor(
            se ? "seSparse" : "vmfsSparse",
            se ? "SESPARSE" : "VMFSSPARSE",
            sectors,
            "disk-000001-delta.vmdk");
    if (!id.isEmpty()) {
      text =
          text.replace("parentCID=ffffffff", "parentCID=" + id + "\nparentFileNameHint=\"b.vmdk\"");
    }
    return Files.writeString(folder.resolve("disk-000001.vmdk"), text);
  }

  private DiskImage open(byte[] extent) throws IOException {
    return Disks.open(write(extent, CAPACITY, ""));
  }

  /** A parent without holes. */
  private byte[] parent() throws IOException {
    byte[] data = new byte[(int) CAPACITY * 512];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i / 512 % 255 + 1);
    }
    Files.write(folder.resolve("b-flat.vmdk"), data);
    Files.writeString(
        folder.resolve("b.vmdk"), EsxImage.descriptor("vmfs", "VMFS", CAPACITY, "b-flat.vmdk"));
    return data;
  }

  private static void assertContent(DiskImage disk, byte[] expected) throws IOException {
    assertThat(disk.size()).isEqualTo(expected.length);
    assertThat(Arrays.equals(Disks.read(disk), expected)).isTrue();
    assertThat(Arrays.equals(Disks.walk(disk), expected)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cowd-1", "cowd-8", "seSparse"})
  void bothWaysOfReadingGiveTheDisk(String kind) throws IOException {
    EsxImage image = some(kind);
    try (DiskImage disk = open(image.build())) {
      assertContent(disk, image.over(new byte[0]));
      assertThat(disk.info().subformat()).isEqualTo(image.seSparse ? "seSparse" : "vmfsSparse");
      assertThat(disk.info().clusterSize()).hasValue(image.grainSize * 512L);
      assertThat(disk.info().anomalies()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cowd-1", "cowd-8", "seSparse"})
  void whatTheSnapshotDoesNotHoldIsTheParents(String kind) throws IOException {
    byte[] below = parent();
    EsxImage image = some(kind);
    try (DiskImage disk = Disks.open(write(image.build(), CAPACITY, "0badcafe"))) {
      assertContent(disk, image.over(below));
      assertThat(disk.info().externalFiles())
          .extracting(f -> f.role() + " " + f.path().getFileName())
          .containsExactly("extent disk-000001-delta.vmdk", "parent b.vmdk", "extent b-flat.vmdk");
    }
  }

  @Tag("interop")
  @ParameterizedTest
  @ValueSource(strings = {"cowd-1", "cowd-8", "seSparse"})
  void qemuReadsTheSame(String kind) throws IOException, InterruptedException {
    byte[] below = parent();
    EsxImage image = some(kind);
    for (String id : List.of("", "0badcafe")) {
      Path file = write(image.build(), CAPACITY, id);
      Path raw = folder.resolve("out.raw");
      Process process =
          new ProcessBuilder(
                  "qemu-img", "convert", "-f", "vmdk", "-O", "raw", file.toString(), raw.toString())
              .inheritIO()
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      byte[] expected = image.over(id.isEmpty() ? new byte[0] : below);
      assertThat(Arrays.equals(Files.readAllBytes(raw), expected)).isTrue();
    }
  }

  /** A guest that discarded blocks must not see its parent's again. */
  @Test
  void zeroedAndUnmappedGrainsHideTheParent() throws IOException {
    parent();
    try (DiskImage disk = Disks.open(write(some("seSparse").build(), CAPACITY, "0badcafe"))) {
      assertThat(disk.extentAt(3 * 4096, 1 << 20))
          .isEqualTo(new Extent.Zero(3 * 4096, 3 * 4096, true));
      assertThat(disk.extentAt(6 * 4096, 1 << 20)).isInstanceOf(Extent.Data.class);
    }
  }

  @Test
  void adjacentGrainsAreOneExtent() throws IOException {
    try (DiskImage disk = open(some("seSparse").build())) {
      assertThat(disk.extentAt(100, 1 << 20)).returns(3 * 4096L - 100, Extent::length);
      assertThat(disk.extentAt(4096, 100)).returns(100L, Extent::length);
    }
  }

  /** The number of a grain is turned by 12 bits in its entry. */
  @Test
  void grainsBeyondTheFirst4096AreFound() throws IOException {
    EsxImage image = EsxImage.seSparse(8 * 8192);
    for (long i = 0; i < 4100; i++) {
      image.grain(i);
    }
    try (DiskImage disk = Disks.open(write(image.build(), 8 * 8192, ""))) {
      assertContent(disk, image.over(new byte[0]));
    }
  }

  @Test
  void theCapacityMayBeRoundedUpToAGrain() throws IOException {
    EsxImage image = EsxImage.seSparse(80).grain(9);
    try (DiskImage disk = Disks.open(write(image.build(), 77, ""))) {
      assertContent(disk, Arrays.copyOf(image.over(new byte[0]), 77 * 512));
    }
    for (long sectors : List.of(81L, 72L, 8L)) {
      Path file = write(image.build(), sectors, "");
      assertThatThrownBy(() -> Disks.open(file))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("seSparse constant header capacity at offset 0x10")
          .hasMessageContaining("as the descriptor says");
    }
  }

  @Test
  void emptyDirectoryEntriesAreSkippedAtOnce() throws IOException {
    long capacity = 1L << 27;
    EsxImage image = EsxImage.cowd(capacity, 1);
    try (DiskImage disk = Disks.open(write(image.build(), capacity, ""))) {
      var calls = new AtomicInteger();
      for (long at = 0; at < disk.size(); at = disk.extentAt(at, disk.size() - at).end()) {
        calls.incrementAndGet();
      }
      assertThat(calls).hasValueLessThan(4);
    }
  }

  @Test
  void uncleanShutdownIsReported() throws IOException {
    byte[] extent = SparseImage.patch(some("cowd-1").build(), 1648, 4, 1);
    try (DiskImage disk = open(extent)) {
      assertThat(disk.info().anomalies())
          .singleElement()
          .returns(Anomaly.Kind.DIRTY, Anomaly::kind)
          .returns(1648L, Anomaly::offset);
    }
  }

  private record Bad(
      String name, byte[] extent, Class<? extends ImageException> kind, String says, long offset) {}

  @ParameterizedTest
  @MethodSource({"badCowd", "badSeSparse"})
  void isRefused(Bad bad) throws IOException {
    Path file = write(bad.extent, CAPACITY, "");
    assertThatThrownBy(
            () -> {
              try (DiskImage disk = Disks.open(file)) {
                Disks.walk(disk);
              }
            })
        .isExactlyInstanceOf(bad.kind)
        .hasMessageContaining("disk-000001-delta.vmdk: ")
        .hasMessageContaining(bad.says)
        .satisfies(e -> {
          Fault fault = ((ImageException) e).fault();
          assertThat(fault.remedy()).isNotEmpty();
          assertThat(fault.offset()).isEqualTo(bad.offset);
        });
  }

  private static Stream<Arguments> named(List<Bad> cases) {
    return cases.stream().map(c -> Arguments.of(Named.of(c.name, c)));
  }

  static Stream<Arguments> badCowd() {
    EsxImage image = some("cowd-8");
    byte[] good = image.build();
    String header = "vmfsSparse extent header ";
    var cases = new ArrayList<Bad>();
    cases.add(
        new Bad("trunc-header", Arrays.copyOf(good, 2047), CorruptImage.class, "extent header", 0));
    cases.add(bad("version-2", good, 4, 4, 2, UnsupportedFeature.class, header + "version"));
    cases.add(bad("capacity-0", good, 12, 4, 0, CorruptImage.class, header + "numSectors"));
    cases.add(bad("capacity-other", good, 12, 4, 9, CorruptImage.class, "descriptor says"));
    for (long grain : List.of(0L, 3L, 0xffffffffL)) {
      cases.add(
          bad("grain-" + grain, good, 16, 4, grain, CorruptImage.class, header + "grainSize"));
    }
    cases.add(bad("grain-2p31", good, 16, 4, 1L << 31, LimitExceeded.class, header + "grainSize"));
    for (long gd : List.of(0L, 3L)) {
      cases.add(bad("gd-" + gd, good, 20, 4, gd, CorruptImage.class, header + "gdOffset"));
    }
    cases.add(
        new Bad(
            "gd-beyond",
            SparseImage.patch(good.clone(), 20, 4, 0xffffffffL),
            CorruptImage.class,
            "grain directory",
            0xffffffffL * 512));
    cases.add(bad("gd-entries", good, 24, 4, 2, CorruptImage.class, header + "numGDEntries"));
    int gde = image.gdAt;
    for (long sector : List.of(1L, 3L, 4L)) {
      cases.add(bad("gde-" + sector, good, gde, 4, sector, CorruptImage.class, "directory entry"));
    }
    cases.add(
        new Bad(
            "gde-beyond",
            SparseImage.patch(good.clone(), gde, 4, 0xfffffff0L),
            CorruptImage.class,
            "grain table",
            0xfffffff0L * 512));
    int gte = image.tableAt(0) + 4 * 7;
    for (long sector : List.of(1L, 3L, 4L, (long) image.tableAt(0) / 512 + 31)) {
      cases.add(
          bad("gte-" + sector, good, gte, 4, sector, CorruptImage.class, "grain table entry"));
    }
    int other = image.grainAt(0) / 512;
    cases.add(
        bad("gte-duplicate", good, gte, 4, other, CorruptImage.class, "where another grain lies"));
    cases.add(bad("gte-beyond", good, gte, 4, 0xfffffff0L, CorruptImage.class, "past the end"));
    cases.add(
        new Bad(
            "trunc-grain",
            Arrays.copyOf(good, good.length - 1),
            CorruptImage.class,
            "past the end",
            image.tableAt(0)));
    return named(cases);
  }

  static Stream<Arguments> badSeSparse() {
    EsxImage image = some("seSparse");
    byte[] good = image.build();
    String header = "seSparse constant header ";
    var cases = new ArrayList<Bad>();
    cases.add(
        new Bad(
            "trunc-header", Arrays.copyOf(good, 511), CorruptImage.class, "constant header", 0));
    for (int field : List.of(8, 24, 32, 40)) {
      cases.add(bad("field-" + field, good, field, 8, 7, UnsupportedFeature.class, header));
    }
    cases.add(bad("reserved", good, 48, 8, 7, UnsupportedFeature.class, header + "reserved"));
    cases.add(
        new Bad(
            "padding",
            SparseImage.patch(good.clone(), 504, 8, 1),
            UnsupportedFeature.class,
            header + "reserved",
            48));
    cases.add(bad("capacity-0", good, 16, 8, 0, CorruptImage.class, header + "capacity"));
    cases.add(bad("capacity-max", good, 16, 8, -1, LimitExceeded.class, header + "capacity"));
    for (int field : List.of(80, 128, 144, 192)) {
      for (long value : List.of(0L, -1L, Long.MAX_VALUE)) {
        cases.add(
            bad("place-" + field + "-" + value, good, field, 8, value, CorruptImage.class, header));
      }
    }
    cases.add(bad("tables-max", good, 152, 8, -1, CorruptImage.class, "grain_tables_size"));
    cases.add(bad("gd-size", good, 136, 8, 0, CorruptImage.class, "grain_dir_size"));
    cases.add(bad("tables-on-gd", good, 144, 8, 8, CorruptImage.class, "grain_tables_offset"));
    cases.add(bad("grains-on-tables", good, 192, 8, 72, CorruptImage.class, "grains_offset"));
    cases.add(bad("volatile-magic", good, 512, 8, 1, CorruptImage.class, "volatile header magic"));
    cases.add(
        bad(
            "journal",
            good,
            512 + 24,
            8,
            1,
            UnsupportedFeature.class,
            "volatile header replay_journal"));
    int gde = image.gdAt;
    for (long entry : List.of(1L, 1L << 61, 1L << 60 | 1L << 32, 1L << 60 | 3, -1L)) {
      cases.add(bad("gde-" + entry, good, gde, 8, entry, CorruptImage.class, "directory entry"));
    }
    int gte = image.tableAt(0) + 8 * 7;
    for (long entry : List.of(1L, 1L << 62, -1L, 3L << 60 | 0xffffffffffffL)) {
      cases.add(bad("gte-" + entry, good, gte, 8, entry, CorruptImage.class, "grain table entry"));
    }
    cases.add(
        bad("gte-duplicate", good, gte, 8, 3L << 60, CorruptImage.class, "another grain lies"));
    cases.add(
        bad("gte-beyond", good, gte, 8, 3L << 60 | 100L << 48, CorruptImage.class, "past the end"));
    cases.add(
        new Bad(
            "trunc-grain",
            Arrays.copyOf(good, good.length - 4096 + 3 * 512 - 1),
            CorruptImage.class,
            "past the end",
            image.tableAt(2) + 8 * 40));
    return named(cases);
  }

  private static Bad bad(
      String name,
      byte[] good,
      int at,
      int width,
      long value,
      Class<? extends ImageException> kind,
      String says) {
    return new Bad(name, SparseImage.patch(good.clone(), at, width, value), kind, says, at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cowd-8", "seSparse"})
  void anExtentAloneAsksForItsDescriptor(String kind) throws IOException {
    Path file = Files.write(folder.resolve("alone.vmdk"), some(kind).build());
    assertThatThrownBy(() -> Disks.open(file))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("one part of a disk")
        .hasMessageContaining("Name the disk's descriptor");
  }

  @Test
  void whatTheFileIsDecidesAndNotTheLine() throws IOException {
    EsxImage image = some("cowd-8");
    Files.write(folder.resolve("part.vmdk"), image.build());
    Path file =
        Files.writeString(
            folder.resolve("disk.vmdk"),
            EsxImage.descriptor("custom", "SPARSE", CAPACITY, "part.vmdk"));
    try (DiskImage disk = Disks.open(file)) {
      assertContent(disk, image.over(new byte[0]));
    }
  }
}
