package io.diskwright;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of its own with these tests' classes, for what cannot be tried in the tests' own:
 * little memory, limits, signals. Made by {@link #of}, refined by the other methods.
 *
 * @param main the class to run
 * @param wrapper the command that is given the Java command: {@code strace}, a shell; mostly none
 * @param options of the virtual machine
 * @param folder the working folder
 * @param seconds after which it hangs for sure, and is killed
 */
public record ChildJvm(
    Class<?> main, List<String> wrapper, List<String> options, Path folder, long seconds) {

  /** What came of it; 124 is the code of one that had to be killed. */
  public record Ran(int code, String out, String err) {}

  /** One with 256 MiB of heap, in the tests' own folder. */
  public static ChildJvm of(Class<?> main) {
    return new ChildJvm(main, List.of(), List.of("-Xmx256m"), Path.of(""), 120);
  }

  public ChildJvm wrapped(String... value) {
    return new ChildJvm(main, List.of(value), options, folder, seconds);
  }

  public ChildJvm with(String... more) {
    var all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new ChildJvm(main, wrapper, all, folder, seconds);
  }

  public ChildJvm within(long value) {
    return new ChildJvm(main, wrapper, options, folder, value);
  }

  public ChildJvm in(Path value) {
    return new ChildJvm(main, wrapper, options, value, seconds);
  }

  /** Starts it; the caller waits for it. */
  public Process start(Path out, Path err, Object... arguments) throws IOException {
    var command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath()));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command)
        .directory(folder.toAbsolutePath().toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  /** Runs it to its end. */
  public Ran run(Object... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    try {
      Process process = start(out, err, arguments);
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      return new Ran(ended ? process.exitValue() : 124, text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Where these tests' classes and libraries lie: absolute, since a child may work elsewhere. */
  public static List<String> classPath() {
    var entries = new ArrayList<Path>();
    if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader) {
      // What the console launcher makes of its own class path.
      for (URL url : loader.getURLs()) {
        entries.add(Path.of(URI.create(url.toString())));
      }
    } else {
      String given =
          Optional.ofNullable(System.getProperty("surefire.test.class.path"))
              .orElseGet(() -> System.getProperty("java.class.path"));
      for (String entry : given.split(File.pathSeparator)) {
        entries.add(Path.of(entry));
      }
    }
    return entries.stream().map(entry -> entry.toAbsolutePath().toString()).toList();
  }
}
