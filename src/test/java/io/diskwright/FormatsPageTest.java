package io.diskwright;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.format.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/formats.md names every format, and for every row tests that are there. */
class FormatsPageTest {

  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern ROW =
      Pattern.compile("^\\| (?!format|wrapper|target|---)[^|]+\\|.*");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/formats.md"));
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      tests =
          files
              .map(f -> f.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }
    List<String> named = TEST.matcher(page()).results().map(m -> m.group(1)).distinct().toList();
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(tests).containsAll(named);
  }

  @Test
  void everyRowOfAFormatNamesATest() throws IOException {
    for (String section : List.of("## Disk images", "## Wrappers", "## Written")) {
      String text = page().substring(page().indexOf(section) + section.length());
      int end = text.indexOf("\n## ");
      List<String> rows =
          text.substring(0, end).lines().filter(l -> ROW.matcher(l).matches()).toList();
      assertThat(rows).as(section).hasSizeGreaterThan(3).allMatch(r -> TEST.matcher(r).find());
    }
  }

  @Test
  void everyFormatHasARow() throws IOException {
    String page = page().toLowerCase(Locale.ROOT);
    assertThat(Formats.names()).allMatch(name -> page.contains("\n| " + name));
  }
}
