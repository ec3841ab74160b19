package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.VirtualDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes made by their own tools, compared with what blkid says of them. */
@Tag("interop")
class VolumeProbeInteropTest {

  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "64, ext2, mkfs.ext2 -q -F -L label2",
    "64, ext2, mkfs.ext2 -q -F -b 1024 -O ^resize_inode",
    "64, ext3, mkfs.ext3 -q -F -L Étiquette",
    "64, ext4, mkfs.ext4 -q -F -L exactly16chars__",
    "64, ext4, mkfs.ext4 -q -F -O ^has_journal -b 4096",
    "64, ext4, mkfs.ext4 -q -F -O ^64bit -O ^metadata_csum",
    "64, jbd, mke2fs -q -F -O journal_dev",
    "320, xfs, mkfs.xfs -q -L xfslabel",
    "320, xfs, mkfs.xfs -q -s size=4096 -m crc=0",
    "64, swap, mkswap -q -L swaplabel",
    "64, swap, mkswap -q -p 8192",
    "64, swap, mkswap -q -p 65536 -L big",
    "64, ntfs, mkntfs -F -Q -q -L Größe",
    "64, ntfs, mkntfs -F -Q -q -c 65536",
    "64, ntfs, mkntfs -F -Q -q -s 1024 -c 1024",
    "4, vfat, mkfs.fat -F 12 -n LABEL12",
    "64, vfat, mkfs.fat -F 16 -n LABEL_16",
    "64, vfat, mkfs.fat -F 16",
    "64, vfat, mkfs.fat -F 32 -n LABEL32",
    "64, vfat, mkfs.fat -F 32 -S 4096 -s 1",
    "64, vfat, mkfs.fat -F 32 -i 00000001",
    "64, exfat, mkfs.exfat -L exlabel",
    "64, exfat, mkfs.exfat -c 4096",
    "128, btrfs, mkfs.btrfs -q -f -L btrfslabel",
    "128, btrfs, mkfs.btrfs -q -f",
    "64, crypto_LUKS, cryptsetup luksFormat -q --type luks1 --pbkdf-force-iterations 1000",
    "64, crypto_LUKS, cryptsetup luksFormat -q --type luks2 --label lukslabel"
        + " --pbkdf pbkdf2 --pbkdf-force-iterations 1000",
  })
  void agreesWithBlkid(int mebibytes, String type, String maker) throws Exception {
    Path file = RawFile.create(folder.resolve("volume.raw"), mebibytes * MIB);
    List<String> command = new ArrayList<>(Arrays.asList(maker.split(" ")));
    command.add(file.toString());
    Tool.runWithInput("secret", command);
    VolumeContent expected =
        new VolumeContent(blkid(file, "TYPE"), blkid(file, "LABEL"), blkid(file, "UUID"));
    assertThat(expected.type()).isEqualTo(type);
    try (VirtualDisk disk = RawFile.open(file)) {
      assertThat(VolumeProbe.probe(disk, 0, disk.size())).contains(expected);
      assertThat(PartitionTable.read(disk).kind()).isEqualTo(PartitionTable.Kind.NONE);
    }
  }

  @Test
  void volumesInPartitions() throws Exception {
    Path file = RawFile.create(folder.resolve("disk.raw"), 512 * MIB);
    Tool.runWithInput(
        "label: dos\nsize=64MiB, type=83\nsize=64MiB, type=7\nsize=64MiB, type=82\ntype=5\n"
            + "size=64MiB, type=83\n",
        List.of("sfdisk", "-q", file.toString()));
    try (VirtualDisk disk = RawFile.open(file)) {
      for (Partition partition : PartitionTable.read(disk).partitions()) {
        String offset = "offset=" + partition.start();
        switch (partition.number()) {
          case 1, 5 -> Tool.run("mkfs.ext4", "-q", "-F", "-E", offset, file.toString(), "60M");
          case 2 -> {
            Path fat = RawFile.create(folder.resolve("fat.raw"), partition.length());
            Tool.run("mkfs.fat", fat.toString());
            RawFile.patch(file, partition.start(), Files.readAllBytes(fat));
          }
          default -> {}
        }
      }
      List<Optional<String>> types =
          Volumes.of(disk, PartitionTable.read(disk)).stream()
              .map(volume -> volume.content().map(VolumeContent::type))
              .toList();
      assertThat(types)
          .containsExactly(
              Optional.of("ext4"), Optional.of("vfat"), Optional.empty(), Optional.of("ext4"));
    }
  }

  private static String blkid(Path file, String tag) throws Exception {
    // blkid ends with 2 when the volume has no such tag.
    String script = "blkid -p -o value -s " + tag + " \"$1\" || test $? = 2";
    return Tool.run("sh", "-c", script, "sh", file.toString()).strip();
  }
}
