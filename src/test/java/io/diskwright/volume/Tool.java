package io.diskwright.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs native tools for the interop tests. */
public final class Tool {

  private Tool() {}

  /** Runs a command that must end with 0, and returns what it printed. */
  public static String run(String... command) throws IOException, InterruptedException {
    return runWithInput("", List.of(command));
  }

  /** Runs a command that reads {@code input} and must end with 0. */
  public static String runWithInput(String input, List<String> command)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("tool", ".in");
    Path out = Files.createTempFile("tool", ".out");
    try {
      Files.writeString(in, input);
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
      int code = builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).start().waitFor();
      String text = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
      if (code != 0) {
        throw new IOException(command + " ended with " + code + ": " + text);
      }
      return text;
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }
}
