package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.diskwright.volume.Partition.Kind;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GptTableTest {

  private static final int SECTORS = 4096;
  private static final int LAST = SECTORS - 1;
  private static final String LINUX_DATA = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";

  private final DiskBuilder disk = new DiskBuilder(SECTORS * 512);

  @BeforeEach
  void twoPartitions() {
    disk.gpt().gptEntry(1, 100, 199, 4, "boot").gptEntry(128, 300, 4062, 0, "ünï").checksums();
  }

  @Test
  void readsEachField() throws Exception {
    PartitionTable table = read();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(table.problems()).isEmpty();
    assertThat(table.sector4096()).isFalse();
    assertThat(table.gptBackupAtEnd()).isTrue();
    Gpt gpt = table.gpt().orElseThrow();
    assertThat(gpt.primarySound() && gpt.backupSound()).isTrue();
    GptHeader primary = gpt.primary().orElseThrow();
    assertThat(primary.revision()).isEqualTo(0x00010000);
    assertThat(primary.headerSize()).isEqualTo(92);
    assertThat(primary.headerCrcValid()).isTrue();
    assertThat(primary.myLba()).isEqualTo(1);
    assertThat(primary.alternateLba()).isEqualTo(LAST);
    assertThat(primary.firstUsableLba()).isEqualTo(34);
    assertThat(primary.lastUsableLba()).isEqualTo(SECTORS - 34);
    assertThat(primary.diskGuid()).hasToString("33334444-2222-1111-8888-777766665555");
    assertThat(primary.partitionEntryLba()).isEqualTo(2);
    assertThat(primary.numberOfPartitionEntries()).isEqualTo(128);
    assertThat(primary.sizeOfPartitionEntry()).isEqualTo(128);
    assertThat(gpt.backup().orElseThrow().partitionEntryLba()).isEqualTo(LAST - 32);
    assertThat(gpt.entries())
        .extracting(GptEntry::index, GptEntry::attributes)
        .containsExactly(tuple(1, 4L), tuple(128, 0L));
    assertThat(table.partitions())
        .containsExactly(
            new Partition(1, 100 * 512, 100 * 512, LINUX_DATA, true, "boot", Kind.GPT),
            new Partition(128, 300 * 512, 3763 * 512, LINUX_DATA, false, "ünï", Kind.GPT));
  }

  @Test
  void encodesWhatItReads() throws Exception {
    GptHeader header = read().gpt().orElseThrow().primary().orElseThrow();
    assertThat(header.encode()).isEqualTo(Arrays.copyOfRange(disk.bytes(), 512, 1024));
    // The old checksum plays no part.
    assertThat(header.placed(1, LAST, SECTORS - 34, 2).encode()).isEqualTo(header.encode());
  }

  @ParameterizedTest
  @CsvSource({
    "48, 7, header HeaderCRC32",
    "12, 91, header HeaderSize",
    "12, 0xFFFFFFFF, header HeaderSize",
    "24, 2, header MyLBA",
    "72, 1, header PartitionEntryLBA",
    "72, 0, header PartitionEntryLBA",
    "72, 0xFFFFFFFF, header PartitionEntryLBA",
    "76, 0xFFFFFFFF, header PartitionEntryLBA",
    "72, 4065, header PartitionEntryLBA",
    "80, 0, header NumberOfPartitionEntries",
    "80, 1025, header NumberOfPartitionEntries",
    "80, 0xFFFFFFFF, header NumberOfPartitionEntries",
    "84, 0, header SizeOfPartitionEntry",
    "84, 1, header SizeOfPartitionEntry",
    "84, 136, header SizeOfPartitionEntry",
    "84, 192, header SizeOfPartitionEntry",
    "84, 8192, header SizeOfPartitionEntry",
    "84, 0xFFFFFFFF, header SizeOfPartitionEntry",
    "88, 5, array PartitionEntryArrayCRC32",
  })
  void aBadPrimaryIsReplacedByTheBackup(int field, String value, String structure)
      throws Exception {
    disk.u32(512 + field, Long.decode(value));
    if (field != 48) {
      disk.headerChecksum(1);
    }
    PartitionTable table = read();
    assertThat(table.partitions()).hasSize(2);
    assertThat(table.problems()).isNotEmpty().noneMatch(TableProblem::fatal);
    assertThat(table.problems())
        .extracting(TableProblem::structure)
        .containsExactly("GPT primary " + structure);
    assertThat(table.gpt().orElseThrow().primarySound()).isFalse();
    assertThat(table.gptBackupAtEnd()).isTrue();
  }

  @Test
  void bothCopiesBadIsFatal() throws Exception {
    disk.u8(512 + 40, 99).u8(LAST * 512 + 40, 99);
    PartitionTable table = read();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(table.partitions()).isEmpty();
    assertThat(table.problems()).hasSize(2).allMatch(TableProblem::fatal);
    assertThat(table.gpt().orElseThrow().inUse()).isEmpty();
    assertThat(table.gptBackupAtEnd()).isFalse();
  }

  @Test
  void damagedEntriesAreNotBelieved() throws Exception {
    disk.u8(1024 + 33, 1);
    assertThat(read().partitions()).first().extracting(Partition::start).isEqualTo(100L * 512);
    disk.u8((LAST - 32) * 512 + 33, 1);
    assertThat(read().partitions()).isEmpty();
    assertThat(read().isDamaged()).isTrue();
  }

  @Test
  void aLostBackupIsReported() throws Exception {
    disk.fill(LAST * 512, 512, 0);
    PartitionTable table = read();
    assertThat(table.partitions()).hasSize(2);
    assertThat(table.problems())
        .containsExactly(
            new TableProblem(false, "GPT backup header", LAST * 512, "none", "EFI PART"));
  }

  @Test
  void aBackupInsideTheDiskIsFoundThroughThePrimary() throws Exception {
    byte[] grown = Arrays.copyOf(disk.bytes(), (SECTORS + 100) * 512);
    PartitionTable table = PartitionTable.read(new MemoryDisk(grown));
    assertThat(table.gptBackupAtEnd()).isFalse();
    assertThat(table.gpt().orElseThrow().backupSound()).isTrue();
    assertThat(table.gpt().orElseThrow().backupLba()).isEqualTo(LAST);
    assertThat(table.isDamaged()).isFalse();
    assertThat(table.problems())
        .extracting(TableProblem::structure)
        .containsExactly("GPT backup header");
  }

  @Test
  void aTruncatedDiskIsDamaged() throws Exception {
    byte[] cut = Arrays.copyOf(disk.bytes(), (SECTORS - 100) * 512);
    PartitionTable table = PartitionTable.read(new MemoryDisk(cut));
    assertThat(table.isDamaged()).isTrue();
    assertThat(table.problems())
        .filteredOn(TableProblem::fatal)
        .extracting(TableProblem::structure)
        .containsExactly("GPT header LastUsableLBA", "GPT entry 128");
    assertThat(table.partitions()).hasSize(2);
  }

  @Test
  void copiesThatDisagreeAreReported() throws Exception {
    disk.u8(LAST * 512 + 56, 9).headerChecksum(LAST);
    assertThat(read().problems())
        .extracting(TableProblem::fatal, TableProblem::found)
        .containsExactly(tuple(false, "other contents than the primary's"));
  }

  @Test
  void wrongAlternatesAreReported() throws Exception {
    disk.u64(512 + 32, 77).u64(LAST * 512 + 32, 78).checksums();
    assertThat(read().problems())
        .extracting(TableProblem::structure)
        .containsExactly("GPT primary header AlternateLBA", "GPT backup header AlternateLBA");
    assertThat(read().isDamaged()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "100, 4096",
    "100, 9223372036854775807",
    "-5, 200",
    "200, 100",
    "33, 50",
    "4000, 4063",
    "100, -1",
  })
  void badEntriesAreFatal(long first, long last) throws Exception {
    disk.gptEntry(128, first, last, 0, "bad").gptEntry(1, 60, 61, 0, "").checksums();
    PartitionTable table = read();
    assertThat(table.problems()).hasSize(1).allMatch(TableProblem::fatal);
    assertThat(table.problems().getFirst().structure()).isEqualTo("GPT entry 128");
    assertThat(table.partitions()).first().extracting(Partition::number).isEqualTo(1);
    Volumes.of(disk.disk(), table);
  }

  @Test
  void overlapsAreFatal() throws Exception {
    disk.gptEntry(2, 199, 250, 0, "").checksums();
    assertThat(read().problems())
        .extracting(TableProblem::structure, TableProblem::fatal)
        .containsExactly(tuple("GPT partition 2", true));
  }

  @Test
  void largerArraysAreRead() throws Exception {
    // 1024 entries of 4096 bytes: 8192 sectors each.
    int last = 20_000 - 1;
    DiskBuilder large = new DiskBuilder(20_000 * 512).protectiveMbr();
    large.header(1, last, 2).header(last, 1, last - 8192);
    for (int header : new int[] {1, last}) {
      int at = header * 512;
      large.u32(at + 80, 1024).u32(at + 84, 4096).u64(at + 40, 8194).u64(at + 48, last - 8193);
      int array = header == 1 ? 2 : last - 8192;
      large
          .put(array * 512 + 1023 * 4096, DiskBuilder.LINUX_DATA)
          .u64(array * 512 + 1023 * 4096 + 32, 8194)
          .u64(array * 512 + 1023 * 4096 + 40, 9000);
    }
    PartitionTable table = PartitionTable.read(large.checksums().disk());
    assertThat(table.problems()).isEmpty();
    assertThat(table.partitions()).extracting(Partition::number).containsExactly(1024);
  }

  @Test
  void hybridDisksAreReadAsGpt() throws Exception {
    disk.entry(0, 2, 0x80, 0x83, 100, 100);
    PartitionTable table = read();
    assertThat(table.mbr().orElseThrow().isHybrid()).isTrue();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(table.problems()).isEmpty();
  }

  @Test
  void theProtectiveEntryStartsAtSectorOne() throws Exception {
    disk.entry(0, 1, 0, 0xEE, 2, 50);
    assertThat(read().problems())
        .extracting(TableProblem::structure, TableProblem::fatal)
        .containsExactly(tuple("protective MBR entry 1 start", true));
  }

  @Test
  void anUnprotectedGptIsFoundButDamaged() throws Exception {
    disk.fill(0, 512, 0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(read().isDamaged()).isTrue();
    assertThat(read().partitions()).hasSize(2);
  }

  @Test
  void theRemainsOfAGptUnderAFilesystemDoNotCount() throws Exception {
    disk.fill(0, 512, 0);
    VolumeProbeTest.ext(disk, 0, 0, 0, 0);
    assertThat(read().kind()).isEqualTo(PartitionTable.Kind.NONE);
  }

  @Test
  void theRemainsOfAGptUnderAnMbrAreReported() throws Exception {
    disk.entry(0, 1, 0, 0x83, 100, 200);
    PartitionTable table = read();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.MBR);
    assertThat(table.partitions()).extracting(Partition::kind).containsExactly(Kind.PRIMARY);
    assertThat(table.problems())
        .extracting(TableProblem::structure, TableProblem::fatal)
        .containsExactly(tuple("GPT header", false));
  }

  @Test
  void protectionOfNothingIsFatal() throws Exception {
    DiskBuilder empty = new DiskBuilder(SECTORS * 512).protectiveMbr();
    assertThat(PartitionTable.read(empty.disk()).kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(PartitionTable.read(empty.disk()).isDamaged()).isTrue();
    empty.entry(0, 2, 0, 0x83, 100, 200).entry(0, 1, 0, 0xEE, 1, 99);
    assertThat(PartitionTable.read(empty.disk()).kind()).isEqualTo(PartitionTable.Kind.MBR);
    assertThat(PartitionTable.read(empty.disk()).isDamaged()).isTrue();
  }

  @Test
  void sectorsOf4096BytesAreRecognised() throws Exception {
    DiskBuilder large = new DiskBuilder(SECTORS * 512).protectiveMbr();
    large.header(8, 511, 16).u64(4096 + 24, 1).headerChecksum(8);
    PartitionTable table = PartitionTable.read(large.disk());
    assertThat(table.sector4096()).isTrue();
    assertThat(table.kind()).isEqualTo(PartitionTable.Kind.GPT);
    assertThat(table.isDamaged()).isTrue();
    large.u8(4096 + 40, 1);
    assertThat(PartitionTable.read(large.disk()).sector4096()).isFalse();
  }

  @Test
  void aDiskOfTwoSectorsHasOneCopyAtMost() throws Exception {
    DiskBuilder tiny = new DiskBuilder(1024).protectiveMbr().text(512, "EFI PART");
    assertThat(PartitionTable.read(tiny.disk()).isDamaged()).isTrue();
    assertThat(PartitionTable.read(tiny.disk()).gptBackupAtEnd()).isFalse();
  }

  private PartitionTable read() throws IOException {
    return PartitionTable.read(disk.disk());
  }
}
