package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.Optional;

/**
 * The head of a Linux kernel image, as far as it tells version and architecture: the x86 boot
 * protocol's header, the header of an arm64, riscv64 or loongarch64 image, or that of an ELF file.
 *
 * @param versionOffset where the version's text lies, bytes from the start of the file; 0 when it
 *     has none
 */
record LinuxImage(Optional<Architecture> architecture, int versionOffset) {

  /** Bytes of an image that hold the headers. */
  static final int HEAD = 0x400;

  /** Bytes of the version's text that are read. */
  static final int VERSION = 0x100;

  private static final long HDR_S = 0x53726448;
  private static final int PROTOCOL_WITH_XLOADFLAGS = 0x20c;
  private static final int XLF_KERNEL_64 = 1;
  private static final long ARM64_MAGIC = 0x644d5241;
  private static final long RISCV_MAGIC = 0x05435352;
  private static final long LOONGARCH_MAGIC = 0x818223cdL;

  /** Parses the first {@link #HEAD} bytes; nothing is told of what is not known or compressed. */
  static LinuxImage parse(ByteView view) throws CorruptImage {
    if (view.length() < HEAD) {
      return new LinuxImage(Optional.empty(), 0);
    }
    if (view.u32(0x202) == HDR_S) {
      int pointer = view.u16(0x20e);
      return new LinuxImage(x86(view), pointer == 0 ? 0 : pointer + 0x200);
    }
    Optional<ElfHeader> elf = ElfHeader.parse(view);
    if (elf.isPresent()) {
      return new LinuxImage(elf.get().architecture(), 0);
    }
    long magic = view.u32(0x38);
    if (magic == ARM64_MAGIC) {
      return new LinuxImage(Optional.of(Architecture.AARCH64), 0);
    }
    if (magic == RISCV_MAGIC) {
      return new LinuxImage(Optional.of(Architecture.RISCV64), 0);
    }
    return new LinuxImage(
        magic == LOONGARCH_MAGIC ? Optional.of(Architecture.LOONGARCH64) : Optional.empty(), 0);
  }

  private static Optional<Architecture> x86(ByteView view) throws CorruptImage {
    if (view.u16(0x206) < PROTOCOL_WITH_XLOADFLAGS) {
      return Optional.empty();
    }
    boolean wide = (view.u16(0x236) & XLF_KERNEL_64) != 0;
    return Optional.of(wide ? Architecture.X86_64 : Architecture.I386);
  }
}
