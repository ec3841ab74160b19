package io.diskwright.format.vhdx;

import static io.diskwright.format.vhdx.TestVhdx.BAT;
import static io.diskwright.format.vhdx.TestVhdx.DATA;
import static io.diskwright.format.vhdx.TestVhdx.FULL;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_1;
import static io.diskwright.format.vhdx.TestVhdx.HEADER_2;
import static io.diskwright.format.vhdx.TestVhdx.LOG;
import static io.diskwright.format.vhdx.TestVhdx.METADATA;
import static io.diskwright.format.vhdx.TestVhdx.MIB;
import static io.diskwright.format.vhdx.TestVhdx.PARTIAL;
import static io.diskwright.format.vhdx.TestVhdx.REGIONS_1;
import static io.diskwright.format.vhdx.TestVhdx.REGIONS_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and hostile images, but for their logs and parents. */
class VhdxRefusalTest {

  private static final String UNKNOWN = "30112233-4455-6677-8899-aabbccddeeff";
  private static final int BAT_REGION = 16;
  private static final int METADATA_REGION = 48;
  private static final int OFFSET = 16;
  private static final int LENGTH = 24;
  private static final long MAX = 0xFFFF_FFFFL;

  @TempDir Path folder;

  static Stream<Arguments> headers() {
    return Stream.of(
        corrupt(
            "both checksums",
            v -> v.u8(HEADER_1 + 99, 1).u8(HEADER_2 + 99, 1),
            "header 1 Checksum at offset 0x10004"),
        corrupt(
            "both signatures",
            v -> v.u8(HEADER_1, 1).u8(HEADER_2, 1),
            "header 1 Signature at offset 0x10000"),
        corrupt(
            "one number, two contents",
            v -> v.u64(HEADER_1 + 8, 7).u8(HEADER_1 + 16, 0).sealed(),
            "header 2 SequenceNumber at offset 0x20008"),
        unsupported(
            "version 2", v -> v.headers16(66, 2).sealed(), "header 2 Version at offset 0x20042"),
        unsupported(
            "version 0", v -> v.headers16(66, 0).sealed(), "header 2 Version at offset 0x20042"),
        unsupported(
            "log version", v -> v.headers16(64, 1).sealed(), "LogVersion at offset 0x20040"),
        corrupt("log length 0", v -> v.headers32(68, 0).sealed(), "LogLength at offset 0x20044"),
        corrupt("log length 1 MiB + 4 KiB", v -> v.headers32(68, MIB + 4096).sealed(), "LogLength"),
        corrupt("log length max", v -> v.headers32(68, MAX).sealed(), "LogLength"),
        corrupt("log to 4 GiB", v -> v.headers32(68, 0xFFF0_0000L).sealed(), "LogLength"),
        corrupt("log offset 0", v -> v.headers64(72, 0).sealed(), "LogOffset at offset 0x20048"),
        corrupt("log offset odd", v -> v.headers64(72, LOG + 4096).sealed(), "LogOffset"),
        corrupt("log offset max", v -> v.headers64(72, -1L << 20).sealed(), "LogOffset"),
        corrupt("log offset beyond", v -> v.headers64(72, 100L * MIB).sealed(), "LogOffset"),
        corrupt(
            "log over metadata",
            v -> v.headers64(72, METADATA).sealed(),
            "metadata region at offset 0x200000: found a start inside the log"));
  }

  static Stream<Arguments> regions() {
    return Stream.of(
        corrupt(
            "both checksums",
            v -> v.u8(REGIONS_1 + 99, 1).u8(REGIONS_2 + 99, 1),
            "region table 1 Checksum at offset 0x30004"),
        corrupt(
            "two tables",
            v -> v.u64(REGIONS_2 + BAT_REGION + OFFSET, 4 * MIB).sealed(),
            "region table 2 Checksum at offset 0x40004"),
        corrupt("count 0", v -> v.regions32(8, 0).sealed(), "EntryCount at offset 0x30008"),
        corrupt("count 1", v -> v.regions32(8, 1).sealed(), "no metadata region"),
        corrupt("count 2048", v -> v.regions32(8, 2048).sealed(), "EntryCount at offset 0x30008"),
        corrupt("count max", v -> v.regions32(8, MAX).sealed(), "EntryCount at offset 0x30008"),
        corrupt(
            "twice",
            v -> v.moreRegions(2, "2dc27766-f623-4200-9d64-115e9bfd4a08", DATA, 1).sealed(),
            "region table 1 Guid at offset 0x30050"),
        unsupported(
            "unknown and required",
            v -> v.moreRegions(2, UNKNOWN, DATA, 1).sealed(),
            "the unknown region {" + UNKNOWN + "}, marked as required"),
        unsupported(
            "reserved bits",
            v -> v.moreRegions(2, UNKNOWN, DATA, 2).sealed(),
            "Required at offset 0x3006c"),
        corrupt(
            "unknown beyond",
            v -> v.moreRegions(2, UNKNOWN, 100L * MIB, 0).sealed(),
            "FileOffset of the region {" + UNKNOWN + "}"),
        corrupt(
            "overlap",
            v -> v.moreRegions(2, UNKNOWN, BAT, 0).sealed(),
            "{" + UNKNOWN + "} at offset 0x300000: found a start inside the BAT region"),
        corrupt("BAT over metadata", v -> bat(v, OFFSET, METADATA), "metadata region"),
        corrupt("BAT over log", v -> bat(v, OFFSET, LOG), "inside the log"),
        corrupt("BAT beyond", v -> bat(v, OFFSET, 100L * MIB), "FileOffset of the BAT region"),
        corrupt("BAT max", v -> bat(v, OFFSET, -1L << 20), "FileOffset of the BAT region"),
        corrupt("BAT unaligned", v -> bat(v, OFFSET, BAT + 4096), "at offset 0x30020"),
        corrupt("BAT in header", v -> bat(v, OFFSET, 0), "FileOffset of the BAT region"),
        corrupt("BAT length 0", v -> bat(v, LENGTH, 0), "Length of the BAT region"),
        corrupt("BAT length max", v -> bat(v, LENGTH, MAX), "at offset 0x30028"),
        corrupt("BAT length 4 GiB", v -> bat(v, LENGTH, 0xFFF0_0000L), "Length of the BAT region"),
        corrupt(
            "metadata beyond",
            v -> v.regions64(METADATA_REGION + OFFSET, 100L * MIB).sealed(),
            "FileOffset of the metadata region at offset 0x30040"),
        corrupt(
            "metadata length",
            v -> v.regions32(METADATA_REGION + LENGTH, 4096).sealed(),
            "Length of the metadata region"));
  }

  private static TestVhdx bat(TestVhdx vhdx, int field, long value) {
    return field == OFFSET
        ? vhdx.regions64(BAT_REGION + OFFSET, value).sealed()
        : vhdx.regions32(BAT_REGION + LENGTH, value).sealed();
  }

  static Stream<Arguments> metadata() {
    int offset = METADATA + 32 + 16;
    int length = METADATA + 32 + 20;
    return Stream.of(
        corrupt("signature", v -> v.u8(METADATA, 1), "metadata table Signature at offset 0x200000"),
        corrupt("count 0", v -> v.u16(METADATA + 10, 0), "EntryCount at offset 0x20000a"),
        corrupt("count 4", v -> v.u16(METADATA + 10, 4), "no physical sector size"),
        corrupt("count 65535", v -> v.u16(METADATA + 10, 65535), "EntryCount at offset 0x20000a"),
        corrupt("item offset max", v -> v.u32(offset, MAX), "Offset at offset 0x200030"),
        corrupt("item in table", v -> v.u32(offset, 32), "Offset at offset 0x200030"),
        corrupt("item over the end", v -> v.u32(offset, MIB - 4), "Offset at offset 0x200030"),
        corrupt("item length 0", v -> v.u32(length, 0), "Length of the file parameters"),
        corrupt("item length 9", v -> v.u32(length, 9), "Length of the file parameters"),
        corrupt("item length max", v -> v.u32(length, MAX), "Length at offset 0x200034"),
        corrupt("item empty", v -> v.u64(offset, 0), "Length of the file parameters"),
        unsupported(
            "reserved flags", v -> v.u32(METADATA + 32 + 24, 12), "Flags at offset 0x200038"),
        unsupported(
            "unknown and required",
            v -> v.item(5, UNKNOWN, TestVhdx.LOCATOR, 8, 4).u16(METADATA + 10, 6),
            "the unknown metadata item {" + UNKNOWN + "}, marked as required"),
        unsupported(
            "user's and required",
            v -> v.item(5, UNKNOWN, TestVhdx.LOCATOR, 8, 5).u16(METADATA + 10, 6),
            "the unknown user metadata item {" + UNKNOWN + "}, marked as required"),
        corrupt(
            "item twice",
            v ->
                v.item(5, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", TestVhdx.LOCATOR, 8, 4)
                    .u16(METADATA + 10, 6),
            "ItemId at offset 0x2000c0"),
        blockSize(0),
        blockSize(1),
        blockSize(512 << 10),
        blockSize(3 * MIB),
        blockSize(MAX),
        refusal(
            LimitExceeded.class,
            "block size 512 MiB",
            v -> v.u32(TestVhdx.PARAMETERS, 512L * MIB),
            "file parameters BlockSize at offset 0x210000"),
        unsupported(
            "parameters", v -> v.u32(TestVhdx.PARAMETERS + 4, 4), "flags at offset 0x210004"),
        virtualSize(0),
        virtualSize(-1),
        virtualSize(1),
        virtualSize(4 * MIB + 1537),
        refusal(
            LimitExceeded.class,
            "virtual size 65 TiB",
            v -> v.u64(TestVhdx.DISK_SIZE, 65L << 40),
            "virtual disk size VirtualDiskSize at offset 0x210008"),
        corrupt(
            "size of half a large sector",
            v -> v.u32(TestVhdx.LOGICAL, 4096),
            "VirtualDiskSize at offset 0x210008"),
        corrupt(
            "more disk than table", v -> v.u64(TestVhdx.DISK_SIZE, 64L << 40), "BAT region Length"),
        sectorSize(TestVhdx.LOGICAL, 0),
        sectorSize(TestVhdx.LOGICAL, 1),
        sectorSize(TestVhdx.LOGICAL, 513),
        sectorSize(TestVhdx.LOGICAL, 1024),
        sectorSize(TestVhdx.LOGICAL, MAX),
        sectorSize(TestVhdx.PHYSICAL, 0),
        sectorSize(TestVhdx.PHYSICAL, MAX),
        corrupt(
            "parent without locator",
            v -> v.u32(TestVhdx.PARAMETERS + 4, 2),
            "no parent locator, although HasParent is set"),
        corrupt(
            "locator without parent",
            v -> v.child(TestVhdx.locator("b.vhdx")).u32(TestVhdx.PARAMETERS + 4, 0),
            "a parent locator, although HasParent is not set"));
  }

  private static Arguments blockSize(long size) {
    return corrupt(
        "block size " + size,
        v -> v.u32(TestVhdx.PARAMETERS, size),
        "file parameters BlockSize at offset 0x210000");
  }

  private static Arguments virtualSize(long size) {
    return corrupt(
        "virtual size " + size,
        v -> v.u64(TestVhdx.DISK_SIZE, size),
        "virtual disk size VirtualDiskSize at offset 0x210008");
  }

  private static Arguments sectorSize(int at, long size) {
    return corrupt(
        "sector size " + size + " at " + at, v -> v.u32(at, size), "SectorSize at offset 0x2100");
  }

  static Stream<Arguments> blocks() {
    return Stream.of(
        corrupt("beyond", v -> v.entry(2, FULL, 100), "BAT entry 2 at offset 0x300010"),
        corrupt("at the end", v -> v.entry(2, FULL, 7), "FileOffsetMB 7 for 1048576"),
        corrupt("max", v -> v.entry(2, FULL, (1L << 44) - 1), "BAT entry 2 at offset 0x300010"),
        corrupt("2^43", v -> v.entry(2, FULL, 1L << 43), "BAT entry 2 at offset 0x300010"),
        corrupt("state 4", v -> v.entry(2, 4, 4), "found state 4"),
        corrupt("partial", v -> v.entry(2, PARTIAL, 4), "state 7, partially present, without a"),
        corrupt("twice", v -> v.entry(1, FULL, 4), "BAT entry 2 at offset 0x300010"),
        corrupt(
            "overlap",
            v -> v.u32(TestVhdx.PARAMETERS, 2 * MIB).entry(0, FULL, 4).entry(1, FULL, 5),
            "FileOffsetMB 5, where another entry's block lies"),
        corrupt("in the header section", v -> v.entry(2, FULL, 0), "in the header section"),
        corrupt("in the log", v -> v.entry(2, FULL, 1), "FileOffsetMB 1, in the log"),
        corrupt("in the metadata", v -> v.entry(2, FULL, 2), "in the metadata region"),
        corrupt("in the table", v -> v.entry(2, FULL, 3), "in the BAT region"),
        corrupt(
            "in another region",
            v -> v.moreRegions(2, UNKNOWN, 5 * MIB, 0).sealed(),
            "BAT entry 0 at offset 0x300000: found FileOffsetMB 5, in the region {" + UNKNOWN),
        corrupt("reserved bit 3", v -> v.u8(BAT + 16, FULL | 8), "reserved bits set in"),
        corrupt("reserved bit 19", v -> v.u8(BAT + 18, 0x48), "BAT entry 2 at offset 0x300010"),
        corrupt("reserved, not present", v -> v.u8(BAT + 8, 16), "BAT entry 1 at offset 0x300008"));
  }

  private static Arguments corrupt(
      String name, UnaryOperator<TestVhdx> damage, String... messages) {
    return refusal(CorruptImage.class, name, damage, messages);
  }

  private static Arguments unsupported(
      String name, UnaryOperator<TestVhdx> damage, String... messages) {
    return refusal(UnsupportedFeature.class, name, damage, messages);
  }

  private static Arguments refusal(
      Class<?> type, String name, UnaryOperator<TestVhdx> damage, String... messages) {
    return Arguments.of(Named.of(name, damage), type, List.of(messages));
  }

  @ParameterizedTest
  @MethodSource({"headers", "regions", "metadata", "blocks"})
  void refuses(UnaryOperator<TestVhdx> damage, Class<?> type, List<String> messages)
      throws IOException {
    Path file = damage.apply(TestVhdx.dynamic()).write(folder);
    var refusal =
        assertThatThrownBy(() -> TestVhdx.open(file))
            .isInstanceOf(type)
            .hasMessageContaining("a.vhdx: ");
    messages.forEach(refusal::hasMessageContaining);
  }

  @Test
  void refusesWhatIsOnlySaidToBeVhdx() throws IOException {
    Path file = TestVhdx.dynamic().u8(7, 'x').write(folder);
    assertThatThrownBy(() -> Formats.open(file, Optional.of("vhdx"), ReferencePolicy.folder()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("file type identifier Signature at offset 0x0: found 'vhdxfilx'");
  }

  @Test
  void closesTheFileWhenItRefusesTheImage() throws IOException {
    Path file = TestVhdx.dynamic().entry(3, FULL, 0).write(folder);
    assertThatThrownBy(() -> TestVhdx.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openFiles()).isNotEmpty().doesNotContain(file.toRealPath());
  }

  static List<Path> openFiles() throws IOException {
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
