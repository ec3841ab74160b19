package io.diskwright.convert;

/** What size the user wants the output's virtual disk to have. */
public sealed interface SizeChoice {

  /** Grown to the importer's minimum, in whole multiples, refused above its maximum. */
  record Auto() implements SizeChoice {}

  /** The source's size, rounded up only as far as the target format demands. */
  record Keep() implements SizeChoice {}

  /**
   * This size.
   *
   * @param bytes above 0
   */
  record Exactly(long bytes) implements SizeChoice {}

  /**
   * Reads {@code auto}, {@code keep}, or a size: {@code 60G}, {@code 61440M}, plain bytes; units
   * are binary, as qemu-img's.
   *
   * @throws IllegalArgumentException for anything else
   */
  static SizeChoice parse(String text) {
    return switch (text) {
      case "auto" -> new Auto();
      case "keep" -> new Keep();
      default -> new Exactly(Sizes.parse(text));
    };
  }
}
