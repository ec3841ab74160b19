package io.diskwright.io;

/** The content fits several formats, or its name and content disagree dangerously. */
public final class AmbiguousImage extends ImageException {

  private static final long serialVersionUID = 1;

  /** Refuses with the remedy that fits most images of this kind. */
  public AmbiguousImage(
      String source, String structure, long offset, String found, String allowed) {
    this(source, structure, offset, found, allowed, "Name the format with --from");
  }

  /** Refuses; the parameters are those of {@link Fault}. */
  public AmbiguousImage(
      String source, String structure, long offset, String found, String allowed, String remedy) {
    super(new Fault(source, structure, offset, found, allowed, remedy));
  }
}
