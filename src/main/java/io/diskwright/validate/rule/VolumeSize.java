package io.diskwright.validate.rule;

import io.diskwright.io.ByteView;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/** How many bytes a filesystem says it has, read from its superblock. */
final class VolumeSize {

  private static final int SUPERBLOCK = 1024;
  private static final int EXT_64BIT = 0x80;
  private static final int MAX_EXT_SHIFT = 6;

  private VolumeSize() {}

  /** The filesystem's size; empty where it is not told by a superblock known here. */
  static OptionalLong of(Facts facts, Volume volume) throws IOException {
    return switch (volume.content().map(c -> c.type()).orElse("")) {
      case "ext2", "ext3", "ext4" -> ext(facts, volume);
      case "xfs" -> xfs(facts, volume);
      case "ntfs" -> ntfs(facts, volume);
      case "vfat" -> fat(facts, volume);
      default -> OptionalLong.empty();
    };
  }

  private static OptionalLong ext(Facts facts, Volume volume) throws IOException {
    Optional<ByteView> found =
        facts.bytes("ext superblock", volume.start() + SUPERBLOCK, SUPERBLOCK);
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    ByteView superblock = found.get();
    long shift = superblock.u32(0x18);
    boolean wide = (superblock.u32(0x60) & EXT_64BIT) != 0;
    long blocks = superblock.u32(4) | (wide ? superblock.u32(0x150) << 32 : 0);
    return shift > MAX_EXT_SHIFT ? OptionalLong.empty() : product(blocks, 1024L << shift);
  }

  private static OptionalLong xfs(Facts facts, Volume volume) throws IOException {
    Optional<ByteView> superblock =
        facts.bytes("XFS superblock", volume.start(), 512, ByteOrder.BIG_ENDIAN);
    return superblock.isEmpty()
        ? OptionalLong.empty()
        : product(superblock.get().u64(8), superblock.get().u32(4));
  }

  /** The backup of the boot sector lies right behind the sectors the first one counts. */
  private static OptionalLong ntfs(Facts facts, Volume volume) throws IOException {
    Optional<ByteView> sector = facts.bytes("NTFS boot sector", volume.start(), 512);
    if (sector.isEmpty()) {
      return OptionalLong.empty();
    }
    long sectors = sector.get().u64(0x28);
    return sectors == Long.MAX_VALUE
        ? OptionalLong.empty()
        : product(sectors + 1, sector.get().u16(0x0B));
  }

  private static OptionalLong fat(Facts facts, Volume volume) throws IOException {
    Optional<ByteView> sector = facts.bytes("FAT boot sector", volume.start(), 512);
    if (sector.isEmpty()) {
      return OptionalLong.empty();
    }
    long small = sector.get().u16(0x13);
    return product(small != 0 ? small : sector.get().u32(0x20), sector.get().u16(0x0B));
  }

  private static OptionalLong product(long blocks, long size) {
    return blocks <= 0 || size <= 0 || blocks > Long.MAX_VALUE / size
        ? OptionalLong.empty()
        : OptionalLong.of(blocks * size);
  }
}
