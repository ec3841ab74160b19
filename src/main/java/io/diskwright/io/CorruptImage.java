package io.diskwright.io;

/** The image contradicts itself, its checksums or its format's specification. */
public final class CorruptImage extends ImageException {

  private static final long serialVersionUID = 1;

  /** Refuses with the remedy that fits most images of this kind. */
  public CorruptImage(String source, String structure, long offset, String found, String allowed) {
    this(source, structure, offset, found, allowed, "Copy or export the image again");
  }

  /** Refuses; the parameters are those of {@link Fault}. */
  public CorruptImage(
      String source, String structure, long offset, String found, String allowed, String remedy) {
    super(new Fault(source, structure, offset, found, allowed, remedy));
  }
}
