package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The command's entry. */
public final class Main {

  /** How long a signal waits for the command to remove what it has written. */
  private static final long CLEAN_UP_SECONDS = 20;

  private static final byte[] OUT_OF_MEMORY =
      "diskwright: out of memory\n".getBytes(StandardCharsets.US_ASCII);
  private static final FileOutputStream RAW_ERR = new FileOutputStream(FileDescriptor.err);

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    var interrupt = new Cancellation();
    var finished = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(interrupt, finished)));
    int code = ExitCode.ENVIRONMENT;
    try {
      code = run(interrupt, arguments);
    } catch (OutOfMemoryError e) {
      // Whoever reported the first one ran out of memory too: nothing may be allocated here.
      writeRaw(OUT_OF_MEMORY);
    } finally {
      finished.countDown();
    }
    System.exit(code);
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... arguments) {
    return run(new Cancellation(), arguments);
  }

  static int run(Cancellation interrupt, String... arguments) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    CommandLine command = commandLine(interrupt).setOut(out).setErr(err);
    int code = execute(command, arguments);
    out.flush();
    err.flush();
    if (out.checkError() && code <= ExitCode.NOT_IMPORTABLE) {
      // The result did not reach its reader: whoever asked must not take the exit code for it.
      return ExitCode.ENVIRONMENT;
    }
    return code;
  }

  /** The virtual machine's own exit code for an error is 1, and that says: the output is whole. */
  private static int execute(CommandLine command, String... arguments) {
    try {
      return command.execute(arguments);
    } catch (Error e) {
      return Failures.report(e, command);
    }
  }

  /** The command with all its subcommands, writing to the process's own streams. */
  static CommandLine commandLine(Cancellation interrupt) {
    var command = new CommandLine(new DiskwrightCommand(), new CommandFactory(interrupt));
    command.setExecutionExceptionHandler((e, line, result) -> Failures.report(e, line));
    command.setParameterExceptionHandler(new UsageErrors());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setUsageHelpAutoWidth(true);
    command.setAbbreviatedOptionsAllowed(false);
    return command;
  }

  private static void writeRaw(byte[] line) {
    try {
      RAW_ERR.write(line);
    } catch (IOException e) {
      // There is nobody left to tell; the exit code says it.
    }
  }

  private static void stop(Cancellation interrupt, CountDownLatch finished) {
    interrupt.request();
    try {
      boolean ignored = finished.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Standard output and error in the terminal's encoding; the JDK's own streams may be lossy. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    OutputStream stream = new FileOutputStream(descriptor);
    String name = System.getProperty("stdout.encoding", StandardCharsets.UTF_8.name());
    Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    return new PrintWriter(new OutputStreamWriter(stream, charset), true);
  }
}
