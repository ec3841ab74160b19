package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the system is asked for, as {@code strace} sees it, and what it is told late. */
@Tag("interop")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TracedTest {

  private static final Pattern OPENED =
      Pattern.compile("\\b(?:open|openat|openat2|creat)\\([^\"]*\"([^\"]*)\"");

  private static final Pattern TALKS =
      Pattern.compile("\\b(connect|bind|listen|accept4?|sendto|sendm?msg|execve|execveat)\\(");

  /** What the virtual machine itself opens, at any time. */
  private static final Pattern OF_THE_JVM =
      Pattern.compile(
          "/(lib|lib64|usr/lib|usr/lib64|sys)/.*|/etc/ld\\.so\\.cache|/dev/u?random"
              + "|/etc/localtime|/usr/share/zoneinfo/.*|/proc/(self|\\d+)/(maps|stat|status|task/.*)"
              + "|/proc/(cpuinfo|meminfo|net/if_inet6|sys/.*)");

  private static final ChildJvm COMMAND =
      ChildJvm.of(Main.class)
          .with("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");

  @TempDir private Path folder;

  static List<String> names() {
    return List.of(
        "/etc/passwd",
        "../../../../../../../../../../../../etc/passwd",
        "../outside",
        "link",
        "down/../../outside",
        "/dev/zero",
        "/proc/self/mem",
        "pipe",
        "json:{'driver':'file','filename':'/etc/passwd'}",
        "nbd://127.0.0.1:10809/disk",
        "nbd:unix:/tmp/socket",
        "http://127.0.0.1/disk.raw",
        "ssh://localhost/etc/passwd",
        "file:///etc/passwd",
        "\\\\server\\share\\disk.vhd",
        "C:\\Windows\\System32\\config\\SAM");
  }

  @ParameterizedTest
  @MethodSource("names")
  void nothingThatAnImageNamesIsOpenedOutsideItsFolder(String name) throws Exception {
    Path own = Files.createDirectory(folder.resolve("own")).toRealPath();
    Files.createDirectory(own.resolve("down"));
    Files.writeString(folder.resolve("outside"), "secret");
    Files.createSymbolicLink(own.resolve("link"), folder.resolve("outside"));
    run("mkfifo", own.resolve("pipe").toString());
    for (Path image : List.of(qcow2(own, name), vmdk(own, name))) {
      Path trace = folder.resolve("trace");
      ChildJvm.Ran ran =
          COMMAND
              .wrapped(
                  "strace",
                  "-f",
                  "-qq",
                  "-s",
                  "4096",
                  "-e",
                  "trace=%network,open,openat,openat2,creat,execve,execveat",
                  "-o",
                  trace.toString())
              .run("convert", "--progress", "none", image, own.resolve("out.vhd"));
      assertThat(ran.code()).as(image + ran.err()).isEqualTo(3);
      assertThat(ran.err()).startsWith("diskwright: " + image + ": ");
      assertOnlyOwn(Files.readAllLines(trace, StandardCharsets.ISO_8859_1), own, image);
    }
  }

  private static void assertOnlyOwn(List<String> calls, Path own, Path image) {
    boolean begun = false;
    for (String call : calls) {
      assertThat(call).doesNotContain("sa_family=AF_INET");
      Matcher opened = OPENED.matcher(call);
      Path path = opened.find() ? Path.of(opened.group(1)).normalize() : null;
      begun |= path != null && path.equals(image);
      if (begun) {
        assertThat(TALKS.matcher(call).find()).as(call).isFalse();
        assertThat(path == null || path.startsWith(own) || isItsOwn(path)).as(call).isTrue();
        assertThat(path).as(call).isNotEqualTo(own.resolve("pipe"));
      }
    }
    assertThat(begun).as("the image in the trace").isTrue();
  }

  private static boolean isItsOwn(Path path) {
    return path.startsWith(System.getProperty("java.home"))
        || ChildJvm.classPath().stream().anyMatch(path::startsWith)
        || OF_THE_JVM.matcher(path.toString()).matches();
  }

  private static Path qcow2(Path folder, String backing) throws IOException {
    byte[] image = Files.readAllBytes(Path.of("native-test-images", "qcow2-v3.qcow2"));
    byte[] name = backing.getBytes(StandardCharsets.UTF_8);
    ByteBuffer.wrap(image).putLong(8, 1024).putInt(16, name.length).put(1024, name);
    return Files.write(folder.resolve("image.qcow2"), image);
  }

  private static Path vmdk(Path folder, String extent) throws IOException {
    return Files.writeString(
        folder.resolve("image.vmdk"),
        "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\n"
            + "createType=\"monolithicFlat\"\nRW 2 FLAT \""
            + extent
            + "\" 0\n");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  /** Every call that moves data takes so long that the conversion is met while it works. */
  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void askedToEndItSaysHowToGoOn(String signal, int code) throws Exception {
    byte[] bytes = new byte[48 << 20];
    new Random(11).nextBytes(bytes);
    Path source = Files.write(folder.resolve("disk.raw"), bytes);
    Path target = Files.writeString(folder.resolve("out.raw"), "precious");
    Path partial = folder.resolve("out.raw.partial");
    Path journal = folder.resolve("out.raw.partial.journal");
    Object[] convert =
        Stream.of(
                "convert --to raw --size keep --profile none --no-validate --progress none --force")
            .flatMap(line -> Arrays.stream(line.split(" ")))
            .toArray();
    Process process =
        COMMAND
            .wrapped(
                "strace",
                "-f",
                "-qq",
                "-o",
                folder.resolve("trace").toString(),
                "-e",
                "trace=copy_file_range",
                "-e",
                "inject=copy_file_range:delay_enter=300000")
            .start(
                folder.resolve("stdout"),
                folder.resolve("stderr"),
                Stream.concat(Arrays.stream(convert), Stream.of(source, target)).toArray());
    while (process.isAlive() && (!Files.exists(journal) || lines(journal) < 2)) {
      Thread.sleep(5);
    }
    long java = process.children().findFirst().orElseThrow().pid();
    run("kill", "-" + signal, Long.toString(java));
    assertThat(process.waitFor()).isEqualTo(code);

    assertThat(Files.readAllLines(folder.resolve("stderr")))
        .containsExactly("diskwright: interrupted; --resume goes on with " + partial);
    assertThat(target).hasContent("precious");
    Object[] resume =
        Stream.concat(Arrays.stream(convert), Stream.of("--resume", source, target)).toArray();
    InProcess.Ran resumed = InProcess.run(resume);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    assertThat(partial).doesNotExist();
    assertThat(journal).doesNotExist();
  }

  private static long lines(Path journal) throws IOException {
    return new String(Files.readAllBytes(journal), StandardCharsets.UTF_8).lines().count();
  }
}
