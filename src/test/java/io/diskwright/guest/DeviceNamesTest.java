package io.diskwright.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.diskwright.volume.Partition;
import io.diskwright.volume.VolumeContent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceNamesTest {

  @Test
  void callsPartitionsAsDriversDo() {
    var gpt = new Partition(3, 0, 0, "x", false, "", Partition.Kind.GPT);
    assertTrue(
        DeviceNames.ofPartition(gpt)
            .containsAll(
                List.of(
                    "/dev/sda3",
                    "/dev/vda3",
                    "/dev/hda3",
                    "/dev/xvda3",
                    "/dev/nvme0n1p3",
                    "/dev/ada0p3",
                    "/dev/vtbd0p3")));
    var mbr = new Partition(1, 0, 0, "a5", true, "", Partition.Kind.PRIMARY);
    assertTrue(DeviceNames.ofPartition(mbr).contains("/dev/ada0s1"));
  }

  @Test
  void callsLogicalVolumesAsDeviceMapperDoes() {
    assertEquals(
        List.of("/dev/mapper/my--vg-lv--root", "/dev/my-vg/lv-root"),
        DeviceNames.ofLogicalVolume("my-vg", "lv-root"));
  }

  @Test
  void bringsTagsAndLinksToOneForm() {
    assertEquals("UUID=0a1b-2c3d", DeviceNames.canonical("UUID=0A1B-2C3D"));
    assertEquals("UUID=0a1b-2c3d", DeviceNames.canonical("/dev/disk/by-uuid/0A1B-2C3D"));
    assertEquals("LABEL=My Disk", DeviceNames.canonical("/dev/disk/by-label/My\\x20Disk"));
    assertEquals("PARTLABEL=rootfs", DeviceNames.canonical("/dev/gpt/rootfs"));
    assertEquals("LABEL=var", DeviceNames.canonical("/dev/ufs/var"));
    assertEquals("PARTUUID=ab", DeviceNames.canonical("/dev/gptid/AB"));
    assertEquals("/dev/sda1", DeviceNames.canonical("/dev/sda1"));
    assertEquals(
        List.of("UUID=ab", "LABEL=L", "PARTUUID=cd"),
        DeviceNames.ofTags(Optional.of(new VolumeContent("ext4", "L", "AB")), "CD", ""));
  }

  @Test
  void takesPartitionsNamesApart() {
    assertEquals(
        Optional.of(new DeviceNames.PartitionName("/dev/xvde", 12)),
        DeviceNames.partitionName("/dev/xvde12"));
    assertEquals(
        Optional.of(new DeviceNames.PartitionName("/dev/nvme1n1p", 2)),
        DeviceNames.partitionName("/dev/nvme1n1p2"));
    assertEquals(
        Optional.of(new DeviceNames.PartitionName("/dev/disk/by-id/ata-VBOX_1-part", 2)),
        DeviceNames.partitionName("/dev/disk/by-id/ata-VBOX_1-part2"));
    assertEquals(Optional.empty(), DeviceNames.partitionName("/dev/mapper/x"));
  }
}
