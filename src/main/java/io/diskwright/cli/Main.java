package io.diskwright.cli;

/** The command's entry. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {}
}
