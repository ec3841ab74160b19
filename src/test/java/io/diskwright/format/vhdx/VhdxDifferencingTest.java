package io.diskwright.format.vhdx;

import static io.diskwright.format.vhdx.TestVhdx.BAT;
import static io.diskwright.format.vhdx.TestVhdx.DATA;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_1;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_2;
import static io.diskwright.format.vhdx.TestVhdx.LOCATOR;
import static io.diskwright.format.vhdx.TestVhdx.METADATA;
import static io.diskwright.format.vhdx.TestVhdx.MIB;
import static io.diskwright.format.vhdx.TestVhdx.PARTIAL;
import static io.diskwright.format.vhdx.TestVhdx.ZERO;
import static io.diskwright.format.vhdx.TestVhdx.locator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.FakeContext;
import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.FileSource;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
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

/** Differencing images: what is the parent's, how it is found, and what is refused. */
class VhdxDifferencingTest {

  /** Where the entry of the only sector bitmap is: a chunk is 4,096 blocks of 1 MiB. */
  private static final int BITMAP = 4096;

  @TempDir Path folder;

  private TestVhdx base = TestVhdx.empty(MIB, 1);

  @BeforeEach
  void writeBase() throws IOException {
    base = TestVhdx.empty(4 * MIB, 4).stored(0, 0).stored(1, 1).stored(2, 2).stored(3, 3);
    base.write(folder.resolve("base.vhdx"), base.bytes.capacity());
  }

  /** Four blocks: the parent's, zero, stored, partially stored. */
  private static TestVhdx child(Map<String, String> locator) {
    TestVhdx child = TestVhdx.empty(4 * MIB, 3).child(locator);
    child.entry(1, ZERO, 0).stored(2, 0).pattern(DATA + MIB, MIB, 77);
    return child.entry(3, PARTIAL, 5).entry(BITMAP, 6, 6);
  }

  private static TestVhdx child() {
    return child(locator(".\\base.vhdx"));
  }

  /** Says which sectors of block 3 are stored, lowest bit first. */
  private static void bitmap(TestVhdx child, int... sectors) {
    for (int sector : sectors) {
      int bit = 3 * 2048 + sector;
      int at = DATA + 2 * MIB + bit / 8;
      child.u8(at, child.bytes.get(at) | 1 << bit % 8);
    }
  }

  private byte[] expected(TestVhdx child, int... sectors) {
    byte[] disk = base.disk.clone();
    Arrays.fill(disk, MIB, 2 * MIB, (byte) 0);
    System.arraycopy(child.bytes.array(), DATA, disk, 2 * MIB, MIB);
    for (int sector : sectors) {
      int at = sector * 512;
      System.arraycopy(child.bytes.array(), DATA + MIB + at, disk, 3 * MIB + at, 512);
    }
    return disk;
  }

  @Test
  void readsTheParentWhereItHasNothing() throws Exception {
    TestVhdx child = child();
    int[] sectors = {0, 1, 2, 7, 8, 63, 64, 65, 200, 2047};
    bitmap(child, sectors);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child, sectors));
      assertThat(image.extentAt(3 * MIB, MIB).length()).isEqualTo(3 * 512);
      assertThat(image.extentAt(3 * MIB + 100, MIB - 100).length()).isEqualTo(3 * 512 - 100);
      assertThat(image.extentAt(3 * MIB + 3 * 512, 100_000).length()).isEqualTo(4 * 512);
      assertThat(image.extentAt(3 * MIB + 63 * 512, 100_000).length()).isEqualTo(3 * 512);
      assertThat(image.extentAt(3 * MIB + 201 * 512, MIB / 2).length()).isEqualTo(MIB / 2);
    }
  }

  @Test
  void readsRandomPiecesOfARandomBitmap() throws Exception {
    TestVhdx child = child();
    var random = new Random(1);
    int[] sectors = random.ints(900, 0, 2048).toArray();
    bitmap(child, sectors);
    byte[] expected = expected(child, sectors);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected);
      for (int i = 0; i < 500; i++) {
        int from = 3 * MIB - 2000 + random.nextInt(MIB);
        byte[] piece = new byte[random.nextInt(2000)];
        image.read(from, ByteBuffer.wrap(piece));
        assertThat(piece).isEqualTo(Arrays.copyOfRange(expected, from, from + piece.length));
      }
    }
  }

  /** Sectors of 4 KiB have one bit each, too, and 32,768 blocks share a bitmap. */
  @Test
  void readsBitmapsOfLargeSectors() throws Exception {
    base.u32(TestVhdx.LOGICAL, 4096).write(folder.resolve("base.vhdx"), base.bytes.capacity());
    TestVhdx child = child().u32(TestVhdx.LOGICAL, 4096).entry(BITMAP, 0, 0).entry(32768, 6, 6);
    child.u8(DATA + 2 * MIB + 3 * 256 / 8, 0b101);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      int[] sectors = new int[16];
      Arrays.setAll(sectors, i -> i < 8 ? i : i + 8);
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child, sectors));
    }
  }

  /** Undefined and unmapped blocks are not the parent's. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void theParentIsNotAskedForZeros(int state) throws Exception {
    TestVhdx child = child().entry(1, state, 0);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child));
    }
  }

  @Test
  void aWholeBlockNeedsNoBitmap() throws Exception {
    TestVhdx child = child().entry(3, TestVhdx.NOT_PRESENT, 0).entry(BITMAP, 0, 0);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child));
    }
  }

  /** What a larger child has behind its parent's end is zero. */
  @Test
  void theParentMayBeSmaller() throws Exception {
    TestVhdx child = child().u64(TestVhdx.DISK_SIZE, 6L * MIB);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(Arrays.copyOf(expected(child), 6 * MIB));
    }
  }

  @Test
  void theParentMayBeLarger() throws Exception {
    TestVhdx child = child().u64(TestVhdx.DISK_SIZE, 3L * MIB);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(Arrays.copyOf(expected(child), 3 * MIB));
    }
  }

  @Test
  void saysWhatItIs() throws Exception {
    base.u8(HEADER_1 + 99, 1).write(folder.resolve("base.vhdx"), base.bytes.capacity());
    try (DiskImage image = TestVhdx.open(child().write(folder))) {
      assertThat(image.info().subformat()).isEqualTo("differencing");
      assertThat(image.info().externalFiles())
          .containsExactly(new ExternalFile("parent", folder.toRealPath().resolve("base.vhdx")));
      assertThat(image.info().details())
          .containsEntry("parent linkage", TestVhdx.DATA_WRITE.toString())
          .containsEntry("parent relative path", ".\\base.vhdx");
      assertThat(image.info().anomalies())
          .singleElement()
          .satisfies(a -> assertThat(a.kind()).isEqualTo(Anomaly.Kind.DAMAGED_COPY))
          .satisfies(a -> assertThat(a.structure()).contains("base.vhdx: header 1"));
    }
  }

  /** Each child has a DataWriteGuid of its own, by which the next one knows it. */
  @Test
  void readsAChainOfThree() throws Exception {
    UUID second = UUID.fromString("50112233-4455-6677-8899-aabbccddeeff");
    TestVhdx middle = child();
    bitmap(middle, 5);
    middle.guid(HEADER_1 + 32, second).guid(HEADER_2 + 32, second).sealed();
    middle.write(folder.resolve("middle.avhdx"), middle.bytes.capacity());
    Map<String, String> locator = locator("middle.avhdx");
    locator.put("parent_linkage", second.toString());
    TestVhdx top = TestVhdx.empty(4 * MIB, 1).child(locator).stored(0, 0);
    byte[] expected = expected(middle, 5);
    System.arraycopy(top.bytes.array(), DATA, expected, 0, MIB);
    try (DiskImage image = TestVhdx.open(top.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected);
      assertThat(image.info().externalFiles().stream().map(f -> f.path().getFileName().toString()))
          .containsExactly("middle.avhdx", "base.vhdx");
    }
    assertThat(VhdxRefusalTest.openFiles())
        .doesNotContain(
            folder.toRealPath().resolve("middle.avhdx"), folder.toRealPath().resolve("base.vhdx"));
  }

  static Stream<Map<String, String>> waysToTheParent() {
    return Stream.of(
        locator("base.vhdx"),
        locator(".\\base.vhdx"),
        locator("..\\elsewhere\\base.vhdx"),
        locator("C:\\vm\\base.vhdx"),
        paths("volume_path", "\\\\?\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\vm\\base.vhdx"),
        paths("absolute_win32_path", "\\\\?\\c:\\vm\\base.vhdx"),
        paths("absolute_win32_path", "C:\\vm\\base.vhdx", "relative_path", "gone\\missing.vhdx"),
        paths(
            "parent_linkage2",
            "{" + TestVhdx.DATA_WRITE + "}",
            "parent_linkage",
            TestVhdx.LOG_GUID.toString(),
            "relative_path",
            "base.vhdx"),
        paths("relative_path", "base.vhdx", "some_key", "of another program"));
  }

  private static Map<String, String> paths(String... pairs) {
    var locator = new LinkedHashMap<String, String>();
    locator.put("parent_linkage", "{" + TestVhdx.DATA_WRITE + "}");
    for (int i = 0; i < pairs.length; i += 2) {
      locator.put(pairs[i], pairs[i + 1]);
    }
    return locator;
  }

  @ParameterizedTest
  @MethodSource
  void waysToTheParent(Map<String, String> locator) throws Exception {
    TestVhdx child = child(locator);
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child));
    }
  }

  @Test
  void findsTheParentInAFolderBelow() throws Exception {
    Files.createDirectory(folder.resolve("below"));
    Files.move(folder.resolve("base.vhdx"), folder.resolve("below/base.vhdx"));
    TestVhdx child = child(locator("below\\base.vhdx"));
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      assertThat(TestVhdx.content(image)).isEqualTo(expected(child));
    }
  }

  static Stream<Arguments> refusals() {
    String unknown = "{30112233-4455-6677-8899-aabbccddeeff}";
    return Stream.of(
        unsafe("missing", "gone.vhdx", "'gone.vhdx', which is not there"),
        unsafe("itself", "a.vhdx", "already part of this chain"),
        unsafe("outside", "..\\..\\etc\\passwd", "parent at offset 0x2100"),
        unsafe("absolute", "/etc/passwd", "'/etc/passwd'"),
        unsafe("UNC", "\\\\host\\share\\gone.vhdx", "'//host/share/gone.vhdx'"),
        unsafe("URL", "http://host/gone.vhdx", "'http://host/gone.vhdx'"),
        unsafe("NUL", "base.vhdx\0x", "parent"),
        unsafe("empty", "", "a file name"),
        unsafe("folder", ".", "a regular file"),
        corrupt(
            "another parent",
            v -> v.utf16(text(v, 0) + 2, "ff"),
            "parent_linkage at offset 0x210040: found {ff112233-4455-6677-8899-aabbccddeeff},"
                + " while",
            "base.vhdx has the DataWriteGuid {00112233-4455-6677-8899-aabbccddeeff}",
            "The parent was changed"),
        corrupt("no GUID", v -> v.utf16(text(v, 0) + 2, "xx"), "parent_linkage at offset"),
        corrupt("no linkage", v -> v.u8(LOCATOR + 44 + 2, 'X'), "no parent_linkage"),
        corrupt("no path", v -> v.u16(LOCATOR + 18, 1), "no path of the parent"),
        corrupt("no entries", v -> v.u16(LOCATOR + 18, 0), "KeyValueCount at offset 0x210052"),
        corrupt("many entries", v -> v.u16(LOCATOR + 18, 65535), "parent locator"),
        corrupt("key offset", v -> v.u32(LOCATOR + 20, 1 << 20), "KeyOffset at offset 0x210054"),
        corrupt("value offset", v -> v.u32(LOCATOR + 24, -1), "ValueOffset at offset 0x210058"),
        corrupt("value length", v -> v.u16(LOCATOR + 30, 65535), "ValueOffset at offset"),
        corrupt("odd length", v -> v.u16(LOCATOR + 30, 11), "11 bytes from"),
        corrupt(
            "key twice",
            v ->
                v.u64(LOCATOR + 32, v.bytes.getLong(LOCATOR + 20))
                    .u32(LOCATOR + 40, v.bytes.getInt(LOCATOR + 28)),
            "parent_linkage a second time"),
        corrupt("short locator", v -> v.u32(METADATA + 32 + 5 * 32 + 20, 10), "parent locator"),
        refusal(
            UnsupportedFeature.class,
            "another type",
            v -> v.guid(LOCATOR, UUID.fromString(unknown.substring(1, 37))),
            "parent locator LocatorType at offset 0x210040: found " + unknown),
        corrupt(
            "sector size",
            v -> v.u32(TestVhdx.LOGICAL, 4096).entry(3, 0, 0),
            "LogicalSectorSize: found 4096, over"),
        corrupt("no bitmap", v -> v.entry(BITMAP, 0, 0), "no sector bitmap in entry 4096"),
        corrupt("bitmap state 7", v -> v.entry(BITMAP, PARTIAL, 6), "no sector bitmap"),
        corrupt(
            "unused bitmap state 2",
            v -> v.entry(3, 0, 0).entry(BITMAP, 2, 6),
            "sector bitmap state 2"),
        corrupt("bitmap beyond", v -> v.entry(BITMAP, 6, 7), "BAT entry 4096 at offset 0x308000"),
        corrupt("bitmap in a block", v -> v.entry(BITMAP, 6, 5), "another entry's block"),
        corrupt("bitmap in the table", v -> v.entry(BITMAP, 6, 3), "in the BAT region"),
        corrupt("bitmap reserved", v -> v.u8(BAT + 8 * BITMAP, 14), "reserved bits"));
  }

  /** Where the text of an entry's value starts in the file. */
  private static int text(TestVhdx vhdx, int entry) {
    return LOCATOR + vhdx.bytes.getInt(LOCATOR + 24 + 12 * entry);
  }

  private static Arguments unsafe(String name, String path, String message) {
    return Arguments.of(
        Named.of(name, child(locator(path))), UnsafeReference.class, List.of(message));
  }

  private static Arguments corrupt(
      String name, UnaryOperator<TestVhdx> damage, String... messages) {
    return refusal(CorruptImage.class, name, damage, messages);
  }

  private static Arguments refusal(
      Class<? extends ImageException> type,
      String name,
      UnaryOperator<TestVhdx> damage,
      String... messages) {
    return Arguments.of(Named.of(name, damage.apply(child())), type, List.of(messages));
  }

  @ParameterizedTest
  @MethodSource
  void refusals(TestVhdx child, Class<? extends ImageException> type, List<String> messages)
      throws IOException {
    Path file = child.write(folder);
    var refusal =
        assertThatThrownBy(() -> TestVhdx.open(file))
            .isInstanceOf(type)
            .hasMessageContaining("a.vhdx: ");
    messages.forEach(refusal::hasMessageContaining);
    assertThat(VhdxRefusalTest.openFiles())
        .isNotEmpty()
        .doesNotContain(file.toRealPath(), folder.toRealPath().resolve("base.vhdx"));
  }

  @Test
  void namesTheImageThatIsBrokenNotItsChild() throws IOException {
    base.entry(0, 4, 4).write(folder.resolve("base.vhdx"), base.bytes.capacity());
    Path file = child().write(folder);
    assertThatThrownBy(() -> TestVhdx.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("base.vhdx: BAT entry 0");
  }

  @Test
  void refusesAParentOfAnotherFormat() throws IOException {
    Files.write(folder.resolve("base.vhdx"), new byte[MIB]);
    Path file = child().write(folder);
    assertThatThrownBy(() -> TestVhdx.open(file))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("base.vhdx: file type identifier Signature");
  }

  @Test
  void refusesAnyParentWhenNoneIsAllowed() throws IOException {
    Path file = child().write(folder);
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class);
  }

  /** What a grandparent lacks is not looked for again under each of the parent's names. */
  @Test
  void aLoopIsRefusedAtOnce() throws IOException {
    String[] names = {"a.vhdx", "b.vhdx", "c.vhdx"};
    for (int i = 0; i < names.length; i++) {
      String next = names[(i + 1) % names.length];
      TestVhdx vhdx = child(paths("relative_path", ".\\" + next, "volume_path", "x:\\" + next));
      vhdx.write(folder.resolve(names[i]), vhdx.bytes.capacity());
    }
    assertThatThrownBy(() -> TestVhdx.open(folder.resolve("a.vhdx")))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("c.vhdx: parent")
        .hasMessageContaining("already part of this chain");
  }

  @Test
  void refusesAChainThatIsTooDeep() throws IOException {
    TestVhdx vhdx = child(locator("0.vhdx"));
    TestVhdx next = TestVhdx.empty(MIB, 0);
    for (int i = 0; i < 260; i++) {
      next.child(locator(".\\" + (i + 1) + ".vhdx"));
      next.write(folder.resolve(i + ".vhdx"), next.bytes.capacity());
    }
    Path file = vhdx.write(folder);
    assertThatThrownBy(() -> TestVhdx.open(file)).isInstanceOf(LimitExceeded.class);
  }

  @Test
  void refusesAParentThatIsNoVhdx() throws Exception {
    Path file = child().write(folder);
    Path other = Files.write(folder.resolve("other.raw"), new byte[MIB]);
    DiskImage raw = Formats.open(other, Optional.of("raw"), ReferencePolicy.folder());
    var context = FakeContext.answering(file, raw);
    assertThatThrownBy(() -> new VhdxFormat().open(FileSource.open(file), context))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("a raw image");
    assertThat(VhdxRefusalTest.openFiles()).doesNotContain(other.toRealPath(), file.toRealPath());
  }

  /** Blocks without content go on as one extent as far as the parent's do. */
  @Test
  void mapsThroughToTheParentsFile() throws Exception {
    TestVhdx child = TestVhdx.empty(4 * MIB, 0).child(locator("base.vhdx"));
    try (DiskImage image = TestVhdx.open(child.write(folder))) {
      Extent extent = image.extentAt(0, 4 * MIB);
      assertThat(extent).isInstanceOf(Extent.Data.class);
      assertThat(TestVhdx.extents(image)).containsExactly("0+" + 4 * MIB + " at " + DATA);
    }
  }
}
