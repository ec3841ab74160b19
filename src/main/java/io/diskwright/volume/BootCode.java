package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;

/** Which loader a master boot record's code belongs to, told by its texts and fixed fields. */
public sealed interface BootCode {

  /** The loader's name, for messages. */
  String loader();

  /** No code: nothing but zeros and no-ops. */
  record None() implements BootCode {
    @Override
    public String loader() {
      return "none";
    }
  }

  /**
   * GRUB 2's boot.img.
   *
   * @param coreLba where it loads its core image from, in sectors, unsigned
   */
  record Grub2(long coreLba) implements BootCode {
    @Override
    public String loader() {
      return "GRUB 2";
    }
  }

  /**
   * GRUB Legacy's stage1.
   *
   * @param stage2Lba where it loads stage1.5 or stage2 from, in sectors
   */
  record Grub1(long stage2Lba) implements BootCode {
    @Override
    public String loader() {
      return "GRUB Legacy";
    }
  }

  /** A loader that is known by its texts alone. */
  record Known(Loader kind) implements BootCode {
    @Override
    public String loader() {
      return kind.title;
    }
  }

  /** Code of a maker that is not known. */
  record Unknown() implements BootCode {
    @Override
    public String loader() {
      return "unknown";
    }
  }

  /** The loaders of {@link Known}. */
  enum Loader {
    /** Windows, which boots the active partition. */
    WINDOWS("Windows"),
    /** Syslinux's mbr.bin and its kin, which boot the active partition. */
    SYSLINUX("Syslinux"),
    /** Isolinux's isohybrid code. */
    ISOLINUX("ISOLINUX"),
    /** LILO. */
    LILO("LILO"),
    /** FreeBSD's boot0, mbr or pmbr. */
    FREEBSD("FreeBSD");

    private final String title;

    Loader(String title) {
      this.title = title;
    }
  }

  /** Tells whose code a record holds. */
  static BootCode of(MasterBootRecord record) throws CorruptImage {
    ByteView code = record.bootCode();
    byte[] bytes = code.bytes(0, MasterBootRecord.BOOT_CODE);
    if (isEmpty(bytes)) {
      return new None();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains("GRUB") ? grub(code) : known(text);
  }

  private static boolean isEmpty(byte[] code) {
    for (byte b : code) {
      if (b != 0 && b != (byte) 0x90) {
        return false;
      }
    }
    return true;
  }

  /** Both GRUBs say so; their first jump, and stage1's version 3 at 0x3E, tell them apart. */
  private static BootCode grub(ByteView code) throws CorruptImage {
    int jump = code.u8(0) << 8 | code.u8(1);
    if (jump == 0xEB63) {
      return new Grub2(code.u64(0x5C));
    }
    return jump == 0xEB48 && code.u8(0x3E) == 3 ? new Grub1(code.u32(0x44)) : new Unknown();
  }

  private static BootCode known(String text) {
    if (text.contains("isolinux.bin")) {
      return new Known(Loader.ISOLINUX);
    }
    if (text.startsWith("LILO", 6) || text.startsWith("LILO", 2)) {
      return new Known(Loader.LILO);
    }
    if (text.contains("FreeBSD")
        || text.contains("Missing boot loader")
        || text.startsWith("\u00fc\u0031\u00c0\u008e\u00c0\u008e\u00d8")) {
      return new Known(Loader.FREEBSD);
    }
    if (text.contains("Operating system load error") || text.contains("Missing OS\r\n")) {
      return new Known(Loader.SYSLINUX);
    }
    // Windows translates its texts, so its first instructions count as well.
    if (text.startsWith("\u0033\u00c0\u008e\u00d0\u00bc\u0000\u007c")
        || text.contains("Invalid partition table")
        || text.contains("Missing operating system")) {
      return new Known(Loader.WINDOWS);
    }
    return new Unknown();
  }
}
