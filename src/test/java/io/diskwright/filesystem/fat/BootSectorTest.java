package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BootSectorTest {

  @ParameterizedTest
  @CsvSource({
    "FAT16, 11, 2, 0, BPB_BytsPerSec",
    "FAT16, 11, 2, 513, BPB_BytsPerSec",
    "FAT16, 11, 2, 256, BPB_BytsPerSec",
    "FAT16, 11, 2, 8192, BPB_BytsPerSec",
    "FAT16, 13, 1, 0, BPB_SecPerClus",
    "FAT16, 13, 1, 3, BPB_SecPerClus",
    "FAT16, 14, 2, 0, BPB_RsvdSecCnt",
    "FAT16, 16, 1, 0, BPB_NumFATs",
    "FAT16, 17, 2, 0, BPB_RootEntCnt",
    "FAT16, 19, 2, 0, BPB_TotSec32",
    "FAT16, 19, 2, 70, BPB_TotSec32",
    "FAT16, 22, 2, 0, BPB_TotSec32",
    "FAT16, 22, 2, 65535, BPB_TotSec32",
    "FAT32, 36, 4, 0, BPB_FATSz32",
    "FAT32, 36, 4, -1, BPB_TotSec32",
    "FAT32, 40, 2, 130, BPB_ExtFlags",
    "FAT32, 44, 4, 0, BPB_RootClus",
    "FAT32, 44, 4, 1, BPB_RootClus",
    "FAT32, 44, 4, 1002, BPB_RootClus",
  })
  void refusesFieldsThatContradict(FatKind kind, int at, int width, int value, String field) {
    var fat = new TestFat(kind);
    switch (width) {
      case 1 -> fat.u8(at, value);
      case 2 -> fat.u16(at, value);
      default -> fat.u32(at, value);
    }
    assertThatThrownBy(fat::open).isInstanceOf(CorruptImage.class).hasMessageContaining(field);
  }

  @Test
  void refusesTablesPastTheEnd() {
    var fat = new TestFat(FatKind.FAT32).u16(19, 0).u32(32, 0x7fffffff).u32(36, 0x100000);
    assertThatThrownBy(fat::open).isInstanceOf(CorruptImage.class).hasMessageContaining("FAT 0");
  }

  @Test
  void refusesVersionsToCome() {
    assertThatThrownBy(new TestFat(FatKind.FAT32).u16(42, 1)::open)
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("BPB_FSVer");
  }

  @Test
  void refusesExfatByName() {
    assertThatThrownBy(new TestFat(FatKind.FAT16).text(3, "EXFAT   ")::open)
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("EXFAT");
  }

  @Test
  void leavesOthersAlone() throws Exception {
    assertThat(FatFileSystem.open(new MemorySource("short", new byte[511]))).isEmpty();
    assertThat(FatFileSystem.open(new MemorySource("zeros", new byte[4096]))).isEmpty();
    var ntfs = new TestFat(FatKind.FAT16).text(3, "NTFS    ");
    assertThat(FatFileSystem.open(ntfs.source())).isEmpty();
    var code = new TestFat(FatKind.FAT16).text(54, "        ").u8(13, 3);
    assertThat(FatFileSystem.open(code.source())).isEmpty();
  }

  @Test
  void needsNoNameWhenAllAddsUp() throws Exception {
    var fat = new TestFat(FatKind.FAT16).text(54, "        ");
    assertThat(fat.open().facts().features()).containsExactly("FAT16");
  }

  @ParameterizedTest
  @EnumSource(FatKind.class)
  void tellsTheKindByTheLayout(FatKind kind) throws Exception {
    FilesystemFacts facts = new TestFat(kind).open().facts();
    assertThat(facts.features()).containsExactly(kind.name());
    assertThat(facts.uuid()).isEqualTo("1234-ABCD");
    assertThat(facts.label()).isEmpty();
    assertThat(facts.details()).doesNotContainKey("boot label");
    assertThat(facts.freeBlocks())
        .isEqualTo(kind == FatKind.FAT32 ? 999 : kind == FatKind.FAT16 ? 5000 : 1000);
    assertThat(facts.clean()).isTrue();
    assertThat(facts.errors()).isFalse();
    assertThat(facts.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "FAT16, 37, 0x01, 0xffff, false, false",
    "FAT16, 37, 0x02, 0xffff, true, true",
    "FAT16, 37, 0x00, 0x7fff, false, false",
    "FAT16, 37, 0x00, 0xbfff, true, true",
    "FAT32, 65, 0x01, 0x0fffffff, false, false",
    "FAT32, 65, 0x00, 0x07ffffff, false, false",
    "FAT32, 65, 0x00, 0x0bffffff, true, true",
    "FAT12, 37, 0x00, 0x3ff, true, false",
  })
  void saysWhetherItIsClean(
      FatKind kind, int at, String state, String second, boolean clean, boolean errors)
      throws Exception {
    var fat = new TestFat(kind).u8(at, Integer.decode(state)).fat(1, Integer.decode(second));
    FilesystemFacts facts = fat.open().facts();
    assertThat(facts.clean()).isEqualTo(clean);
    assertThat(facts.errors()).isEqualTo(errors);
    assertThat(facts.problems()).isEmpty();
  }

  @Test
  void namesWhatContradicts() throws Exception {
    var fat = new TestFat(FatKind.FAT32).u8(71, 'X').text(TestFat.SECTOR, "none");
    fat.u16(19, 0).u32(32, fat.bytes.capacity() / TestFat.SECTOR + 100);
    assertThat(fat.open().facts().problems())
        .extracting(Problem::structure)
        .containsExactlyInAnyOrder(
            "boot sector BPB_TotSec32", "boot sector BPB_FATSz", "backup boot sector", "FSInfo");
  }

  @Test
  void readsTheTableInForce() throws Exception {
    var fat = new TestFat(FatKind.FAT32).u16(40, 0x81).copyBoot();
    fat.entry(fat.root(0), "FILE       ", 0, 3, 1000);
    fat.fat(1, 3, 4).fat(1, 4, TestFat.END);
    assertThat(fat.find("file").content().size()).isEqualTo(1000);
    assertThat(fat.check()).containsExactly("FSInfo FSI_Free_Count: 999 (0x3e7)");
  }

  @Test
  void takesTheLabelFromTheRoot() throws Exception {
    var fat = new TestFat(FatKind.FAT16).text(43, "OLD        ");
    fat.entry(fat.root(0), "A          ", 0, 0, 0)
        .entry(fat.root(1), "\u0005BC \u0082      ", 8, 0, 0);
    FilesystemFacts facts = fat.open().facts();
    assertThat(facts.label()).isEqualTo("σBC é");
    assertThat(facts.details()).containsEntry("boot label", "OLD");
    assertThat(fat.names()).containsExactly("A");
  }
}
