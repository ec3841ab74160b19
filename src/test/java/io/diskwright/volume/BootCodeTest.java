package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootCodeTest {

  @Test
  void emptyCodeIsZerosAndNoOps() throws Exception {
    assertThat(of(new DiskBuilder(512).u32(440, 7).sign(0))).isEqualTo(new BootCode.None());
    assertThat(of(new DiskBuilder(512).fill(10, 300, 0x90))).isEqualTo(new BootCode.None());
    assertThat(of(new DiskBuilder(512).u8(439, 1))).isEqualTo(new BootCode.Unknown());
  }

  @Test
  void readsWhereGrub2LoadsFrom() throws Exception {
    DiskBuilder sector =
        new DiskBuilder(512).u8(0, 0xEB).u8(1, 0x63).u64(0x5C, 0x123456789AL).text(0x180, "GRUB ");
    assertThat(of(sector)).isEqualTo(new BootCode.Grub2(0x123456789AL));
  }

  @Test
  void readsWhereGrubLegacyLoadsFrom() throws Exception {
    DiskBuilder sector =
        new DiskBuilder(512)
            .u8(0, 0xEB)
            .u8(1, 0x48)
            .u8(0x3E, 3)
            .u8(0x3F, 2)
            .u32(0x44, 0xFFFFFFFEL)
            .text(0x180, "GRUB ");
    assertThat(of(sector)).isEqualTo(new BootCode.Grub1(0xFFFFFFFEL));
    assertThat(of(sector.u8(0x3E, 2))).isEqualTo(new BootCode.Unknown());
  }

  @ParameterizedTest
  @CsvSource({
    "300, 'Invalid partition table', WINDOWS",
    "300, 'Missing operating system', WINDOWS",
    "200, 'Operating system load error.', SYSLINUX",
    "200, 'isolinux.bin missing or corrupt.', ISOLINUX",
    "6, LILO, LILO",
    "200, 'FreeBSD', FREEBSD",
  })
  void knowsLoadersByTheirTexts(int at, String text, BootCode.Loader loader) throws Exception {
    DiskBuilder sector = new DiskBuilder(512).u8(0, 0xFA).text(at, text);
    assertThat(of(sector)).isEqualTo(new BootCode.Known(loader));
  }

  @Test
  void knowsLoadersByTheirFirstInstructions() throws Exception {
    // A German Windows has no English texts; FreeBSD's has those of DOS.
    DiskBuilder windows = new DiskBuilder(512).put(0, HexFormat.of().parseHex("33c08ed0bc007c8e"));
    assertThat(of(windows)).isEqualTo(new BootCode.Known(BootCode.Loader.WINDOWS));
    DiskBuilder freebsd =
        new DiskBuilder(512)
            .put(0, HexFormat.of().parseHex("fc31c08ec08ed88e"))
            .text(300, "Missing operating system");
    assertThat(of(freebsd)).isEqualTo(new BootCode.Known(BootCode.Loader.FREEBSD));
  }

  private static BootCode of(DiskBuilder sector) throws Exception {
    return BootCode.of(MasterBootRecordTest.parse(sector));
  }
}
