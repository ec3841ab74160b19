package io.diskwright.cli;

import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;

/** The one place where failures become messages and exit codes. */
final class Failures {

  private Failures() {}

  /** The exit code of a failure. */
  static int exitCode(Throwable failure) {
    return switch (failure) {
      case CommandLine.ParameterException e -> ExitCode.USAGE;
      case IllegalArgumentException e -> ExitCode.USAGE;
      case ImageException e -> ExitCode.REFUSED;
      case CancellationException e -> ExitCode.INTERRUPTED;
      default -> ExitCode.ENVIRONMENT;
    };
  }

  /** One line for the user. */
  static String message(Throwable failure) {
    return Fault.printable(
        switch (failure) {
          case ImageException e -> e.fault().message();
          case CancellationException e -> String.valueOf(e.getMessage());
          case NoSuchFileException e -> e.getFile() + ": no such file";
          case AccessDeniedException e -> e.getFile() + ": permission denied";
          case FileSystemException e when e.getReason() != null ->
              e.getFile() + ": " + e.getReason();
          case IOException e -> String.valueOf(e.getMessage());
          case IllegalArgumentException e -> String.valueOf(e.getMessage());
          case OutOfMemoryError e -> "out of memory; this is a bug in diskwright, please report it";
          default ->
              "internal error, please report it (with -Ddiskwright.debug=true in"
                  + " DISKWRIGHT_JAVA_OPTS for its trace): "
                  + failure;
        });
  }

  /** Reports a failure on stderr and returns its exit code. */
  static int report(Throwable failure, CommandLine command) {
    command.getErr().println("diskwright: " + message(failure));
    if (Boolean.getBoolean("diskwright.debug")) {
      failure.printStackTrace(command.getErr());
    }
    return exitCode(failure);
  }
}
