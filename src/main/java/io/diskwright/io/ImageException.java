package io.diskwright.io;

import java.io.IOException;

/**
 * An image is refused. The five kinds say why; a plain {@link IOException} is never one of them: it
 * says that the environment failed, not the image.
 */
public abstract sealed class ImageException extends IOException
    permits CorruptImage, UnsupportedFeature, UnsafeReference, LimitExceeded, AmbiguousImage {

  private static final long serialVersionUID = 1;

  private final transient Fault fault;

  ImageException(Fault fault) {
    super(fault.message());
    this.fault = fault;
  }

  /** What is wrong and where. */
  public final Fault fault() {
    return fault;
  }
}
