package io.diskwright.filesystem;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The entries of a directory, read as they are asked for. For one thread. */
@FunctionalInterface
public interface EntryCursor {

  /**
   * The next entry, in the order of the disk and without {@code .} and {@code ..}; null at the end.
   */
  @Nullable Entry next() throws IOException;
}
