package io.diskwright.io;

/** The image names another file that may not be opened for it. */
public final class UnsafeReference extends ImageException {

  private static final long serialVersionUID = 1;

  /** Refuses with the remedy that fits most images of this kind. */
  public UnsafeReference(
      String source, String structure, long offset, String found, String allowed) {
    this(
        source,
        structure,
        offset,
        found,
        allowed,
        "If you trust the image, allow the folder with --external DIR");
  }

  /** Refuses; the parameters are those of {@link Fault}. */
  public UnsafeReference(
      String source, String structure, long offset, String found, String allowed, String remedy) {
    super(new Fault(source, structure, offset, found, allowed, remedy));
  }
}
