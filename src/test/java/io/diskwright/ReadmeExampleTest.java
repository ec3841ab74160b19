package io.diskwright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's library example compiles as it stands and does what it says. */
class ReadmeExampleTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("```java\n(.*?)```", Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir private Path folder;

  @Test
  void theExampleConvertsAnImage() throws Exception {
    Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertThat(matcher.find()).isTrue();
    compile(matcher.group(1));
    Path target = folder.resolve("example.vhd");
    String printed = runMain("native-test-images/qcow2-zlib.qcow2", target.toString());
    assertThat(printed).startsWith("qcow2 v3, ").contains("virtual size 42949672960");
    assertThat(target).hasSize(42949673472L);
  }

  private void compile(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var unit =
        new SimpleJavaFileObject(
            URI.create("string:///Example.java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(null, null, null, options, null, List.of(unit)).call();
    assertThat(compiled).as("README's example compiles").isTrue();
  }

  private String runMain(String... arguments) throws Exception {
    PrintStream out = System.out;
    var printed = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
