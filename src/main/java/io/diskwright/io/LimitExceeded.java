package io.diskwright.io;

/** A claim in the image is larger than diskwright is willing to follow. */
public final class LimitExceeded extends ImageException {

  private static final long serialVersionUID = 1;

  /** Refuses with the remedy that fits most images of this kind. */
  public LimitExceeded(String source, String structure, long offset, String found, String allowed) {
    this(
        source,
        structure,
        offset,
        found,
        allowed,
        "An honest image stays below this; do not trust this one");
  }

  /** Refuses; the parameters are those of {@link Fault}. */
  public LimitExceeded(
      String source, String structure, long offset, String found, String allowed, String remedy) {
    super(new Fault(source, structure, offset, found, allowed, remedy));
  }
}
