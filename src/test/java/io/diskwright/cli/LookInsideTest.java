package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ls}, {@code copy-out} and what {@code info} says of filesystems. */
class LookInsideTest {

  private static final Path IMAGES = Path.of("native-test-images");
  private static final Path EXT4 = IMAGES.resolve("raw-ext4.raw");
  private static final String UUID = "11111111-2222-3333-4444-555555555555";

  @TempDir private Path folder;

  @Test
  void lsListsADirectory() {
    InProcess.Ran ran = InProcess.run("ls", EXT4);
    assertThat(ran.out()).isEqualTo("block\nlost+found\n");
    assertThat(ran.code()).isZero();
  }

  @Test
  void lsShowsDetailsAndAllDirectories() {
    assertThat(InProcess.run("ls", "-l", "-R", EXT4, "/").out())
        .isEqualTo(
            """
            /:
            -rw-r--r--   1     0     0         4096 2001-09-09T01:46:40Z block
            drwx------   2     0     0        12288 2001-09-09T01:46:40Z lost+found

            /lost+found:
            """);
  }

  @Test
  void lsPrintsAJsonObjectALine() {
    assertThat(InProcess.run("ls", "--json", EXT4, "/block").out())
        .startsWith("{\"path\":\"/block\",\"type\":\"file\",\"mode\":\"0644\"")
        .contains("\"size\":4096,\"modified\":\"2001-09-09T01:46:40Z\"");
  }

  @Test
  void whatIsNotThereIsTheEnvironmentsFault() {
    InProcess.Ran ran = InProcess.run("ls", EXT4, "/nothing");
    assertThat(ran.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ran.err()).isEqualTo("diskwright: /nothing: no such file\n");
  }

  @Test
  void aPartitionIsNamedBehindAColon() {
    assertThat(InProcess.run("ls", IMAGES.resolve("raw-gpt.raw") + ":7").err())
        .contains("no partition '7'; there are: 1, 2");
    assertThat(InProcess.run("ls", IMAGES.resolve("raw-gpt.raw") + ":7").code())
        .isEqualTo(ExitCode.USAGE);
    InProcess.Ran empty = InProcess.run("ls", IMAGES.resolve("raw-gpt.raw") + ":1");
    assertThat(empty.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(empty.err()).contains("nothing known lies in it");
  }

  @Test
  void aFileWithAColonInItsNameWins() throws IOException {
    Path file = folder.resolve("disk:1");
    Files.copy(EXT4, file);
    assertThat(InProcess.run("ls", file).out()).isEqualTo("block\nlost+found\n");
  }

  @Test
  void copyOutCopiesFilesAndTrees() throws IOException {
    assertThat(InProcess.run("copy-out", EXT4, "/block", folder).code()).isZero();
    assertThat(Files.size(folder.resolve("block"))).isEqualTo(4096);
    assertThat(InProcess.run("copy-out", EXT4, "/", folder.resolve("all")).code()).isZero();
    assertThat(folder.resolve("all/block")).hasSameBinaryContentAs(folder.resolve("block"));
    InProcess.Ran again = InProcess.run("copy-out", EXT4, "/block", folder);
    assertThat(again.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(again.err()).contains("exists already");
  }

  @ParameterizedTest
  @CsvSource({
    "raw-ext3.raw, ext3, data",
    "raw-ext4.raw, ext4, root",
    "raw-ntfs.raw, ntfs, windows",
    "raw-fat16.raw, vfat, DATA",
    "qcow2-xfs.qcow2, xfs, root",
  })
  void infoTellsWhatAFilesystemSaysOfItself(String image, String type, String label) {
    InProcess.Ran ran = InProcess.run("info", "--deep", "--json", IMAGES.resolve(image));
    assertThat(ran.out().replace(" : ", ":").replaceAll("\\s+", ""))
        .contains(
            "\"name\":\"wholedisk\"",
            "\"filesystem\":\"" + type + "\"",
            "\"label\":\"" + label + "\"",
            "\"clean\":true,\"errors\":false,\"recovery\":\"not-needed\"",
            "\"problemCount\":0");
    assertThat(ran.code()).isZero();
  }

  @Test
  void deepFindsDamageAndExitsWithOne() throws IOException {
    byte[] bytes = Files.readAllBytes(EXT4);
    // The block bitmap's first byte: blocks that are in use are told to be free.
    int bitmap = bitmapBlock(bytes) * 1024;
    bytes[bitmap] = 0;
    Path damaged = folder.resolve("damaged.raw");
    Files.write(damaged, bytes);
    InProcess.Ran shallow = InProcess.run("info", damaged);
    assertThat(shallow.code()).isZero();
    InProcess.Ran deep = InProcess.run("info", "--deep", damaged);
    assertThat(deep.code()).isEqualTo(ExitCode.NOT_IMPORTABLE);
    assertThat(deep.out()).contains("problem: ").contains("block bitmap");
  }

  /** The first group's descriptor follows the superblock, which fills block 1. */
  private static int bitmapBlock(byte[] bytes) {
    int at = 2048;
    return Byte.toUnsignedInt(bytes[at]) | Byte.toUnsignedInt(bytes[at + 1]) << 8;
  }

  @ParameterizedTest
  @ValueSource(strings = {"base.raw", "qcow2-zlib.qcow2"})
  void aDiskWithoutAFilesystemIsRefused(String image) {
    InProcess.Ran ran = InProcess.run("ls", IMAGES.resolve(image));
    assertThat(ran.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(ran.err()).contains("ext2, ext3, ext4, XFS, NTFS or FAT");
  }

  @Test
  void namesCannotForgeLines() {
    assertThat(FileLine.name("a\nb\u001b[2J")).isEqualTo("a\\x0ab\\x1b[2J");
  }

  @Test
  void nothingIsWrittenBesideTheImage() throws IOException {
    Path image = folder.resolve("image.raw");
    Files.copy(EXT4, image);
    InProcess.run("ls", "-R", image);
    InProcess.run("info", "--deep", image);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(image);
    }
    assertThat(image).hasSameBinaryContentAs(EXT4);
    assertThat(InProcess.run("info", image).out()).contains("ext4 'root' " + UUID);
  }
}
