package io.diskwright.format.vhdx;

import java.util.Optional;

/** What a BAT entry says about its payload block. */
enum PayloadState {
  /** Never written: the parent's, or zeros where there is none. */
  NOT_PRESENT(false),
  /** Undefined; a parent is not asked. */
  UNDEFINED(false),
  /** Zeros, whatever a parent says. */
  ZERO(false),
  /** Given back by the guest; a parent is not asked. */
  UNMAPPED(false),
  /** The same as drafts of the specification (version 0.95) put it. */
  UNMAPPED_0_95(false),
  /** Stored. */
  FULLY_PRESENT(true),
  /** Stored or the parent's, sector by sector. */
  PARTIALLY_PRESENT(true);

  private static final int BITS = 7;

  private final boolean stored;

  PayloadState(boolean stored) {
    this.stored = stored;
  }

  /** The state in a BAT entry; empty when it has none that is known. */
  static Optional<PayloadState> of(long entry) {
    return switch ((int) (entry & BITS)) {
      case 0 -> Optional.of(NOT_PRESENT);
      case 1 -> Optional.of(UNDEFINED);
      case 2 -> Optional.of(ZERO);
      case 3 -> Optional.of(UNMAPPED);
      case 5 -> Optional.of(UNMAPPED_0_95);
      case 6 -> Optional.of(FULLY_PRESENT);
      case 7 -> Optional.of(PARTIALLY_PRESENT);
      default -> Optional.empty();
    };
  }

  /** Whether a block of the file belongs to it. */
  boolean stored() {
    return stored;
  }
}
