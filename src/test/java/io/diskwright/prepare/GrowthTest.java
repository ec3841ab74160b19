package io.diskwright.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.Patch;
import io.diskwright.disk.PatchedDisk;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.volume.DiskBuilder;
import io.diskwright.volume.GptHeader;
import io.diskwright.volume.MasterBootRecord;
import io.diskwright.volume.MbrEntry;
import io.diskwright.volume.MemoryDisk;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {

  private static final int SECTORS = 4096;
  private static final int LAST = SECTORS - 1;
  private static final long GIB = 1L << 30;

  private final DiskBuilder disk = new DiskBuilder(SECTORS * 512);

  @BeforeEach
  void twoPartitions() {
    disk.gpt().gptEntry(1, 100, 199, 0, "a").gptEntry(2, 200, 4062, 0, "b").checksums();
    disk.fill(100 * 512, 3963 * 512, 0x5A);
  }

  // From one sector on: the new backup overlaps the old one until it is 33 sectors away.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 31, 32, 33, 34, 1000, 40 * GIB / 512, 5000 * GIB / 512})
  void takesTheTableToTheNewEnd(long sectors) throws Exception {
    long newSectors = SECTORS + sectors;
    VirtualDisk grown = Growth.grow(disk.disk(), newSectors * 512);
    PartitionTable table = PartitionTable.read(grown);
    assertThat(grown.size()).isEqualTo(newSectors * 512);
    assertThat(table.problems()).isEmpty();
    assertThat(table.gptBackupAtEnd()).isTrue();
    assertThat(table.partitions())
        .isEqualTo(PartitionTable.read(disk.disk()).partitions())
        .hasSize(2);
    GptHeader primary = table.gpt().orElseThrow().primary().orElseThrow();
    assertThat(primary.alternateLba()).isEqualTo(newSectors - 1);
    assertThat(primary.lastUsableLba()).isEqualTo(newSectors - 34);
    GptHeader backup = table.gpt().orElseThrow().backup().orElseThrow();
    assertThat(backup.partitionEntryLba()).isEqualTo(newSectors - 33);
    assertThat(backup.alternateLba()).isEqualTo(1);
    MbrEntry protective = table.mbr().orElseThrow().entries().getFirst();
    assertThat(protective.sectors()).isEqualTo(Math.min(newSectors - 1, 0xFFFFFFFFL));
    assertThat(read(grown, 100 * 512, 3963 * 512))
        .isEqualTo(Arrays.copyOfRange(disk.bytes(), 100 * 512, 4063 * 512));
    if (sectors > 33) {
      assertThat(read(grown, (LAST - 32) * 512L, 33 * 512)).containsOnly(0);
    }
  }

  @Test
  void changesNothingOutsideTheTable() throws Exception {
    GrowthPlan plan = Growth.plan(disk.disk(), GIB);
    // MBR and primary header, the old backup, the new one; the primary's entries stay.
    assertThat(plan.patches())
        .extracting(Patch::offset)
        .containsExactly(0L, (LAST - 32) * 512L, GIB - 33 * 512);
    assertThat(plan.patches())
        .extracting(p -> p.bytes().length)
        .containsExactly(1024, 33 * 512, 33 * 512);
    assertThat(plan.actions()).hasSize(5);
    assertThat(plan.newSize()).isEqualTo(GIB);
  }

  @Test
  void keepsBootCodeAndTheCylinderFieldsOfSmallDisks() throws Exception {
    disk.fill(0, 440, 0x77).u8(451, 0x12).u8(453, 0x34);
    byte[] small = read(Growth.grow(disk.disk(), 2L * SECTORS * 512), 0, 512);
    assertThat(Arrays.copyOf(small, 458)).isEqualTo(Arrays.copyOf(disk.bytes(), 458));
    byte[] large = read(Growth.grow(disk.disk(), 40 * GIB), 0, 512);
    assertThat(Arrays.copyOf(large, 451)).isEqualTo(Arrays.copyOf(disk.bytes(), 451));
    assertThat(Arrays.copyOfRange(large, 451, 454)).containsOnly(0xFF);
  }

  @Test
  void leavesAMasterBootRecordAlone() throws Exception {
    DiskBuilder mbr = new DiskBuilder(1 << 20).entry(0, 1, 0x80, 0x83, 64, 1000);
    GrowthPlan plan = Growth.plan(mbr.disk(), GIB);
    assertThat(plan.patches()).isEmpty();
    assertThat(plan.actions()).containsExactly("Disk grown from 1048576 to 1073741824 bytes");
    assertThat(Growth.grow(mbr.disk(), GIB).size()).isEqualTo(GIB);
  }

  @Test
  void movesABackupThatWasLeftBehind() throws Exception {
    byte[] grown = Arrays.copyOf(disk.bytes(), 2 * SECTORS * 512);
    // At its own size, too: the table is put in order.
    for (long size : new long[] {2L * SECTORS * 512, GIB}) {
      VirtualDisk result = Growth.grow(new MemoryDisk(grown), size);
      assertThat(PartitionTable.read(result).problems()).isEmpty();
      assertThat(PartitionTable.read(result).gptBackupAtEnd()).isTrue();
      assertThat(read(result, (LAST - 32) * 512L, 33 * 512)).containsOnly(0);
      assertThat(PartitionTable.read(result).mbr().orElseThrow().entries().getFirst().sectors())
          .isEqualTo(size / 512 - 1);
    }
  }

  @Test
  void aTableInOrderStaysAsItIs() throws Exception {
    GrowthPlan plan = Growth.plan(disk.disk(), SECTORS * 512);
    assertThat(plan.patches()).isEmpty();
    assertThat(plan.actions()).isEmpty();
  }

  @Test
  void rebuildsThePrimaryFromTheBackup() throws Exception {
    disk.fill(512, 33 * 512, 0xEE);
    VirtualDisk grown = Growth.grow(disk.disk(), GIB);
    assertThat(PartitionTable.read(grown).problems()).isEmpty();
    assertThat(PartitionTable.read(grown).partitions()).hasSize(2);
    assertThat(Growth.plan(disk.disk(), GIB).actions())
        .contains("GPT primary header and entries rebuilt from the backup");
  }

  @Test
  void rebuildsALostBackup() throws Exception {
    disk.fill((LAST - 32) * 512, 33 * 512, 0);
    for (long size : new long[] {SECTORS * 512, GIB}) {
      VirtualDisk grown = Growth.grow(disk.disk(), size);
      assertThat(PartitionTable.read(grown).problems()).isEmpty();
      assertThat(PartitionTable.read(grown).gptBackupAtEnd()).isTrue();
    }
  }

  @Test
  void leavesADamagedTableAsItIs() throws Exception {
    disk.u8(512 + 40, 9).u8(LAST * 512 + 40, 9);
    assertLeft("damaged beyond repair");
  }

  @Test
  void leavesATruncatedTableAsItIs() throws Exception {
    var cut = new MemoryDisk(Arrays.copyOf(disk.bytes(), 4000 * 512));
    assertThat(Growth.plan(cut, GIB).patches()).isEmpty();
    assertThat(Growth.plan(cut, GIB).actions().getLast())
        .startsWith("GPT left as it is, since it is damaged beyond repair: ");
  }

  @Test
  void leavesATableThatHasNoRoomForItsBackup() throws Exception {
    // A backup that was lost, and partitions that take its place.
    disk.fill((LAST - 32) * 512, 33 * 512, 0);
    disk.u64(512 + 48, LAST).u64(1024 + 128 + 40, LAST).checksums(1);
    assertThat(Growth.plan(disk.disk(), SECTORS * 512).actions())
        .containsExactly(
            "GPT left as it is: no room for a backup between the partitions and the end");
    assertThat(Growth.plan(disk.disk(), (SECTORS + 32) * 512).patches()).isEmpty();
    assertThat(PartitionTable.read(Growth.grow(disk.disk(), (SECTORS + 33) * 512)).problems())
        .isEmpty();
  }

  @Test
  void neverTouchesAPartition() throws Exception {
    // The backup's array is said to lie in the second partition, its header is past it.
    disk.fill(4000 * 512, 128 * 128, 0).u64(LAST * 512 + 72, 4000);
    System.arraycopy(disk.bytes(), 1024, disk.bytes(), 4000 * 512, 128 * 128);
    disk.checksums();
    VirtualDisk grown = Growth.grow(disk.disk(), GIB);
    assertThat(read(grown, 100 * 512, 3963 * 512))
        .isEqualTo(Arrays.copyOfRange(disk.bytes(), 100 * 512, 4063 * 512));
    assertThat(PartitionTable.read(grown).problems()).isEmpty();
  }

  @Test
  void leavesATableWhoseEntriesAreNotBeforeThePartitions() throws Exception {
    disk.fill(2 * 512, 32 * 512, 0).u64(512 + 72, LAST - 32).checksums();
    assertLeft("not before the partitions");
  }

  @Test
  void extendsTheEntryOfAHybridOnlyIfItCoveredTheDisk() throws Exception {
    disk.entry(0, 2, 0, 0x83, 100, 100);
    assertThat(mbr(Growth.grow(disk.disk(), GIB)).entries().getFirst().sectors())
        .isEqualTo(GIB / 512 - 1);
    disk.entry(0, 1, 0, 0xEE, 1, 99);
    assertThat(mbr(Growth.grow(disk.disk(), GIB)).entries())
        .containsExactlyElementsOf(mbr(disk.disk()).entries());
  }

  @Test
  void growsADiskThatEndsWithinASector() throws Exception {
    byte[] odd = Arrays.copyOf(disk.bytes(), SECTORS * 512 + 100);
    Arrays.fill(odd, SECTORS * 512, odd.length, (byte) 3);
    VirtualDisk grown = Growth.grow(new MemoryDisk(odd), (SECTORS + 1) * 512);
    assertThat(PartitionTable.read(grown).problems()).isEmpty();
    assertThat(PartitionTable.read(grown).gptBackupAtEnd()).isTrue();
  }

  @Test
  void growsTablesWithMoreEntries() throws Exception {
    int last = 3999;
    DiskBuilder large = new DiskBuilder(4000 * 512).protectiveMbr();
    large.header(1, last, 2).header(last, 1, last - 256);
    for (int header : new int[] {1, last}) {
      large.u32(header * 512 + 80, 1024).u64(header * 512 + 40, 258);
      large.u64(header * 512 + 48, last - 257);
    }
    large.gptEntry(1024, 300, 3000, 0, "last").checksums();
    VirtualDisk grown = Growth.grow(large.disk(), GIB);
    PartitionTable table = PartitionTable.read(grown);
    assertThat(table.problems()).isEmpty();
    assertThat(table.partitions()).isEqualTo(PartitionTable.read(large.disk()).partitions());
    assertThat(table.gpt().orElseThrow().backup().orElseThrow().partitionEntryLba())
        .isEqualTo(GIB / 512 - 257);
    assertThat(read(grown, (last - 256) * 512L, 257 * 512)).containsOnly(0);
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    for (long size : new long[] {SECTORS * 512 - 512, SECTORS * 512 + 1, -512}) {
      assertThatThrownBy(() -> Growth.grow(disk.disk(), size))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void growsADiskThatIsGrownAlready() throws Exception {
    VirtualDisk twice = Growth.grow(Growth.grow(disk.disk(), GIB), 2 * GIB);
    assertThat(PartitionTable.read(twice).problems()).isEmpty();
    assertThat(read(twice, GIB - 33 * 512, 33 * 512)).containsOnly(0);
  }

  @Test
  void anEmptyDiskGrows() throws Exception {
    VirtualDisk grown =
        Growth.grow(new PatchedDisk(new MemoryDisk(new byte[0]), 0, List.of()), GIB);
    assertThat(PartitionTable.read(grown).kind()).isEqualTo(PartitionTable.Kind.NONE);
  }

  private void assertLeft(String reason) throws IOException {
    GrowthPlan plan = Growth.plan(disk.disk(), GIB);
    assertThat(plan.patches()).isEmpty();
    assertThat(plan.actions()).hasSize(2);
    assertThat(plan.actions().getLast()).startsWith("GPT left as it is").contains(reason);
  }

  private static MasterBootRecord mbr(VirtualDisk disk) throws IOException {
    return PartitionTable.read(disk).mbr().orElseThrow();
  }

  private static byte[] read(VirtualDisk disk, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    disk.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }
}
