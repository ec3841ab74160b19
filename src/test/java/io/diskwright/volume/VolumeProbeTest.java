package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Superblocks built field by field; those that tools can make are also in the interop test. */
class VolumeProbeTest {

  private static final byte[] UUID = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
  private static final String UUID_TEXT = "00112233-4455-6677-8899-aabbccddeeff";

  private final DiskBuilder disk = new DiskBuilder(4 << 20);

  /** Writes an ext superblock for a volume that starts at {@code at}. */
  static void ext(DiskBuilder disk, int at, int compat, int incompat, int roCompat) {
    disk.u32(at + 1024 + 4, 1000)
        .u32(at + 1024 + 0x20, 8192)
        .u16(at + 1024 + 0x38, 0xEF53)
        .u32(at + 1024 + 0x5C, compat)
        .u32(at + 1024 + 0x60, incompat)
        .u32(at + 1024 + 0x64, roCompat)
        .put(at + 1024 + 0x68, UUID)
        .text(at + 1024 + 0x78, "label");
  }

  /** Writes the boot sector of a FAT16, with 512 root entries and FATs of 8 sectors. */
  static void fat16(DiskBuilder disk, int at, int sectors) {
    disk.u8(at, 0xEB)
        .text(at + 3, "mkfs.fat")
        .u16(at + 11, 512)
        .u8(at + 13, 1)
        .u16(at + 14, 1)
        .u8(at + 16, 2)
        .u16(at + 17, 512)
        .u16(at + 19, sectors)
        .u8(at + 21, 0xF8)
        .u16(at + 22, 8)
        .u32(at + 39, 0x1234ABCDL)
        .text(at + 54, "FAT16   ");
  }

  @Test
  void nothingIsFoundInNothing() throws Exception {
    assertThat(probe()).isEmpty();
    assertThat(probe(new DiskBuilder(0))).isEmpty();
    assertThat(probe(new DiskBuilder(1))).isEmpty();
    assertThat(VolumeProbe.probe(disk.disk(), -1, 10)).isEmpty();
    assertThat(VolumeProbe.probe(disk.disk(), 4 << 20, 10)).isEmpty();
    assertThat(VolumeProbe.probe(disk.disk(), 0, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void onlyTheVolumeIsLookedAt() throws Exception {
    ext(disk, 1 << 20, 0, 0, 0);
    assertThat(VolumeProbe.probe(disk.disk(), 1 << 20, 1 << 20)).isPresent();
    assertThat(VolumeProbe.probe(disk.disk(), 1 << 20, 2048)).isPresent();
    assertThat(VolumeProbe.probe(disk.disk(), 1 << 20, 2047)).isEmpty();
    assertThat(VolumeProbe.probe(disk.disk(), (1 << 20) + 1, 1 << 20)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, 0x02, 0x03, ext2", "0x04, 0x06, 0x07, ext3", "0x04, 0x42, 0x03, ext4",
    "0x00, 0x02, 0x08, ext4", "0x00, 0x08, 0x00, jbd", "0x04, 0x02, 0x400, ext4",
  })
  void extIsToldApartByItsFeatures(String compat, String incompat, String roCompat, String type)
      throws Exception {
    ext(disk, 0, Integer.decode(compat), Integer.decode(incompat), Integer.decode(roCompat));
    assertFound(type, "label", UUID_TEXT);
    disk.u32(1024 + 0x18, 7);
    assertThat(probe()).isEmpty();
  }

  @Test
  void xfs() throws Exception {
    disk.text(0, "XFSB").u32be(4, 4096).u8(15, 9).put(32, UUID).u32be(88, 4);
    disk.u16(102, 0x0002).u16(104, 0x0001).text(108, "twelve chars");
    assertFound("xfs", "twelve chars", UUID_TEXT);
    disk.u32be(4, 4095);
    assertThat(probe()).isEmpty();
  }

  @Test
  void btrfs() throws Exception {
    disk.text(0x10040, "_BHRfS_M").put(0x10020, UUID).u64(0x10030, 0x10000).u32(0x10090, 4096);
    disk.text(0x1012B, "the label");
    assertFound("btrfs", "the label", UUID_TEXT);
    disk.u64(0x10030, 0x4000000);
    assertThat(probe()).isEmpty();
  }

  @Test
  void ntfsWithItsName() throws Exception {
    disk.text(3, "NTFS    ").u16(11, 512).u8(13, 8).u64(0x28, 8191).u64(0x30, 4).u8(0x40, 0xF6);
    disk.u64(0x48, 0x0123456789ABCDEFL);
    assertFound("ntfs", "", "0123456789ABCDEF");
    int record = 4 * 4096 + 3 * 1024;
    disk.text(record, "FILE").u16(record + 20, 56);
    disk.u32(record + 56, 0x10).u32(record + 60, 72);
    int name = record + 128;
    disk.u32(name, 0x60).u32(name + 4, 40).u32(name + 16, 8).u16(name + 20, 24);
    disk.put(name + 24, "näme".getBytes(StandardCharsets.UTF_16LE));
    assertFound("ntfs", "näme", "0123456789ABCDEF");
    // A length of zero would never get past the attribute, one past the record would leave it.
    assertThat(probe(disk.u32(record + 60, 0)).orElseThrow().label()).isEmpty();
    assertThat(probe(disk.u32(record + 60, 0xFFFFFFF0L)).orElseThrow().label()).isEmpty();
    assertThat(probe(disk.u64(0x30, 0x7FFFFFFFFFFFFFFFL))).isEmpty();
    disk.u64(0x28, Long.MAX_VALUE).u64(0x30, Long.MAX_VALUE / 8);
    assertThat(probe().orElseThrow().label()).isEmpty();
  }

  @Test
  void fat16WithItsLabelInTheRoot() throws Exception {
    fat16(disk, 0, 8192);
    assertFound("vfat", "", "1234-ABCD");
    int root = 17 * 512;
    disk.text(root, "FILE    TXT").u8(root + 11, 0x20).u16(root + 26, 5);
    disk.text(root + 32, "MY LABEL   ").u8(root + 43, 0x08);
    assertFound("vfat", "MY LABEL", "1234-ABCD");
    disk.u8(root + 32, 0xE5);
    assertFound("vfat", "", "1234-ABCD");
    disk.u8(16, 0);
    assertThat(probe()).isEmpty();
  }

  @Test
  void fat32WithItsLabelInAnEndlessChain() throws Exception {
    fat16(disk, 0, 0);
    disk.fill(36, 60, 0).u16(17, 0).u16(22, 0).u32(32, 8192).u32(36, 64).u32(44, 2);
    disk.u32(0x43, 0x00000001).text(0x52, "FAT32   ").u32(512 + 8, 3).u32(512 + 12, 2);
    disk.fill((1 + 128) * 512, 1024, 0x20);
    assertFound("vfat", "", "0000-0001");
    disk.text((1 + 129) * 512, "LATE       ").u8((1 + 129) * 512 + 11, 8);
    disk.u16((1 + 129) * 512 + 20, 0).u16((1 + 129) * 512 + 26, 0);
    assertFound("vfat", "LATE", "0000-0001");
  }

  @Test
  void exfat() throws Exception {
    disk.text(3, "EXFAT   ").u32(80, 128).u32(88, 256).u32(92, 100).u32(96, 5);
    disk.u32(100, 0xCAFE0001L).u8(108, 9).u8(109, 3);
    int root = (256 + 3 * 8) * 512;
    disk.u8(root, 0x81).u8(root + 32, 0x83).u8(root + 33, 3);
    disk.put(root + 34, "äbc".getBytes(StandardCharsets.UTF_16LE));
    assertFound("exfat", "äbc", "CAFE-0001");
    disk.u8(108, 13);
    assertThat(probe()).isEmpty();
  }

  @Test
  void anExfatChainWithoutAnEndIsLeft() throws Exception {
    disk.text(3, "EXFAT   ").u32(80, 8).u32(88, 16).u32(92, 100).u32(96, 2).u8(108, 9);
    disk.u32(8 * 512 + 8, 2).fill(16 * 512, 512, 0x81);
    assertFound("exfat", "", "");
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2d4656452d46532d, BitLocker",
    "1048576, 5ef1ab2f, ''",
    "2097152, 5ef1ab2f, VMFS",
    "1048576, 0dd001c0, VMFS_volume_member",
    "4193280, 496e74656c20526169642049534d20436667205369672e20, isw_raid_member",
    "4193792, de11de11, ddf_raid_member",
    "3072, 5052495648454144, LDM",
    "4193792, 5052495648454144, LDM",
  })
  void marksAtFixedPlaces(int at, String mark, String type) throws Exception {
    disk.put(at, HexFormat.of().parseHex(mark));
    assertThat(probe().map(VolumeContent::type).orElse("")).isEqualTo(type);
  }

  @Test
  void refs() throws Exception {
    disk.text(3, "ReFS");
    assertFound("refs", "", "");
  }

  @Test
  void bitLockerToGo() throws Exception {
    fat16(disk, 0, 8192);
    disk.text(3, "MSWIN4.1");
    assertThat(probe().orElseThrow().type()).isEqualTo("vfat");
    disk.put(0x1A8, HexFormat.of().parseHex("3bd66749292ed84a8399f6a339e3d001"));
    assertFound("BitLocker", "", "");
  }

  @ParameterizedTest
  @CsvSource({"4096", "8192", "16384", "32768", "65536"})
  void swapOfEveryPageSize(int page) throws Exception {
    disk.text(page - 10, "SWAPSPACE2");
    assertThat(probe()).isEmpty();
    disk.u32(1024, 1).u32(1028, 99).put(1036, UUID).text(1052, "swap one");
    assertFound("swap", "swap one", UUID_TEXT);
    disk.u32be(1024, 1).u32be(1028, 99);
    assertFound("swap", "swap one", UUID_TEXT);
    disk.text(page - 10, "S1SUSPEND\0");
    assertFound("swsuspend", "swap one", UUID_TEXT);
    disk.text(page - 10, "SWAP-SPACE");
    assertFound("swap", "", "");
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3"})
  void lvm2InAnyOfFourSectors(int sector) throws Exception {
    int at = sector * 512;
    disk.text(at, "LABELONE").u64(at + 8, sector).u32(at + 20, 32).text(at + 24, "LVM2 001");
    disk.text(at + 32, "abcdefGHIJklmnOPQRstuvWXYZ012345");
    assertFound("LVM2_member", "", "abcdef-GHIJ-klmn-OPQR-stuv-WXYZ-012345");
    disk.u32(at + 20, 0xFFFFFFFFL);
    assertFound("LVM2_member", "", "");
    disk.u64(at + 8, sector + 1);
    assertThat(probe()).isEmpty();
  }

  @Test
  void lvm1() throws Exception {
    disk.text(0, "HM").u16(2, 1).text(44, "abcdefGHIJklmnOPQRstuvWXYZ012345");
    assertFound("LVM1_member", "", "abcdef-GHIJ-klmn-OPQR-stuv-WXYZ-012345");
    disk.u8(50, 0);
    assertThat(probe()).isEmpty();
  }

  @Test
  void luks() throws Exception {
    disk.text(0, "LUKS\u00ba\u00be").u8(7, 1).text(24, "xts-plain64").text(168, UUID_TEXT);
    assertFound("crypto_LUKS", "", UUID_TEXT);
    disk.u8(7, 2).text(24, "label\0");
    assertFound("crypto_LUKS", "label", UUID_TEXT);
    disk.u8(7, 3);
    assertThat(probe()).isEmpty();
  }

  @Test
  void mdWithOldMetadata() throws Exception {
    int at = (4 << 20) - 65536;
    disk.u32(at, 0xA92B4EFCL).u32(at + 4, 0).u32(at + 8, 90).u32(at + 20, 0x00112233);
    disk.u32(at + 52, 0x44556677).u32(at + 56, 0x8899AABBL).u32(at + 60, 0xCCDDEEFFL);
    assertFound("linux_raid_member", "", UUID_TEXT);
    ext(disk, 0, 0, 0, 0);
    assertFound("linux_raid_member", "", UUID_TEXT);
  }

  @ParameterizedTest
  @CsvSource({"0", "4096", "4186112"})
  void mdWithNewMetadata(int at) throws Exception {
    disk.u32(at, 0xA92B4EFCL).u32(at + 4, 1).put(at + 16, UUID).text(at + 32, "host:0");
    assertThat(probe())
        .isEqualTo(
            at == 0
                ? Optional.of(new VolumeContent("linux_raid_member", "host:0", UUID_TEXT))
                : Optional.empty());
    disk.u64(at + 144, at / 512);
    assertFound("linux_raid_member", "host:0", UUID_TEXT);
  }

  @Test
  void bcache() throws Exception {
    disk.put(0x1018, HexFormat.of().parseHex("c68573f64e1a45ca8265f57f48ba6d81"));
    assertThat(probe()).isEmpty();
    disk.u64(0x1008, 8).put(0x1028, UUID);
    assertFound("bcache", "", UUID_TEXT);
  }

  @Test
  void zfsWithThePoolsNameAndGuid() throws Exception {
    for (int i = 0; i < 3; i++) {
      disk.u64((128 << 10) + i * 1024, 0x00BAB10C);
    }
    assertThat(probe()).isEmpty();
    disk.u64((128 << 10) + 3 * 1024, Long.reverseBytes(0x00BAB10C));
    assertFound("zfs_member", "", "");
    int pair = (16 << 10) + 12;
    disk.u32be(pair, 36).u32be(pair + 8, 4).text(pair + 12, "name").u32be(pair + 16, 9);
    disk.u32be(pair + 20, 1).u32be(pair + 24, 5).text(pair + 28, "tank1");
    pair += 36;
    disk.u32be(pair, 40).u32be(pair + 8, 9).text(pair + 12, "pool_guid").u32be(pair + 24, 8);
    disk.u32be(pair + 28, 1).u64(pair + 32, -1L);
    assertFound("zfs_member", "tank1", "18446744073709551615");
    disk.u32be((16 << 10) + 12, 0xFFFFFFFFL);
    assertFound("zfs_member", "", "");
  }

  @Test
  void f2fs() throws Exception {
    disk.u32(1024, 0xF2F52010L).u32(1024 + 16, 12).put(1024 + 108, UUID);
    disk.put(1024 + 124, "läbel".getBytes(StandardCharsets.UTF_16LE));
    assertFound("f2fs", "läbel", UUID_TEXT);
  }

  @Test
  void jfs() throws Exception {
    disk.text(32768, "JFS1").u32(32768 + 16, 4096).u16(32768 + 20, 12);
    disk.put(32768 + 136, UUID).text(32768 + 152, "jay");
    assertFound("jfs", "jay", UUID_TEXT);
    disk.u16(32768 + 20, 0xFFFF);
    assertThat(probe()).isEmpty();
  }

  @Test
  void reiserfs() throws Exception {
    disk.text(65536 + 52, "ReIsEr2Fs").u16(65536 + 44, 4096).put(65536 + 84, UUID);
    disk.text(65536 + 100, "reiser");
    assertFound("reiserfs", "reiser", UUID_TEXT);
    disk.u16(65536 + 44, 0);
    assertThat(probe()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"65536", "8192", "0", "262144"})
  void ufs(int at) throws Exception {
    disk.u32(at + 1372, 0x19540119).u32(at + 48, 32768).text(at + 680, "root");
    disk.u32(at + 144, 0x11).u32(at + 148, 0x22);
    assertFound("ufs", "root", "0000001100000022");
    disk.u32be(at + 1372, 0x19540119);
    assertThat(probe()).isEmpty();
    disk.u32be(at + 48, 32768);
    assertFound("ufs", "root", "1100000022000000");
  }

  @Test
  void discs() throws Exception {
    disk.u8(32768, 1).text(32769, "CD001").text(32768 + 40, "DISC_1          ");
    disk.text(32768 + 813, "2012101014423099");
    assertFound("iso9660", "DISC_1", "2012-10-10-14-42-30-99");
    disk.u8(34816, 2).text(34817, "CD001").text(34816 + 88, "%/E");
    disk.put(34816 + 40, "Disc one".getBytes(StandardCharsets.UTF_16BE));
    assertFound("iso9660", "Disc one", "2012-10-10-14-42-30-99");
    disk.text(36865, "BEA01").text(38913, "NSR03");
    assertFound("udf", "", "");
  }

  @Test
  void macintosh() throws Exception {
    disk.text(1024, "BD").u32be(1024 + 20, 4096).u8(1024 + 36, 3).text(1024 + 37, "Mac");
    assertFound("hfs", "Mac", "");
    disk.text(1024 + 0x7C, "H+");
    assertFound("hfsplus", "", "");
    disk.text(1024, "H+").u16(1026, 0x0400).u32be(1024 + 40, 4096);
    assertFound("hfsplus", "", "");
  }

  @Test
  void squashfs() throws Exception {
    disk.text(0, "hsqs").u16(28, 4);
    assertFound("squashfs", "", "");
  }

  private void assertFound(String type, String label, String uuid) throws Exception {
    assertThat(probe()).contains(new VolumeContent(type, label, uuid));
  }

  private Optional<VolumeContent> probe() throws Exception {
    return probe(disk);
  }

  private static Optional<VolumeContent> probe(DiskBuilder disk) throws Exception {
    MemoryDisk memory = disk.disk();
    return VolumeProbe.probe(memory, 0, memory.size());
  }
}
