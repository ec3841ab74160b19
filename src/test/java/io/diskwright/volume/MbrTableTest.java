package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.diskwright.volume.Partition.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MbrTableTest {

  private static final int SECTORS = 2000;

  private final DiskBuilder disk = new DiskBuilder(SECTORS * 512);

  @Test
  void readsPrimariesAndLogicals() throws Exception {
    // Two logicals: the second one's record is linked relative to the container, not to the first.
    disk.entry(0, 1, 0x80, 0x83, 100, 200)
        .entry(0, 3, 0, 0x0F, 500, 1000)
        .entry(500, 1, 0, 0x82, 10, 20)
        .entry(500, 2, 0, 0x05, 300, 200)
        .entry(800, 1, 0, 0x8E, 5, 100);
    PartitionTable table = read();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.MBR);
    assertThat(table.problems()).isEmpty();
    assertThat(table.partitions())
        .containsExactly(
            partition(1, 100, 200, "83", true, Kind.PRIMARY),
            partition(3, 500, 1000, "0f", false, Kind.EXTENDED),
            partition(5, 510, 20, "82", false, Kind.LOGICAL),
            partition(6, 805, 100, "8e", false, Kind.LOGICAL));
  }

  @Test
  void recordsWithoutAPartitionTakeNoNumber() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000).entry(500, 2, 0, 5, 100, 200).entry(600, 1, 0, 0x83, 1, 50);
    assertThat(read().partitions())
        .containsExactly(
            partition(1, 500, 1000, "05", false, Kind.EXTENDED),
            partition(5, 601, 50, "83", false, Kind.LOGICAL));
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void anEmptyContainerIsNoDamage() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000);
    assertThat(read().isDamaged()).isFalse();
    assertThat(read().problems())
        .extracting(TableProblem::structure)
        .containsExactly("EBR signature");
  }

  @Test
  void reportsAPartitionPastTheEnd() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, SECTORS - 99);
    assertFatal("MBR entry 1", 446);
    assertThat(read().partitions())
        .containsExactly(partition(1, 100, SECTORS - 99, "83", false, Kind.PRIMARY));
  }

  @Test
  void acceptsAPartitionUpToTheEnd() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, SECTORS - 100);
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void reportsAStartPastTheEnd() throws Exception {
    disk.entry(0, 2, 0, 0x83, 0xFFFFFFFFL, 0xFFFFFFFFL);
    assertFatal("MBR entry 2", 462);
  }

  @Test
  void reportsAStartAtSectorZero() throws Exception {
    disk.entry(0, 1, 0, 0x83, 0, 100);
    assertFatal("MBR entry 1 start", 446);
  }

  @Test
  void reportsOverlaps() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, 800).entry(0, 2, 0, 0x83, 200, 10).entry(0, 3, 0, 0x83, 899, 5);
    assertThat(read().problems())
        .extracting(TableProblem::structure, TableProblem::fatal)
        .containsExactly(tuple("MBR partition 2", true), tuple("MBR partition 3", true));
  }

  @Test
  void neighboursDoNotOverlap() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, 800).entry(0, 2, 0, 0x83, 900, 10);
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void reportsAWrongBootIndicatorInATable() throws Exception {
    disk.entry(0, 1, 0x81, 0x83, 100, 200);
    assertFatal("MBR entry 1 boot indicator", 446);
  }

  @Test
  void randomBytesThatEndIn55aaAreNoTable() throws Exception {
    disk.fill(0, 510, 0xA7).sign(0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.NONE);
    assertThat(read().mbr()).isPresent();
  }

  @Test
  void aTableWithoutPartitionsIsOne() throws Exception {
    disk.sign(0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.MBR);
    assertThat(read().partitions()).isEmpty();
  }

  @Test
  void withoutASignatureThereIsNoTable() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, 200).u8(510, 0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.NONE);
    assertThat(read().mbr()).isEmpty();
  }

  @Test
  void aFilesystemsBootSectorIsNoTable() throws Exception {
    VolumeProbeTest.fat16(disk, 0, SECTORS);
    disk.sign(0).fill(446, 64, 0x41);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.NONE);
    disk.fill(446, 64, 0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.NONE);
  }

  @Test
  void aSoundTableOverTheRemainsOfAFilesystemCounts() throws Exception {
    VolumeProbeTest.fat16(disk, 0, SECTORS);
    disk.entry(0, 1, 0, 0x0C, 100, 500);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.MBR);
  }

  @Test
  void aChainThatLinksToItselfEnds() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000).entry(500, 1, 0, 0x83, 1, 5).entry(500, 2, 0, 5, 0, 9);
    assertFatal("EBR chain", 500 * 512);
    assertThat(read().partitions()).hasSize(2);
  }

  @Test
  void aChainThatLinksBackEnds() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000)
        .entry(500, 1, 0, 0x83, 1, 5)
        .entry(500, 2, 0, 5, 100, 9)
        .entry(600, 1, 0, 0x83, 1, 5)
        .entry(600, 2, 0, 5, 0, 9);
    assertFatal("EBR chain", 500 * 512);
    assertThat(read().partitions()).hasSize(3);
  }

  @Test
  void aChainHasAtMost128Records() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000);
    for (int i = 0; i < 200; i++) {
      disk.entry(500 + 3 * i, 1, 0, 0x83, 1, 1).entry(500 + 3 * i, 2, 0, 5, 3 * i + 3, 3);
    }
    assertFatal("EBR chain", (500 + 3 * 128) * 512);
    assertThat(read().partitions()).hasSize(129);
  }

  @Test
  void aLinkPastTheEndIsReported() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 1000)
        .entry(500, 1, 0, 0x83, 1, 5)
        .entry(500, 2, 0, 5, 0xFFFFFF00L, 9);
    assertFatal("EBR", (500 + 0xFFFFFF00L) * 512);
  }

  @Test
  void aLogicalOutsideItsContainerIsReported() throws Exception {
    disk.entry(0, 1, 0, 5, 500, 100).entry(500, 1, 0, 0x83, 50, 51);
    assertFatal("EBR entry", 500 * 512);
  }

  @Test
  void tinyAndEmptyDisksHaveNoTable() throws Exception {
    for (int size : new int[] {0, 1, 511}) {
      PartitionTable table = PartitionTable.read(new DiskBuilder(size).disk());
      assertThat(table.kind()).isEqualTo(PartitionTable.Kind.NONE);
      assertThat(Volumes.of(new DiskBuilder(size).disk(), table)).hasSize(size == 0 ? 0 : 1);
    }
  }

  @Test
  void volumesAreClippedAndContainersLeftOut() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, 200)
        .entry(0, 2, 0, 5, 500, 1000)
        .entry(500, 1, 0, 0x83, 1, 50)
        .entry(0, 3, 0, 0x83, SECTORS - 10, 100)
        .entry(0, 4, 0, 0x83, SECTORS + 10, 100);
    VolumeProbeTest.ext(disk, 501 * 512, 0, 0, 0);
    PartitionTable table = read();
    assertThat(Volumes.of(disk.disk(), table))
        .extracting(
            v -> v.partition().orElseThrow().number(),
            Volume::start,
            Volume::length,
            v -> v.content().map(VolumeContent::type).orElse(""))
        .containsExactly(
            tuple(1, 100L * 512, 200L * 512, ""),
            tuple(3, (SECTORS - 10) * 512L, 10L * 512, ""),
            tuple(4, (SECTORS + 10) * 512L, 0L, ""),
            tuple(5, 501L * 512, 50L * 512, "ext2"));
  }

  private PartitionTable read() throws IOException {
    return PartitionTable.read(disk.disk());
  }

  private void assertFatal(String structure, long offset) throws IOException {
    PartitionTable table = read();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.MBR);
    assertThat(table.problems()).hasSize(1);
    assertThat(table.problems().getFirst().structure()).isEqualTo(structure);
    assertThat(table.problems().getFirst().offset()).isEqualTo(offset);
    assertThat(table.isDamaged()).isTrue();
  }

  private static Partition partition(
      int number, long lba, long sectors, String type, boolean active, Kind kind) {
    return new Partition(number, lba * 512, sectors * 512, type, active, "", kind);
  }
}
