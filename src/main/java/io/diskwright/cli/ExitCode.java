package io.diskwright.cli;

/** The exit codes of the command line's contract. */
final class ExitCode {

  /** Done; the validator found no error. */
  static final int OK = 0;

  /** Done, and the validator found at least one error; or the compared images differ. */
  static final int NOT_IMPORTABLE = 1;

  /** Wrong usage. */
  static final int USAGE = 2;

  /** The input is refused. */
  static final int REFUSED = 3;

  /** The environment failed. */
  static final int ENVIRONMENT = 4;

  /** Interrupted. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
