package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.convert.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The contract of the command line: exit codes, streams, what is left behind. */
class CommandLineTest {

  private static final Path IMAGES = Path.of("native-test-images");

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... arguments) {
    return run(new Cancellation(), arguments);
  }

  private static Ran run(Cancellation cancellation, Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(cancellation)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code =
        command.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private Path raw(String name, int mebibytes) throws IOException {
    Path file = folder.resolve(name);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength((long) mebibytes << 20);
      out.write("not quite empty".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return file;
  }

  private Map<String, Long> files() throws IOException {
    var files = new TreeMap<String, Long>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.size(file));
      }
    }
    return files;
  }

  @Test
  void convertWritesAVhdBesideTheSource() throws Exception {
    Path source = raw("vm.raw", 3);
    Ran ran = run("convert", source, "--progress", "none");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .startsWith(
            folder.resolve("vm.vhd") + ": fixed VHD, virtual size 42949672960 bytes (40 GiB), ")
        .contains("disk.not-empty: There is no partition table");
    assertThat(files()).containsOnlyKeys("vm.raw", "vm.vhd").containsEntry("vm.vhd", 42949673472L);
  }

  @Test
  void exitCodeOneSaysThatTheOutputIsCompleteButNotImportable() throws Exception {
    Path source = raw("vm.raw", 3);
    assertThat(run("convert", source, "--progress", "none").code()).isEqualTo(1);
    assertThat(run("convert", source, "--progress", "none", "--force", "--no-validate").code())
        .isEqualTo(0);
    assertThat(run("validate", folder.resolve("vm.vhd")).code()).isEqualTo(1);
  }

  @Test
  void jsonIsOneObjectOnStdout() throws Exception {
    Path source = raw("vm.raw", 3);
    Ran ran = run("convert", source, "--json", "--progress", "json");
    assertThat(ran.out().strip()).startsWith("{").endsWith("}");
    assertThat(ran.out())
        .contains("\"virtualSize\" : 42949672960", "\"validation\"", "\"verdict\" : \"fail\"");
    assertThat(ran.err().lines())
        .allMatch(line -> line.startsWith("{\"image\":\"vm.raw\",\"phase\":\""))
        .last()
        .asString()
        .contains("\"phase\":\"done\"");
  }

  @Test
  void readsAnInternalSnapshot() throws Exception {
    Path image = IMAGES.resolve("qcow2-snapshot-of-other-size.qcow2");
    Path target = folder.resolve("small.raw");
    String snapshot = "--snapshot=small";
    assertThat(run("info", image, snapshot).out()).contains("snapshot read    1 'small'");
    Ran ran = run("convert", image, target, "--to=raw", snapshot, "--size=keep", "--no-validate");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(Files.size(target)).isEqualTo(1 << 20);
    assertThat(run("compare", image, target, snapshot).out()).startsWith("identical: 1048576");
    assertThat(run("compare", image, target).code()).isEqualTo(1);
  }

  @Test
  void refusesASnapshotThatIsNotThere() throws Exception {
    Path image = IMAGES.resolve("qcow2-snapshot.qcow2");
    Ran none = run("info", image, "--snapshot=after");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("no snapshot 'after', allowed: 1 'before'");
    for (String command : new String[] {"info", "map", "validate", "digest", "convert"}) {
      Ran raw = run(command, raw("vm.raw", 1), "--snapshot=before");
      assertThat(raw.code()).as(command).isEqualTo(3);
      assertThat(raw.err()).contains("found raw, which has no internal snapshots");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "convert",
        "convert --nonsense x",
        "convert x y z",
        "convert --to qcow9 x",
        "convert --size much x",
        "convert --profile nowhere x",
        "convert --from nothing x",
        "convert --jobs 0 x",
        "convert --external /nonexistent x",
        "convert --spool /nonexistent x",
        "convert --disk 0 x",
        "convert -",
        "convert --resume - x",
        "validate",
        "rules no.such-rule",
        "frobnicate"
      })
  void wrongUsageIsTwo(String line) {
    Ran ran = run((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));
    assertThat(ran.code()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).startsWith("diskwright: ").doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aMistypedOptionIsSuggested() {
    assertThat(run("convert", "--profil", "x", "y").err()).contains("--profile");
  }

  @Test
  void aRefusedInputIsThreeAndLeavesNothing() throws Exception {
    byte[] header = new byte[4096];
    header[0] = 'Q';
    header[1] = 'F';
    header[2] = 'I';
    header[3] = (byte) 0xfb;
    header[7] = 3;
    Path image = Files.write(folder.resolve("bad.qcow2"), header);
    for (String command : new String[] {"convert", "info", "map", "validate"}) {
      Ran ran = run(command, image);
      assertThat(ran.code()).as(command + ran.err()).isEqualTo(3);
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err())
          .startsWith("diskwright: " + image + ": ")
          .contains(" at offset 0x", ": found ", ", allowed: ");
    }
    assertThat(files()).containsOnlyKeys("bad.qcow2");
  }

  @Test
  void whatCannotBeReadOrWrittenIsFour() throws Exception {
    Path source = raw("vm.raw", 1);
    Path missing = folder.resolve("missing.qcow2");
    assertThat(run("convert", missing).err()).contains(missing + ": no such file");
    assertThat(run("convert", missing).code()).isEqualTo(4);
    assertThat(run("convert", folder).code()).isEqualTo(4);
    assertThat(run("convert", source, folder.resolve("no/such/folder/x.vhd")).code()).isEqualTo(4);
    Files.writeString(folder.resolve("vm.vhd"), "precious");
    Ran ran = run("convert", source);
    assertThat(ran.code()).isEqualTo(4);
    assertThat(ran.err()).contains("--force");
    assertThat(folder.resolve("vm.vhd")).hasContent("precious");
    assertThat(files()).containsOnlyKeys("vm.raw", "vm.vhd");
  }

  @Test
  void aNameThatContradictsTheContentIsRefused() throws Exception {
    assertThat(run("info", raw("empty.vmdk", 1)).err()).contains("--from raw");
    assertThat(run("info", raw("really.vmdk", 1), "--from", "raw").code()).isEqualTo(0);
    assertThat(run("info", raw("vmdk", 1)).code()).as("a name without a suffix").isEqualTo(0);
    Path disguised = folder.resolve("guest-wrote-this.raw");
    Files.copy(IMAGES.resolve("qcow2-v3.qcow2"), disguised);
    Ran ran = run("convert", disguised);
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("--from qcow2 or --from raw");
  }

  @Test
  void interruptedIs130AndLeavesNothing() throws Exception {
    var cancellation = new Cancellation();
    cancellation.request();
    assertThat(run(cancellation, "convert", raw("vm.raw", 3)).code()).isEqualTo(130);
    assertThat(files()).containsOnlyKeys("vm.raw");
  }

  @Test
  void compareTellsBytesFromSizes() throws Exception {
    Path a = raw("a.raw", 3);
    Path b = raw("b.raw", 4);
    assertThat(run("compare", a, a).code()).isEqualTo(0);
    Ran sizes = run("compare", a, b);
    assertThat(sizes.code()).isEqualTo(1);
    assertThat(sizes.out()).startsWith("different in size only: A has 3145728 bytes (3 MiB)");
    assertThat(run("compare", "--ignore-trailing-zeros", a, b).code()).isEqualTo(0);
    try (var out = new RandomAccessFile(b.toFile(), "rw")) {
      out.seek(3_500_000);
      out.write(1);
    }
    Ran beyond = run("compare", "--ignore-trailing-zeros", a, b);
    assertThat(beyond.code()).isEqualTo(1);
    assertThat(beyond.out()).contains("not zero at byte 3500000");
    try (var out = new RandomAccessFile(b.toFile(), "rw")) {
      out.seek(2_000_001);
      out.write(1);
    }
    assertThat(run("compare", a, b).out()).isEqualTo("different: first at byte 2000001\n");
  }

  @Test
  void digestIsTheSameForAllContainersOfADisk() {
    String digest = run("digest", IMAGES.resolve("qcow2-zlib.qcow2")).out().split(" ")[0];
    assertThat(digest).startsWith("sha256-64k:").hasSize(11 + 64);
    assertThat(
            run(
                    "digest",
                    IMAGES.resolve("qcow2-v3.qcow2"),
                    IMAGES.resolve("vmdk-monolithic-sparse.vmdk"))
                .out())
        .isEqualTo(
            digest
                + "  "
                + IMAGES.resolve("qcow2-v3.qcow2")
                + "\n"
                + digest
                + "  "
                + IMAGES.resolve("vmdk-monolithic-sparse.vmdk")
                + "\n");
  }

  @Test
  void compareSeesThroughContainers() {
    Ran ran =
        run("compare", IMAGES.resolve("qcow2-zlib.qcow2"), IMAGES.resolve("qcow2-zstd.qcow2"));
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(0);
  }

  @Test
  void mapCoversTheDisk() throws Exception {
    Ran ran = run("map", "--json", IMAGES.resolve("qcow2-zlib.qcow2"));
    assertThat(ran.code()).isEqualTo(0);
    assertThat(ran.out())
        .startsWith("[{\"start\":0,\"length\":")
        .contains("\"kind\":\"compressed\"", "\"file\":\"native-test-images/qcow2-zlib.qcow2\"")
        .endsWith("}]\n");
  }

  @Test
  void infoNamesPartitionsAndFilesystems() {
    Ran ran = run("info", "--json", IMAGES.resolve("raw-mbr.raw"));
    assertThat(ran.code()).isEqualTo(0);
    assertThat(ran.out()).contains("\"partitionTable\" : \"mbr\"", "\"partitions\"");
  }

  @Test
  void rulesListsAndExplains() {
    assertThat(run("rules").out()).contains("disk.virtual-size-range");
    Ran ran = run("rules", "disk.virtual-size-range");
    assertThat(ran.code()).isEqualTo(0);
    assertThat(ran.out()).startsWith("disk.virtual-size-range").contains("alibaba");
    assertThat(run("rules", "--json").out()).startsWith("[");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert",
        "info",
        "map",
        "compare",
        "digest",
        "validate",
        "rules",
        "generate-completion"
      })
  void everyCommandHasHelpAndAVersion(String command) {
    assertThat(run(command, "--help").code()).isEqualTo(0);
    assertThat(run(command, "--help").out()).startsWith("Usage: diskwright " + command);
    assertThat(run(command, "--version").out()).startsWith("diskwright ");
  }

  @Test
  void completionIsAShellScript() {
    Ran ran = run("generate-completion");
    assertThat(ran.code()).isEqualTo(0);
    assertThat(ran.out()).startsWith("#!/usr/bin/env bash");
  }

  @Test
  void mapNamesNoTemporaryFile() throws Exception {
    Path image = folder.resolve("wrapped.img.gz");
    Files.copy(Path.of("native-test-images/wrapped-raw.img.gz"), image);
    Ran ran = run("map", "--json", image);
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("wrapped.img.gz[gzip]").doesNotContain("spool");
    assertThat(ran.err()).contains("is unpacked into");
  }
}
