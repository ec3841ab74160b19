package io.diskwright.validate.rule;

import io.diskwright.volume.DiskBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.UUID;

/** Disks with partitions and volumes, as small as the probes let them be. */
final class Disks {

  static final int MIB = 1 << 20;
  static final int ACTIVE = 0x80;
  static final UUID EFI_SYSTEM = UUID.fromString("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
  static final UUID BIOS_BOOT = UUID.fromString("21686148-6449-6E6F-744E-656564454649");
  static final UUID COREOS_USR = UUID.fromString("5DFBF5F4-2848-4BAC-AA5E-0D9A20B745A6");
  static final UUID STORAGE_SPACE = UUID.fromString("E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D");

  private Disks() {}

  /** 8 MiB with one active MBR partition from 1 MiB to the end, and an ext4 in it. */
  static DiskBuilder linux() {
    var disk = new DiskBuilder(8 * MIB).entry(0, 1, ACTIVE, 0x83, 2048, 14 * 1024);
    return ext4(disk, MIB, 7 * MIB);
  }

  /** 8 MiB with two MBR partitions: 1 to 3 MiB, active, and 3 MiB to the end. */
  static DiskBuilder two(int firstType, int secondType) {
    return new DiskBuilder(8 * MIB)
        .entry(0, 1, ACTIVE, firstType, 2048, 4096)
        .entry(0, 2, 0, secondType, 3 * 2048, 5 * 2048);
  }

  /** As {@link #linux()}, with an NTFS whose boot sector loads {@code BOOTMGR}. */
  static DiskBuilder windows() {
    var disk = new DiskBuilder(8 * MIB).entry(0, 1, ACTIVE, 0x07, 2048, 14 * 1024);
    return ntfs(disk, MIB, 7 * MIB);
  }

  /** 8 MiB with a GPT and one ext4 partition from 1 MiB to 7 MiB. */
  static DiskBuilder gpt() {
    var disk = new DiskBuilder(8 * MIB).gpt().gptEntry(1, 2048, 14335, 0, "root").checksums();
    return ext4(disk, MIB, 6 * MIB);
  }

  /** Gives a GPT partition another type. */
  static DiskBuilder gptType(DiskBuilder disk, int index, UUID type) {
    ByteBuffer bytes = ByteBuffer.wrap(disk.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long header : new long[] {1, disk.bytes().length / 512 - 1L}) {
      int at = (int) bytes.getLong((int) header * 512 + 72) * 512 + (index - 1) * 128;
      long high = type.getMostSignificantBits();
      bytes.putInt(at, (int) (high >>> 32));
      bytes.putShort(at + 4, (short) (high >>> 16));
      bytes.putShort(at + 6, (short) high);
      bytes.putLong(at + 8, Long.reverseBytes(type.getLeastSignificantBits()));
    }
    return disk.checksums();
  }

  /** An ext4 superblock that claims {@code size} bytes in blocks of 1 KiB. */
  static DiskBuilder ext4(DiskBuilder disk, int start, int size) {
    int superblock = start + 1024;
    return disk.u32(superblock, 64)
        .u32(superblock + 4, size / 1024)
        .u32(superblock + 0x14, 1)
        .u32(superblock + 0x18, 0)
        .u32(superblock + 0x20, 8192)
        .u32(superblock + 0x28, 64)
        .u16(superblock + 0x38, 0xEF53)
        .u16(superblock + 0x3A, 1)
        .u32(superblock + 0x4C, 1)
        .u16(superblock + 0x58, 256)
        .u32(superblock + 0x5C, 4)
        .u32(superblock + 0x60, 0x42)
        .u32(superblock + 0x64, 3);
  }

  static DiskBuilder ntfs(DiskBuilder disk, int start, int size) {
    int sectors = size / 512 - 1;
    return disk.u8(start, 0xEB)
        .u8(start + 1, 0x52)
        .u8(start + 2, 0x90)
        .text(start + 3, "NTFS    ")
        .u16(start + 0x0B, 512)
        .u8(start + 0x0D, 8)
        .u8(start + 0x15, 0xF8)
        .u16(start + 0x18, 63)
        .u16(start + 0x1A, 255)
        .u64(start + 0x28, sectors)
        .u64(start + 0x30, 4)
        .u64(start + 0x38, 8)
        .u8(start + 0x40, 0xF6)
        .u8(start + 0x44, 1)
        .text(start + 0x200 + 0x18A, "B\0O\0O\0T\0M\0G\0R\0")
        .sign(start / 512);
  }

  static DiskBuilder lvm(DiskBuilder disk, int start) {
    int label = start + 512;
    return disk.text(label, "LABELONE")
        .u64(label + 8, 1)
        .u32(label + 20, 32)
        .text(label + 24, "LVM2 001")
        .text(label + 32, "abcdefghijklmnopqrstuvwxyz012345");
  }

  static DiskBuilder swap(DiskBuilder disk, int start) {
    return disk.u32(start + 1024, 1).u32(start + 1028, 500).text(start + 4086, "SWAPSPACE2");
  }

  static DiskBuilder luks(DiskBuilder disk, int start) {
    return disk.text(start, "LUKS\u00ba\u00be\0\u0001")
        .text(start + 8, "aes")
        .text(start + 168, "01234567-89ab-cdef-0123-456789abcdef");
  }

  static DiskBuilder bitLocker(DiskBuilder disk, int start) {
    return disk.u8(start, 0xEB)
        .u8(start + 1, 0x58)
        .u8(start + 2, 0x90)
        .text(start + 3, "-FVE-FS-")
        .u16(start + 0x0B, 512)
        .sign(start / 512);
  }

  static DiskBuilder md(DiskBuilder disk, int start) {
    int superblock = start + 4096;
    return disk.u32(superblock, 0xa92b4efcL).u32(superblock + 4, 1).u64(superblock + 144, 8);
  }

  static DiskBuilder fat(DiskBuilder disk, int start, int size) {
    return disk.u8(start, 0xEB)
        .u8(start + 1, 0x3C)
        .u8(start + 2, 0x90)
        .text(start + 3, "mkfs.fat")
        .u16(start + 0x0B, 512)
        .u8(start + 0x0D, 4)
        .u16(start + 0x0E, 1)
        .u8(start + 0x10, 2)
        .u16(start + 0x11, 512)
        .u16(start + 0x13, size / 512)
        .u8(start + 0x15, 0xF8)
        .u16(start + 0x16, 16)
        .u8(start + 0x26, 0x29)
        .text(start + 0x2B, "NO NAME    FAT12   ")
        .sign(start / 512);
  }

  static DiskBuilder random(DiskBuilder disk, int start, int length) {
    byte[] noise = new byte[length];
    new Random(1).nextBytes(noise);
    return disk.put(start, noise);
  }

  /** GRUB 2's boot.img, its core in sectors 1 to 20. */
  static DiskBuilder grub2(DiskBuilder disk, long coreLba) {
    disk.u8(0, 0xEB).u8(1, 0x63).text(0x180, "GRUB \0Geom\0").u64(0x5C, coreLba);
    if (coreLba > 0 && coreLba < disk.bytes().length / 512) {
      int core = (int) coreLba * 512;
      disk.u8(core, 0x52).u64(core + 500, coreLba + 1).u16(core + 508, 19);
    }
    return disk;
  }

  /** The boot code of Windows, which starts the active partition. */
  static DiskBuilder windowsCode(DiskBuilder disk) {
    return disk.u8(0, 0x33).u8(1, 0xC0).text(0x163, "Invalid partition table");
  }
}
