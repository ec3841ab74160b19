package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Tells by its content what a volume is. Superblocks must be plausible, not free of faults: a
 * filesystem that needs repair is still that filesystem.
 */
public final class VolumeProbe {

  // Members of arrays and containers first: what is inside a mirror also shows at its start.
  private static final List<Detector> DETECTORS =
      List.of(
          RaidProbes::mdadm,
          RaidProbes::firmware,
          LvmProbes::lvm2,
          LvmProbes::lvm1,
          LvmProbes::ldm,
          ContainerProbes::luks,
          ContainerProbes::bcache,
          ContainerProbes::vmfs,
          BootSectorProbes::bitLocker,
          BootSectorProbes::ntfs,
          BootSectorProbes::exfat,
          BootSectorProbes::refs,
          LinuxProbes::ext,
          LinuxProbes::xfs,
          LinuxProbes::btrfs,
          FatProbe::detect,
          SwapProbe::detect,
          LinuxProbes::f2fs,
          LinuxProbes::jfs,
          LinuxProbes::reiserfs,
          LinuxProbes::squashfs,
          ZfsProbe::detect,
          UfsProbe::detect,
          OpticalProbes::udf,
          OpticalProbes::iso9660,
          OpticalProbes::hfs);

  private VolumeProbe() {}

  /**
   * Looks into a range of a disk.
   *
   * @param start first guest byte, from 0 to the disk's size
   * @param length bytes; what leaves the disk is not looked at
   * @return what was found; empty when nothing known was
   * @throws io.diskwright.io.ImageException when the image does not yield the bytes
   */
  public static Optional<VolumeContent> probe(VirtualDisk disk, long start, long length)
      throws IOException {
    if (start < 0 || start >= disk.size() || length <= 0) {
      return Optional.empty();
    }
    var window = new Window(disk, start, Math.min(length, disk.size() - start));
    for (Detector detector : DETECTORS) {
      Optional<VolumeContent> content = detector.detect(window);
      if (content.isPresent()) {
        return content;
      }
    }
    return Optional.empty();
  }

  private interface Detector {
    Optional<VolumeContent> detect(Window window) throws IOException;
  }
}
