package io.diskwright.validate.rule;

import io.diskwright.io.ImageException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for; a refusal is remembered too. One thread. */
final class Lazy<T> {

  private final Loader<T> loader;
  private @Nullable T value;
  private @Nullable ImageException refusal;

  Lazy(Loader<T> loader) {
    this.loader = loader;
  }

  T get() throws IOException {
    if (refusal != null) {
      throw refusal;
    }
    T current = value;
    if (current == null) {
      try {
        current = loader.load();
      } catch (ImageException e) {
        refusal = e;
        throw e;
      }
      value = current;
    }
    return current;
  }

  /** Makes the value. */
  @FunctionalInterface
  interface Loader<T> {
    T load() throws IOException;
  }
}
