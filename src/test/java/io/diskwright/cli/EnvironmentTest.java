package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.diskwright.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A system that does not give what is asked of it: exit code 4, one line, nothing lost. */
@EnabledOnOs(OS.LINUX)
class EnvironmentTest {

  private static final int MIB = 1 << 20;
  private static final ChildJvm COMMAND =
      ChildJvm.of(Main.class).with("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  @TempDir private Path folder;
  private Path source;
  private Path target;

  @BeforeEach
  void disk() throws IOException {
    byte[] bytes = new byte[48 * MIB];
    new Random(7).nextBytes(bytes);
    source = Files.write(folder.resolve("disk.raw"), bytes);
    target = folder.resolve("out.raw");
  }

  private Object[] convert(Object... more) {
    return Stream.concat(
            Stream.of("convert", "--to", "raw", "--size", "keep", "--profile", "none"),
            Stream.concat(
                Stream.of("--no-validate", "--progress", "none"),
                Stream.concat(Stream.of(more), Stream.of(source, target))))
        .toArray();
  }

  private static void assertFailed(ChildJvm.Ran ran, String... why) {
    assertThat(ran.code()).as(ran.err()).isEqualTo(4);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("diskwright: ").contains(why);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatAFullMediumStoppedIsResumed() throws Exception {
    Files.writeString(target, "precious");
    ChildJvm limited = COMMAND.wrapped("bash", "-c", "ulimit -f 30000; exec \"$@\"", "limited");
    assertFailed(limited.run(convert("--force")), "out.raw.partial: ", "--resume goes on");
    assertThat(target).hasContent("precious");
    assertThat(names())
        .containsExactly("disk.raw", "out.raw", "out.raw.partial", "out.raw.partial.journal");

    ChildJvm.Ran resumed = COMMAND.run(convert("--force", "--resume", "--json"));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("\"resumedAt\"");
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    assertThat(names()).containsExactly("disk.raw", "out.raw");
  }

  /** Needs the right to mount. */
  @Test
  void aMediumThatIsTooSmallIsNotWrittenTo() throws Exception {
    String mount = "mount -t tmpfs -o size=20m none \"$0\" && ";
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        new ProcessBuilder("unshare", "-m", "bash", "-c", mount + "true", small.toString())
                .start()
                .waitFor()
            == 0);
    target = small.resolve("out.raw");
    ChildJvm.Ran ran =
        COMMAND
            .wrapped(
                "unshare",
                "-m",
                "bash",
                "-c",
                mount + "\"$@\"; code=$?; ls \"$0\"; exit $code",
                small.toString())
            .run(convert());
    assertFailed(ran, target + ": needs 50331648 bytes (48 MiB), but only 20971520 bytes");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aTargetThatCannotBeMadeIsNamed() throws Exception {
    target = Path.of("/proc/out.raw");
    assertFailed(COMMAND.run(convert()), "/proc/out.raw");
    target = Files.createDirectory(folder.resolve("folder"));
    assertFailed(COMMAND.run(convert("--force")), "folder: is a directory");
    assertThat(names()).containsExactly("disk.raw", "folder");
  }

  @Test
  void theSourceIsNeverTheTargetUnderWhateverName() throws Exception {
    byte[] before = Files.readAllBytes(source);
    for (Path other :
        List.of(
            source,
            folder.resolve("../" + folder.getFileName() + "/disk.raw"),
            Files.createSymbolicLink(folder.resolve("symbolic"), source),
            Files.createLink(folder.resolve("hard"), source))) {
      target = other;
      InProcess.Ran ran = InProcess.run(convert("--force"));
      assertThat(ran.code()).as(ran.err()).isEqualTo(2);
      assertThat(ran.err()).contains("a source is never overwritten");
    }
    assertThat(source).hasBinaryContent(before);
    assertThat(names()).containsExactly("disk.raw", "hard", "symbolic");
  }

  @Test
  void aLinkAtTheTargetIsReplacedAndNotFollowed() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "precious");
    Files.createSymbolicLink(target, elsewhere);
    assertThat(InProcess.run(convert()).code()).isEqualTo(4);
    assertThat(InProcess.run(convert("--force")).code()).isZero();
    assertThat(elsewhere).hasContent("precious");
    assertThat(Files.isSymbolicLink(target)).isFalse();
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
  }

  @Test
  void aReaderThatGoesAwayIsAFailure() throws Exception {
    target = Path.of("-");
    ChildJvm piped = COMMAND.wrapped("bash", "-c", "\"$@\" | head -c 1; exit ${PIPESTATUS[0]}", "");
    assertFailed(piped.run(convert()), "Broken pipe");
    ChildJvm closed = COMMAND.wrapped("bash", "-c", "exec \"$@\" >/dev/full", "");
    assertFailed(closed.run(convert()), "No space left");
    ChildJvm.Ran info = closed.run("info", source);
    assertThat(info.code()).as(info.err()).isEqualTo(4);
  }

  @Test
  void tooFewDescriptorsAreNotTheImagesFault() throws Exception {
    var descriptor =
        new StringBuilder("# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\n")
            .append("createType=\"twoGbMaxExtentFlat\"\n");
    for (int i = 0; i < 200; i++) {
      Files.write(folder.resolve("x-f" + i + ".vmdk"), new byte[512]);
      descriptor.append("RW 1 FLAT \"x-f" + i + ".vmdk\" 0\n");
    }
    source = Files.writeString(folder.resolve("x.vmdk"), descriptor);
    ChildJvm limited = COMMAND.wrapped("bash", "-c", "ulimit -n 100; exec \"$@\"", "limited");
    assertFailed(limited.run(convert()), "Too many open files");
    assertThat(target).doesNotExist();
    assertThat(COMMAND.run(convert()).code()).isZero();
    assertThat(target).hasSize(200 * 512);
  }
}
