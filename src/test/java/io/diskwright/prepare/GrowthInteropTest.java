package io.diskwright.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random GPTs, grown, and then judged by sgdisk and sfdisk. */
@Tag("interop")
class GrowthInteropTest {

  private static final long MIB = 1 << 20;
  private static final int SAMPLE = 4096;

  @TempDir Path folder;

  static Stream<Integer> seeds() {
    return IntStream.range(0, 72).boxed();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sgdiskFindsNoFault(int seed) throws Exception {
    var random = new Random(seed);
    Path file = RawFile.create(folder.resolve("disk.raw"), 512 * MIB + 512L * random.nextInt(100));
    makeTable(random, seed, file);
    fillPartitions(random, file);
    damage(seed, file);
    try (VirtualDisk disk = RawFile.open(file)) {
      long newSize = newSize(random, seed, disk.size());
      List<Partition> before = PartitionTable.read(disk).partitions();
      assertThat(before).isNotEmpty();
      VirtualDisk grown = Growth.grow(disk, newSize);
      Path result = RawFile.write(grown, folder.resolve("grown.raw"));
      assertThat(Tool.run("sgdisk", "-v", result.toString())).contains("No problems found");
      assertThat(Tool.run("sfdisk", "--verify", result.toString())).contains("No errors detected");
      try (VirtualDisk read = RawFile.open(result)) {
        PartitionTable table = PartitionTable.read(read);
        assertThat(table.problems()).isEmpty();
        assertThat(table.gptBackupAtEnd()).isTrue();
        assertThat(table.partitions()).isEqualTo(before);
        assertSameContents(disk, read, before);
      }
    }
  }

  /** 1 to 128 partitions, a third of the tables with more entries, a fifth hybrid. */
  private static void makeTable(Random random, int seed, Path file) throws Exception {
    List<String> command = new ArrayList<>(List.of("sgdisk"));
    int entries = seed % 3 == 0 ? 128 * random.nextInt(1, 9) : 128;
    command.addAll(List.of("-S", String.valueOf(entries), "-a", "1"));
    int count = seed % 4 == 0 ? 128 : random.nextInt(1, 12);
    for (int i = 1; i <= count; i++) {
      boolean last = i == count && seed % 2 == 0;
      String end = last ? "0" : "+" + random.nextInt(1, 7000);
      command.addAll(List.of("-n", i + ":0:" + end));
    }
    command.add(file.toString());
    Tool.runWithInput("", command);
    if (seed % 5 == 0) {
      Tool.run("sgdisk", "-h", "1", file.toString());
    }
  }

  private static void fillPartitions(Random random, Path file) throws IOException {
    try (VirtualDisk disk = RawFile.open(file)) {
      for (Partition partition : PartitionTable.read(disk).partitions()) {
        for (long at : samples(partition)) {
          byte[] bytes = new byte[(int) Math.min(SAMPLE, partition.length())];
          random.nextBytes(bytes);
          RawFile.patch(file, at, bytes);
        }
      }
    }
  }

  private static void damage(int seed, Path file) throws IOException {
    switch (seed % 6) {
      case 1 -> RawFile.patch(file, 512, new byte[512]);
      case 2 -> RawFile.patch(file, file.toFile().length() - 512, new byte[512]);
      case 3 -> RawFile.create(file, file.toFile().length() + 3 * MIB);
      default -> {}
    }
  }

  private static long newSize(Random random, int seed, long size) {
    return switch (seed % 7) {
      case 0 -> size + 512L * random.nextInt(1, 80);
      case 1 -> 500L << 30;
      case 2 -> 3L << 40;
      default -> (size / MIB + random.nextInt(1, 50_000)) * MIB;
    };
  }

  private static void assertSameContents(
      VirtualDisk before, VirtualDisk after, List<Partition> partitions) throws IOException {
    for (Partition partition : partitions) {
      for (long at : samples(partition)) {
        int length = (int) Math.min(SAMPLE, partition.length());
        assertThat(read(after, at, length)).isEqualTo(read(before, at, length));
      }
    }
  }

  private static long[] samples(Partition partition) {
    long end = partition.start() + partition.length();
    return new long[] {partition.start(), end - Math.min(SAMPLE, partition.length())};
  }

  private static byte[] read(VirtualDisk disk, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    disk.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }
}
