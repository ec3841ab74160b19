package io.diskwright.format.vdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.Formats;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VdiImageTest {

  @TempDir Path folder;

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

  @Test
  void readsBlocksWhereTheMapSaysAndZerosElsewhere() throws Exception {
    TestVdi vdi = TestVdi.dynamic();
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      assertThat(image.size()).isEqualTo(TestVdi.DISK);
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
      // blocks 0 and 1 lie together and are one extent
      assertThat(extents(image))
          .containsExactly(
              "0+8192 at 5120",
              "8192+4096 zero",
              "12288+4096 hole",
              "16384+4096 at 1024",
              "20480+16384 hole",
              "36864+1001 at 13312");
    }
  }

  @Test
  void readsFromTheMiddleOfBlocks() throws Exception {
    TestVdi vdi = TestVdi.dynamic();
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      ByteBuffer part = ByteBuffer.allocate(9000);
      image.read(12_300, part);
      assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(vdi.disk, 12_300, 9000));
    }
  }

  @Test
  void skipsTheExtraBytesBeforeEachBlock() throws Exception {
    TestVdi vdi = TestVdi.with(1024);
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
    }
  }

  @Test
  void theMapRulesInAStaticImageToo() throws Exception {
    TestVdi vdi = TestVdi.dynamic().put32(0x4C, 2);
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      assertThat(image.info().subformat()).isEqualTo("static");
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
    }
  }

  @Test
  void tellsWhatItsHeaderSays() throws Exception {
    try (DiskImage image = TestVdi.open(TestVdi.dynamic().write(folder))) {
      assertThat(image.info())
          .isEqualTo(
              new ImageInfo(
                  "vdi",
                  "dynamic",
                  TestVdi.DISK,
                  OptionalLong.of(TestVdi.BLOCK),
                  Optional.of("Oracle VM VirtualBox Disk Image"),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of(
                      "version", "1.1",
                      "uuid", "00112233-4455-6677-8899-aabbccddeeff",
                      "modification uuid", "00000001-0000-0000-0000-000000000000",
                      "comment", "my\\x0adisk",
                      "geometry", "7/16/63",
                      "blocks", "4 of 10 allocated")));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0x0001_0001, 0x0001_0002})
  void readsTheseVersions(long version) throws Exception {
    TestVdi vdi = TestVdi.dynamic().put32(0x44, version);
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
    }
  }

  @Test
  void moreEntriesThanTheDiskNeedsAreNotLookedAt() throws Exception {
    TestVdi vdi = TestVdi.dynamic().put32(0x180, 11).entry(10, 12345);
    try (DiskImage image = TestVdi.open(vdi.write(folder))) {
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
    }
  }

  static Stream<Arguments> refusals() {
    long max = 0xFFFF_FFFFL;
    Class<UnsupportedFeature> unsupported = UnsupportedFeature.class;
    return Stream.of(
        refusal(
            unsupported,
            "version 2.0",
            v -> v.put32(0x44, 0x20000),
            "header u32Version at offset 0x44: found 2.0"),
        refusal(
            unsupported,
            "version 1.0",
            v -> v.put32(0x44, 0x10000),
            "header u32Version at offset 0x44"),
        refusal(
            unsupported, "version 0.2", v -> v.put32(0x44, 2), "header u32Version at offset 0x44"),
        field("header size 0", 0x48, 0, "header cbHeader at offset 0x48"),
        field("header size short", 0x48, 383, "header cbHeader at offset 0x48"),
        field("header size max", 0x48, max, "header offBlocks at offset 0x154"),
        field("type 0", 0x4C, 0, "header u32Type at offset 0x4c"),
        field("type 5", 0x4C, 5, "header u32Type at offset 0x4c"),
        field("type max", 0x4C, max, "header u32Type at offset 0x4c"),
        refusal(
            unsupported,
            "undo",
            v -> v.put32(0x4C, 3).put64(0x1A8, 0x6677_4455_0011_2233L),
            "header u32Type at offset 0x4c: found 3 (undo), allowed: 1 (normal), 2 (fixed),"
                + " 4 (differencing)"),
        field("differencing, no parent", 0x4C, 4, "header uuidLinkage at offset 0x1a8"),
        corrupt(
            "differencing, parent's modification unknown",
            v -> v.put32(0x4C, 4).put64(0x1A8, 1),
            "header uuidParentModify at offset 0x1b8"),
        refusal(
            unsupported,
            "a normal image with a parent",
            v -> v.put64(0x1B0, 1L << 56),
            "header uuidLinkage at offset 0x1a8: found 00000000-0000-0000-0000-000000000001, in an"
                + " image of type 1 that stands alone"),
        refusal(
            unsupported,
            "a fixed image with a parent",
            v -> v.put32(0x4C, 2).put64(0x1A8, 1),
            "header uuidLinkage at offset 0x1a8"),
        refusal(
            unsupported,
            "parent's modification",
            v -> v.put64(0x1B8, 1),
            "header uuidParentModify at offset 0x1b8"),
        refusal(
            unsupported,
            "sector size",
            v -> v.put32(0x168, 4096),
            "header LegacyGeometry.cbSector at offset 0x168"),
        field("block size 0", 0x178, 0, "header cbBlock at offset 0x178"),
        field("block size 1", 0x178, 1, "header cbBlock at offset 0x178"),
        field("block size 2048", 0x178, 2048, "header cbBlock at offset 0x178"),
        field("block size 1M-1", 0x178, (1 << 20) - 1, "header cbBlock at offset 0x178"),
        field("block size 3M", 0x178, 3 << 20, "header cbBlock at offset 0x178"),
        field("block size max", 0x178, max, "header cbBlock at offset 0x178"),
        refusal(
            LimitExceeded.class,
            "block size 2^31",
            v -> v.put32(0x178, 1L << 31),
            "header cbBlock at offset 0x178"),
        field("block extra where there is none", 0x17C, 512, "block map entry 9 at offset 0x224"),
        field("block extra odd", 0x17C, 100, "header cbBlockExtra at offset 0x17c"),
        field("block extra max", 0x17C, 0xFFFFFE00L, "header cbBlockExtra at offset 0x17c"),
        field("blocks few", 0x180, 9, "header cBlocks at offset 0x180"),
        field("blocks zero", 0x180, 0, "header cBlocks at offset 0x180"),
        field("blocks 1fffff80", 0x180, 0x1fffff80, "header offData at offset 0x158"),
        field("blocks max", 0x180, max, "header offData at offset 0x158"),
        field("blocks allocated", 0x184, 11, "header cBlocksAllocated at offset 0x184"),
        field("blocks allocated max", 0x184, max, "header cBlocksAllocated at offset 0x184"),
        corrupt("disk size zero", v -> v.put64(0x170, 0), "header cbDisk at offset 0x170"),
        corrupt("disk size max", v -> v.put64(0x170, -1), "header cbDisk at offset 0x170"),
        corrupt("disk size 2^63", v -> v.put64(0x170, 1L << 63), "header cbDisk at offset 0x170"),
        corrupt(
            "disk size 2^63-1",
            v -> v.put64(0x170, Long.MAX_VALUE),
            "header cBlocks at offset 0x180"),
        refusal(
            LimitExceeded.class,
            "disk of too many blocks",
            v -> v.put64(0x170, (1L << 40) + 1).put32(0x180, max),
            "header cBlocks at offset 0x180"),
        field("map offset zero", 0x154, 0, "header offBlocks at offset 0x154"),
        field("map offset in the header", 0x154, 471, "header offBlocks at offset 0x154"),
        field("map offset unaligned", 0x154, 513, "header offBlocks at offset 0x154"),
        field("map offset beyond", 0x154, 1 << 30, "header offData at offset 0x158"),
        corrupt(
            "map and data beyond",
            v -> v.put32(0x154, 1 << 30).put32(0x158, 1 << 31),
            "block map at offset 0x40000000"),
        field("data offset zero", 0x158, 0, "header offData at offset 0x158"),
        field("data offset in the map", 0x158, 512, "header offData at offset 0x158"),
        field("data offset beyond", 0x158, 1 << 30, "block map entry 0 at offset 0x200"),
        field("data offset unaligned", 0x158, 1025, "header offData at offset 0x158"),
        corrupt("block twice", v -> v.entry(6, 1), "block map entry 6 at offset 0x218"),
        corrupt("block beyond", v -> v.entry(6, 4), "block map entry 6 at offset 0x218"),
        corrupt(
            "block far beyond", v -> v.entry(6, 0x7fffffff), "block map entry 6 at offset 0x218"),
        corrupt(
            "block fffffffd", v -> v.entry(6, 0xFFFF_FFFDL), "block map entry 6 at offset 0x218"));
  }

  private static Arguments field(String name, int at, long value, String message) {
    return corrupt(name, v -> v.put32(at, value), message);
  }

  private static Arguments corrupt(String name, UnaryOperator<TestVdi> damage, String message) {
    return refusal(CorruptImage.class, name, damage, message);
  }

  private static Arguments refusal(
      Class<?> type, String name, UnaryOperator<TestVdi> damage, String message) {
    return Arguments.of(Named.of(name, damage), type, message);
  }

  @ParameterizedTest
  @MethodSource
  void refusals(UnaryOperator<TestVdi> damage, Class<?> type, String message) throws IOException {
    Path file = damage.apply(TestVdi.dynamic()).write(folder);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(type)
        .hasMessageContaining("a.vdi: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "68, header",
    "71, header",
    "455, header",
    "512, block map at offset 0x200",
    "551, block map at offset 0x200",
    "1024, block map entry 0 at offset 0x200",
    "13311, block map entry 1 at offset 0x204",
    "14313, block map entry 9 at offset 0x224",
    "17407, block map entry 9 at offset 0x224",
  })
  void refusesTruncation(int length, String message) throws IOException {
    Path file = TestVdi.dynamic().write(folder, length);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAFileForcedToBeAVdi() throws IOException {
    Path file = TestVdi.dynamic().put32(0x40, 0).write(folder);
    assertThatThrownBy(() -> Formats.open(file, Optional.of("vdi"), ReferencePolicy.folder()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("header u32Signature at offset 0x40");
  }

  @Test
  void refusesToGuessBetweenABootSectorAndAVdi() throws Exception {
    TestVdi vdi = TestVdi.dynamic().put32(508, 0xAA55_0000L);
    Path file = vdi.write(folder);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("--from");
    try (DiskImage image = Formats.open(file, Optional.of("vdi"), ReferencePolicy.folder())) {
      assertThat(TestVdi.content(image)).isEqualTo(vdi.disk);
    }
  }

  @Test
  void refusesToGuessBetweenAVdiAndAVhd() throws IOException {
    TestVdi vdi = TestVdi.dynamic();
    vdi.bytes.put(vdi.bytes.capacity() - 512, "conectix".getBytes(StandardCharsets.US_ASCII));
    Path file = vdi.write(folder);
    assertThatThrownBy(() -> TestVdi.open(file))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("vdi and vhd");
  }

  @Test
  void closesTheFileWhenItRefusesTheImage() throws IOException {
    Path file = TestVdi.dynamic().entry(3, 1).write(folder);
    assertThatThrownBy(() -> TestVdi.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openFiles()).isNotEmpty().doesNotContain(file.toRealPath());
  }

  @Test
  void closesTheFileWithTheImage() throws IOException {
    Path file = TestVdi.dynamic().write(folder);
    DiskImage image = TestVdi.open(file);
    assertThat(openFiles()).contains(file.toRealPath());
    image.close();
    assertThat(openFiles()).doesNotContain(file.toRealPath());
  }

  private static List<Path> openFiles() throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          files.add(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException e) {
          continue; // the descriptor that the listing itself used
        }
      }
    }
    return files;
  }
}
