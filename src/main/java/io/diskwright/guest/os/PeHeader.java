package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.Optional;

/**
 * The COFF header of a Windows program; fields are named as in Microsoft's PE specification.
 *
 * @param machine the processor
 */
record PeHeader(int machine) {

  /** Bytes from the start that hold it in what Microsoft ships. */
  static final int HEAD = 0x1000;

  private static final int MZ = 0x5a4d;
  private static final int PE = 0x4550;
  private static final int LFANEW = 0x3c;

  /** Parses the first bytes of a file; empty when they are not those of a program. */
  static Optional<PeHeader> parse(ByteView view) throws CorruptImage {
    if (view.length() < LFANEW + 4 || view.u16(0) != MZ) {
      return Optional.empty();
    }
    long at = view.u32(LFANEW);
    if (at > view.length() - 6 || view.u32((int) at) != PE) {
      return Optional.empty();
    }
    return Optional.of(new PeHeader(view.u16((int) at + 4)));
  }

  Optional<Architecture> architecture() {
    return switch (machine) {
      case 0x14c -> Optional.of(Architecture.I386);
      case 0x8664 -> Optional.of(Architecture.X86_64);
      case 0xaa64 -> Optional.of(Architecture.AARCH64);
      case 0x1c4 -> Optional.of(Architecture.ARM);
      case 0x200 -> Optional.of(Architecture.IA64);
      default -> Optional.empty();
    };
  }
}
