package io.diskwright.cli;

import io.diskwright.convert.Progress;
import java.util.function.Consumer;

/** Shows a conversion's progress until it is closed. */
interface ProgressDisplay extends Consumer<Progress>, AutoCloseable {

  @Override
  void close();

  /** Shows nothing. */
  record None() implements ProgressDisplay {
    @Override
    public void accept(Progress progress) {}

    @Override
    public void close() {}
  }
}
