package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Linux filesystems with one superblock at a fixed place. */
final class LinuxProbes {

  private static final int COMPAT_HAS_JOURNAL = 0x4;
  private static final long INCOMPAT_JOURNAL_DEV = 0x8;

  /** FILETYPE, RECOVER and META_BG: all that ext3 knows. */
  private static final long EXT3_INCOMPAT = 0x16;

  /** SPARSE_SUPER, LARGE_FILE and BTREE_DIR: all that ext3 knows. */
  private static final long EXT3_RO_COMPAT = 0x7;

  private LinuxProbes() {}

  /** ext2, ext3 and ext4, told apart by their features; jbd is a journal of its own. */
  static Optional<VolumeContent> ext(Window window) throws IOException {
    Optional<ByteView> found = window.little(1024, 1024);
    if (found.isEmpty() || found.get().u16(0x38) != 0xEF53) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (block.u32(0x18) > 6 || block.u32(0x04) == 0 || block.u32(0x20) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            extType(block),
            Labels.label(block, 0x78, 16, StandardCharsets.UTF_8),
            Labels.uuid(block, 0x68)));
  }

  private static String extType(ByteView block) throws IOException {
    long incompat = block.u32(0x60);
    if ((incompat & INCOMPAT_JOURNAL_DEV) != 0) {
      return "jbd";
    }
    if ((incompat & ~EXT3_INCOMPAT) != 0 || (block.u32(0x64) & ~EXT3_RO_COMPAT) != 0) {
      return "ext4";
    }
    return (block.u32(0x5C) & COMPAT_HAS_JOURNAL) != 0 ? "ext3" : "ext2";
  }

  /** XFS. */
  static Optional<VolumeContent> xfs(Window window) throws IOException {
    Optional<ByteView> found = window.big(0, 512);
    if (found.isEmpty() || !found.get().startsWith(0, "XFSB")) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (!Labels.powerOfTwo(block.u32(4), 512, 65536)
        || !Labels.powerOfTwo(block.u16(102), 512, 32768)
        || !Labels.powerOfTwo(block.u16(104), 256, 2048)
        || block.u32(88) == 0
        || block.u64(8) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            "xfs", Labels.label(block, 108, 12, StandardCharsets.UTF_8), Labels.uuid(block, 32)));
  }

  /** Btrfs. */
  static Optional<VolumeContent> btrfs(Window window) throws IOException {
    Optional<ByteView> found = window.little(0x10000, 0x1000);
    if (found.isEmpty() || !found.get().startsWith(0x40, "_BHRfS_M")) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (block.u64(0x30) != 0x10000 || !Labels.powerOfTwo(block.u32(0x90), 512, 65536)) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            "btrfs",
            Labels.label(block, 0x12B, 256, StandardCharsets.UTF_8),
            Labels.uuid(block, 0x20)));
  }

  /** F2FS. */
  static Optional<VolumeContent> f2fs(Window window) throws IOException {
    Optional<ByteView> found = window.little(1024, 1148);
    if (found.isEmpty() || found.get().u32(0) != 0xF2F52010L || found.get().u32(16) != 12) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            "f2fs",
            Labels.label(found.get(), 124, 1024, StandardCharsets.UTF_16LE),
            Labels.uuid(found.get(), 108)));
  }

  /** JFS. */
  static Optional<VolumeContent> jfs(Window window) throws IOException {
    Optional<ByteView> found = window.little(32768, 512);
    if (found.isEmpty() || !found.get().startsWith(0, "JFS1")) {
      return Optional.empty();
    }
    ByteView block = found.get();
    int shift = block.u16(20);
    if (shift > 16 || block.u32(16) != 1L << shift) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            "jfs", Labels.label(block, 152, 16, StandardCharsets.UTF_8), Labels.uuid(block, 136)));
  }

  /** ReiserFS, at its new and its old place. */
  static Optional<VolumeContent> reiserfs(Window window) throws IOException {
    for (long at : new long[] {65536, 8192}) {
      Optional<ByteView> found = window.little(at, 256);
      if (found.isEmpty()) {
        continue;
      }
      ByteView block = found.get();
      boolean old = block.startsWith(52, "ReIsErFs");
      if (!old && !block.startsWith(52, "ReIsEr2Fs") && !block.startsWith(52, "ReIsEr3Fs")) {
        continue;
      }
      if (Labels.powerOfTwo(block.u16(44), 512, 65536)) {
        return Optional.of(
            old
                ? new VolumeContent("reiserfs", "", "")
                : new VolumeContent(
                    "reiserfs",
                    Labels.label(block, 100, 16, StandardCharsets.UTF_8),
                    Labels.uuid(block, 84)));
      }
    }
    return Optional.empty();
  }

  /** Squashfs 4. */
  static Optional<VolumeContent> squashfs(Window window) throws IOException {
    Optional<ByteView> found = window.little(0, 96);
    return found.isPresent() && found.get().startsWith(0, "hsqs") && found.get().u16(28) == 4
        ? Optional.of(new VolumeContent("squashfs", "", ""))
        : Optional.empty();
  }
}
