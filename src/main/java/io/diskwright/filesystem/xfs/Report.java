package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.function.Consumer;

/** Takes what a check finds. */
final class Report {

  /** Enough to know that a filesystem is beyond help; no walk goes on after them. */
  private static final int MAX_PROBLEMS = 10_000;

  private final Consumer<Problem> problems;
  private int count;

  Report(Consumer<Problem> problems) {
    this.problems = problems;
  }

  /** One that takes nothing, for a walk whose findings have been reported before. */
  Report silent() {
    return new Report(problem -> {});
  }

  /** Whether so much was found that looking further makes no sense. */
  boolean isFull() {
    return count >= MAX_PROBLEMS;
  }

  private void accept(Problem problem) {
    if (!isFull()) {
      count++;
      problems.accept(problem);
    }
  }

  /** A step of a check, which damage may end. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Reports what has no single place. */
  void problem(String structure, String found, String expected) {
    accept(new Problem(structure, Fault.NOWHERE, found, expected));
  }

  /** Reports two numbers that should be the same, when they are not. */
  void same(String structure, long found, long expected) {
    if (found != expected) {
      problem(structure, Fault.number(found), Fault.number(expected));
    }
  }

  /** Takes a step; whether it came to its end. */
  boolean attempt(Step step) throws IOException {
    try {
      step.run();
      return true;
    } catch (ImageException e) {
      accept(Problem.of(e));
      return false;
    }
  }
}
