package io.diskwright.guest;

import io.diskwright.volume.VolumeContent;
import java.util.Set;

/** Whose system a volume's content belongs to. */
public enum ContentFamily {
  /** Filesystems, swap and containers that only Linux puts on a disk. */
  LINUX(
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "jfs",
          "reiserfs",
          "f2fs",
          "bcachefs",
          "jbd",
          "swap",
          "swsuspend",
          "LVM1_member",
          "LVM2_member",
          "linux_raid_member",
          "crypto_LUKS",
          "bcache",
          "squashfs")),
  /** The BSDs' filesystem. */
  BSD(Set.of("ufs")),
  /** What Windows puts on a disk. */
  WINDOWS(Set.of("ntfs", "refs", "BitLocker", "LDM")),
  /** What several systems use. */
  SHARED(Set.of());

  private final Set<String> types;

  ContentFamily(Set<String> types) {
    this.types = types;
  }

  /** The family of a content. */
  public static ContentFamily of(VolumeContent content) {
    for (ContentFamily family : values()) {
      if (family.types.contains(content.type())) {
        return family;
      }
    }
    return SHARED;
  }
}
