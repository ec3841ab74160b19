package io.diskwright.guest.os;

import java.util.Locale;
import java.util.Optional;

/** The processor a program was made for, named as Linux names it. */
public enum Architecture {
  /** 64-bit x86. */
  X86_64("x86_64"),
  /** 32-bit x86. */
  I386("i386"),
  /** 64-bit Arm. */
  AARCH64("aarch64"),
  /** 32-bit Arm. */
  ARM("arm"),
  /** Itanium. */
  IA64("ia64"),
  /** 64-bit PowerPC, big-endian. */
  PPC64("ppc64"),
  /** 64-bit PowerPC, little-endian. */
  PPC64LE("ppc64le"),
  /** 32-bit PowerPC. */
  PPC("ppc"),
  /** 64-bit z/Architecture. */
  S390X("s390x"),
  /** 64-bit RISC-V. */
  RISCV64("riscv64"),
  /** 64-bit LoongArch. */
  LOONGARCH64("loongarch64"),
  /** 64-bit MIPS, little-endian. */
  MIPS64EL("mips64el");

  private final String id;

  Architecture(String id) {
    this.id = id;
  }

  /** The name for programs and people. */
  public String id() {
    return id;
  }

  /** The architecture that the end of a kernel's version names: {@code .x86_64}, {@code -amd64}. */
  static Optional<Architecture> ofVersion(String version) {
    int at = Math.max(version.lastIndexOf('.'), version.lastIndexOf('-')) + 1;
    return switch (version.substring(at).toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64" -> Optional.of(X86_64);
      case "i386", "i486", "i586", "i686", "686", "pae" -> Optional.of(I386);
      case "aarch64", "arm64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /** The architecture that Windows keeps as {@code PROCESSOR_ARCHITECTURE}. */
  static Optional<Architecture> ofWindows(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "AMD64" -> Optional.of(X86_64);
      case "X86" -> Optional.of(I386);
      case "ARM64" -> Optional.of(AARCH64);
      case "ARM" -> Optional.of(ARM);
      case "IA64" -> Optional.of(IA64);
      default -> Optional.empty();
    };
  }
}
