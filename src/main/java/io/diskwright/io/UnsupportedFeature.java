package io.diskwright.io;

/**
 * The image is sound but uses something diskwright does not read; guessing would give wrong bytes.
 */
public final class UnsupportedFeature extends ImageException {

  private static final long serialVersionUID = 1;

  /** Refuses with the remedy that fits most images of this kind. */
  public UnsupportedFeature(
      String source, String structure, long offset, String found, String allowed) {
    this(
        source,
        structure,
        offset,
        found,
        allowed,
        "Convert it with the tool that made it, or report the feature");
  }

  /** Refuses; the parameters are those of {@link Fault}. */
  public UnsupportedFeature(
      String source, String structure, long offset, String found, String allowed, String remedy) {
    super(new Fault(source, structure, offset, found, allowed, remedy));
  }
}
