package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.Optional;

/**
 * The start of an ELF file; fields are named as in the System V ABI.
 *
 * @param eiClass 1 for 32 bits, 2 for 64
 * @param eiData 1 for little-endian, 2 for big-endian
 * @param eMachine the processor
 */
record ElfHeader(int eiClass, int eiData, int eMachine) {

  static final int SIZE = 20;

  private static final int CLASS_64 = 2;
  private static final int BIG_ENDIAN = 2;

  /** Parses a header; empty when the bytes are not those of an ELF file. */
  static Optional<ElfHeader> parse(ByteView view) throws CorruptImage {
    if (view.length() < SIZE || view.u8(0) != 0x7f || !isName(view)) {
      return Optional.empty();
    }
    int data = view.u8(5);
    int first = view.u8(18);
    int second = view.u8(19);
    int machine = data == BIG_ENDIAN ? first << 8 | second : second << 8 | first;
    return Optional.of(new ElfHeader(view.u8(4), data, machine));
  }

  private static boolean isName(ByteView view) throws CorruptImage {
    return view.u8(1) == 'E' && view.u8(2) == 'L' && view.u8(3) == 'F';
  }

  Optional<Architecture> architecture() {
    boolean wide = eiClass == CLASS_64;
    boolean big = eiData == BIG_ENDIAN;
    return switch (eMachine) {
      case 3 -> Optional.of(Architecture.I386);
      case 62 -> Optional.of(Architecture.X86_64);
      case 183 -> Optional.of(Architecture.AARCH64);
      case 40 -> Optional.of(Architecture.ARM);
      case 50 -> Optional.of(Architecture.IA64);
      case 20 -> Optional.of(Architecture.PPC);
      case 21 -> Optional.of(big ? Architecture.PPC64 : Architecture.PPC64LE);
      case 22 -> wide ? Optional.of(Architecture.S390X) : Optional.empty();
      case 243 -> wide ? Optional.of(Architecture.RISCV64) : Optional.empty();
      case 258 -> wide ? Optional.of(Architecture.LOONGARCH64) : Optional.empty();
      case 8 -> wide && !big ? Optional.of(Architecture.MIPS64EL) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
