package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.VirtualDisk;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels written by util-linux's fdisk. */
@Tag("interop")
class BsdLabelInteropTest {

  private static final long MIB = 1 << 20;

  @TempDir private Path folder;

  private List<BsdVolume> read(Path file) throws Exception {
    try (VirtualDisk disk = RawFile.open(file)) {
      return BsdVolume.of(disk, Volumes.of(disk, PartitionTable.read(disk)));
    }
  }

  private Path disk() throws Exception {
    Path file = RawFile.create(folder.resolve("disk.raw"), 200 * MIB);
    Tool.runWithInput(
        "label: dos\nstart=2048, size=50MiB, type=83\nsize=100MiB, type=a5\n",
        List.of("sfdisk", "-q", file.toString()));
    // b: into the slice's label, y: make one; n: partitions a, b and e; t: their types; w: write.
    Tool.runWithInput(
        "b\n"
            + "y\n"
            + "n\n"
            + "a\n"
            + "104448\n"
            + "145407\n"
            + "n\n"
            + "b\n"
            + "145408\n"
            + "165887\n"
            + "n\n"
            + "e\n"
            + "165888\n\n"
            + "t\n"
            + "a\n"
            + "7\n"
            + "t\n"
            + "b\n"
            + "1\n"
            + "t\n"
            + "e\n"
            + "7\n"
            + "w\n"
            + "r\n"
            + "w\n",
        List.of("fdisk", "-w", "never", "-W", "never", file.toString()));
    return file;
  }

  @Test
  void partitionsOfASliceAreFoundAndLookedInto() throws Exception {
    Path file = disk();
    List<BsdVolume> empty = read(file);
    assertThat(empty).extracting(BsdVolume::letter).containsExactly('a', 'b', 'e');
    BsdVolume first = empty.getFirst();
    assertThat(first.slice().orElseThrow().number()).isEqualTo(2);
    assertThat(first.start()).isEqualTo(104448 * 512);
    assertThat(first.length()).isEqualTo(20 * MIB);
    assertThat(empty.get(1).start()).isEqualTo(145408 * 512);

    Path content = RawFile.create(folder.resolve("content"), first.length());
    Tool.run("mkfs.ext4", "-q", "-F", "-L", "in-a", content.toString());
    RawFile.patch(
        file, first.start() + 1024, Arrays.copyOfRange(Files.readAllBytes(content), 1024, 8192));
    assertThat(read(file).getFirst().content().orElseThrow().label()).isEqualTo("in-a");
  }

  @Test
  void aLabelThatDoesNotSumUpIsNone() throws Exception {
    Path file = disk();
    try (var changed = new RandomAccessFile(file.toFile(), "rw")) {
      changed.seek(51 * MIB + BsdLabel.OFFSET + 148);
      int size = changed.read();
      changed.seek(51 * MIB + BsdLabel.OFFSET + 148);
      changed.write(size + 1);
    }
    assertThat(read(file)).isEmpty();
  }
}
