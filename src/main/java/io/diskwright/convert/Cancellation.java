package io.diskwright.convert;

import java.util.concurrent.CancellationException;

/** A request to stop a conversion, made from any thread. */
public final class Cancellation {

  private volatile boolean requested;

  /** Asks the conversion to stop at its next step; it then removes what it has written. */
  public void request() {
    requested = true;
  }

  /** Whether a stop was asked for. */
  public boolean requested() {
    return requested;
  }

  void check() {
    if (requested) {
      throw new CancellationException("interrupted");
    }
  }
}
