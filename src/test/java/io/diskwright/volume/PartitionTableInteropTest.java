package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.VirtualDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables made by sfdisk and sgdisk, compared with what sfdisk reads. */
@Tag("interop")
class PartitionTableInteropTest {

  private static final long MIB = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("\\S+?(\\d+) : start= *(\\d+), size= *(\\d+), type=([0-9A-Fa-f-]+)(.*)");
  private static final Pattern NAME = Pattern.compile("name=\"([^\"]*)\"");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void mbrWithPrimariesAndLogicals(int seed) throws Exception {
    var random = new Random(seed);
    int primaries = random.nextInt(4);
    int logicals = random.nextInt(1, 40);
    var script = new StringBuilder("label: dos\n");
    for (int i = 0; i < primaries; i++) {
      script.append(
          String.format(
              Locale.ROOT,
              "size=%d, type=%s%s%n",
              random.nextInt(2048, 20_000),
              List.of("83", "7", "c", "a5").get(i),
              i == 1 ? ", bootable" : ""));
    }
    script.append(random.nextBoolean() ? "type=f\n" : "type=5\n");
    for (int i = 0; i < logicals; i++) {
      script.append(
          String.format(
              Locale.ROOT,
              "size=%d, type=%s%n",
              random.nextInt(1, 20_000),
              random.nextBoolean() ? "83" : "8e"));
    }
    Path file = RawFile.create(folder.resolve("mbr.raw"), 2048 * MIB + 512L * random.nextInt(9));
    Tool.runWithInput(script.toString(), List.of("sfdisk", "-q", file.toString()));
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.MBR);
    assertThat(table.problems()).isEmpty();
    assertThat(table.partitions()).hasSize(primaries + 1 + logicals);
  }

  @Test
  void logicalsLeftAfterOthersWereDeleted() throws Exception {
    Path file = RawFile.create(folder.resolve("mbr.raw"), 256 * MIB);
    Tool.runWithInput(
        "label: dos\ntype=5\n" + "size=9000, type=83\n".repeat(6),
        List.of("sfdisk", "-q", file.toString()));
    Tool.run("sfdisk", "-q", "--delete", file.toString(), "10", "8", "5");
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.MBR);
    assertThat(table.partitions()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 128",
    "1, 128",
    "2, 128",
    "7, 128",
    "40, 128",
    "128, 128",
    "3, 256",
    "200, 512",
    "5, 1024"
  })
  void gptOfManySizes(int count, int entries) throws Exception {
    Path file = gpt(count, entries);
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.GPT);
    assertThat(table.problems()).isEmpty();
    assertThat(table.gptBackupAtEnd()).isTrue();
    assertThat(table.partitions()).hasSize(count);
  }

  @Test
  void hybrid() throws Exception {
    Path file = gpt(3, 128);
    Tool.run("sgdisk", "-h", "1:3", file.toString());
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.GPT);
    assertThat(table.mbr().orElseThrow().isHybrid()).isTrue();
    assertThat(table.problems()).isEmpty();
  }

  @Test
  void gptGrownByOtherTools() throws Exception {
    Path file = gpt(5, 128);
    RawFile.create(file, 1024 * MIB);
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.GPT);
    assertThat(table.gptBackupAtEnd()).isFalse();
    assertThat(table.isDamaged()).isFalse();
    assertThat(table.partitions()).hasSize(5);
  }

  @Test
  void gptWithoutItsPrimary() throws Exception {
    Path file = gpt(5, 128);
    RawFile.patch(file, 512, new byte[33 * 512]);
    PartitionTable table = assertReadAsSfdisk(file, PartitionTable.Kind.GPT);
    assertThat(table.isDamaged()).isFalse();
    assertThat(table.partitions()).hasSize(5);
  }

  private Path gpt(int count, int entries) throws Exception {
    Path file = RawFile.create(folder.resolve("gpt.raw"), 600 * MIB);
    List<String> command = new ArrayList<>(List.of("sgdisk", "-S", String.valueOf(entries)));
    for (int i = 1; i <= count; i++) {
      command.addAll(List.of("-n", i + ":0:+" + (1 + i % 3) + "M"));
      command.addAll(List.of("-c", i + ":part " + i));
      command.addAll(List.of("-t", i + ":" + List.of("8300", "ef00", "8e00", "0700").get(i % 4)));
      if (i % 5 == 0) {
        command.addAll(List.of("-A", i + ":set:2"));
      }
    }
    command.add(file.toString());
    Tool.runWithInput("", command);
    return file;
  }

  private static PartitionTable assertReadAsSfdisk(Path file, PartitionTable.Kind kind)
      throws Exception {
    List<Partition> expected = new ArrayList<>();
    String[] lines = Tool.run("sfdisk", "--dump", file.toString()).split("\n");
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        expected.add(partition(matcher, kind));
      }
    }
    try (VirtualDisk disk = RawFile.open(file)) {
      PartitionTable table = PartitionTable.read(disk);
      assertThat(table.kind()).isEqualTo(kind);
      assertThat(table.partitions()).containsExactlyElementsOf(expected);
      return table;
    }
  }

  private static Partition partition(Matcher line, PartitionTable.Kind kind) {
    int number = Integer.parseInt(line.group(1));
    String rest = line.group(5);
    Matcher name = NAME.matcher(rest);
    boolean mbr = kind == PartitionTable.Kind.MBR;
    String type = mbr && line.group(4).length() == 1 ? "0" + line.group(4) : line.group(4);
    return new Partition(
        number,
        Long.parseLong(line.group(2)) * 512,
        Long.parseLong(line.group(3)) * 512,
        type,
        mbr ? rest.contains("bootable") : rest.contains("LegacyBIOSBootable"),
        name.find() ? name.group(1) : "",
        !mbr
            ? Partition.Kind.GPT
            : number > 4
                ? Partition.Kind.LOGICAL
                : type.equals("05") || type.equals("0f")
                    ? Partition.Kind.EXTENDED
                    : Partition.Kind.PRIMARY);
  }
}
