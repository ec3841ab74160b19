package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.function.Consumer;

/** Takes what a check finds, up to a number after which more would help nobody. */
final class CheckReport {

  private static final int MOST = 1000;

  private final Consumer<Problem> problems;
  private int count;

  CheckReport(Consumer<Problem> problems) {
    this.problems = problems;
  }

  /** Whether there were so many that the check should end. */
  boolean isFull() {
    return count >= MOST;
  }

  void add(Problem problem) {
    if (count < MOST) {
      problems.accept(problem);
      count++;
      if (count == MOST) {
        problems.accept(
            new Problem("filesystem", Fault.NOWHERE, "more problems, which are not told", "none"));
      }
    }
  }

  void add(ImageException refused) {
    add(Problem.of(refused));
  }

  void add(String structure, long offset, String found, String expected) {
    add(new Problem(structure, offset, found, expected));
  }
}
