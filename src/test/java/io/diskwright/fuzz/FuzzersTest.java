package io.diskwright.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import io.diskwright.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the fuzzers for a time, each {@code -Ddiskwright.fuzz.seconds} (60). What they find lies in
 * {@code target/fuzz}.
 */
@Tag("fuzz")
class FuzzersTest {

  private static final Path IMAGES = Path.of("native-test-images").toAbsolutePath();
  private static final Path FINDINGS = Path.of("target", "fuzz").toAbsolutePath();
  private static final long SECONDS = Long.getLong("diskwright.fuzz.seconds", 60);
  private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs in (\\d+) second");

  @TempDir private Path folder;

  /** {@code -Ddiskwright.fuzz.seed} and {@code -Ddiskwright.fuzz.case} run one case again. */
  @Test
  void changedImagesAreReadOrRefused() throws Exception {
    long seed =
        Optional.ofNullable(Long.getLong("diskwright.fuzz.seed"))
            .orElseGet(() -> new Random().nextLong(1 << 30));
    Long again = Long.getLong("diskwright.fuzz.case");
    ChildJvm child = ChildJvm.of(FuzzMain.class).within(SECONDS + 900);
    ChildJvm.Ran ran =
        again == null
            ? child.run(SECONDS, seed, IMAGES, FINDINGS)
            : child.run(0, seed, IMAGES, FINDINGS, again);
    System.out.print(ran.out());
    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
  }

  @Test
  @DisabledIfSystemProperty(named = "diskwright.fuzz.case", matches = ".+")
  void newBranchesAreReachedByReadingOrRefusing() throws Exception {
    Path start = Files.createDirectories(folder.resolve("seeds"));
    for (Seed seed : Seed.prepare(IMAGES, folder)) {
      if (seed.image().equals(seed.changed())) {
        byte[] image = Files.readAllBytes(folder.resolve(seed.image()));
        Files.write(start.resolve(seed.image()), CompactImage.pack(image));
      }
    }
    Path corpus = Files.createDirectories(FINDINGS.resolve("corpus"));
    ChildJvm.Ran ran =
        ChildJvm.of(Jazzer.class)
            .with("-XX:+EnableDynamicAgentLoading", "-D" + CoverageTarget.FOLDER + "=" + folder)
            .in(folder)
            .within(SECONDS + 900)
            .run(
                "--target_class=" + CoverageTarget.class.getName(),
                "--instrumentation_includes=io.diskwright.**",
                "--custom_hook_excludes=**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + FINDINGS + "/",
                "-max_total_time=" + SECONDS,
                "-max_len=65536",
                "-timeout=30",
                "-rss_limit_mb=0",
                corpus,
                start);
    assertThat(ran.code()).as(tail(ran.err())).isZero();
    Matcher runs = RUNS.matcher(ran.err());
    assertThat(runs.find()).as(tail(ran.err())).isTrue();
    System.out.printf(
        "fuzz: %s cases guided by coverage in %s s, seeds %d, kept %d%n",
        runs.group(1), runs.group(2), count(start), count(corpus));
  }

  @Test
  @DisabledIfSystemProperty(named = "diskwright.fuzz.case", matches = ".+")
  void changedFilesystemsAreReadOrRefused() throws Exception {
    long seed = new Random().nextLong(1 << 30);
    ChildJvm.Ran ran =
        ChildJvm.of(FilesystemFuzzMain.class)
            .within(SECONDS + 900)
            .run(SECONDS, seed, IMAGES, FINDINGS);
    System.out.print(ran.out());
    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }
}
