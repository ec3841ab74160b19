package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** Runs the command line in this process. */
final class InProcess {

  private InProcess() {}

  record Ran(int code, String out, String err) {}

  static Ran run(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(new Cancellation())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int code = command.execute(words);
    return new Ran(code, out.toString(), err.toString());
  }
}
