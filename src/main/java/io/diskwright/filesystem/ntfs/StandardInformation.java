package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.NodeTimes;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Times and attributes of a file. */
record StandardInformation(NodeTimes times, int attributes) {

  private static final int ATTRIBUTE_HIDDEN = 0x2;
  private static final int ATTRIBUTE_SYSTEM = 0x4;

  private static final Map<Integer, InodeFlag> FLAGS =
      Map.of(
          0x1,
          InodeFlag.READ_ONLY,
          ATTRIBUTE_HIDDEN,
          InodeFlag.HIDDEN,
          ATTRIBUTE_SYSTEM,
          InodeFlag.SYSTEM,
          0x20,
          InodeFlag.ARCHIVE,
          0x200,
          InodeFlag.SPARSE,
          0x400,
          InodeFlag.REPARSE_POINT,
          0x800,
          InodeFlag.COMPRESSED,
          0x1000,
          InodeFlag.OFFLINE,
          0x4000,
          InodeFlag.ENCRYPTED);

  private static final long TICKS_PER_SECOND = 10_000_000;
  private static final long SECONDS_TO_1970 = 11_644_473_600L;

  static StandardInformation parse(ByteView view) throws CorruptImage {
    return new StandardInformation(
        new NodeTimes(
            time(view.u64(8)),
            time(view.u64(24)),
            time(view.u64(16)),
            Optional.of(time(view.u64(0)))),
        (int) view.u32(32));
  }

  /** Ticks of 100 nanoseconds since 1601, signed: every number is a time. */
  private static Instant time(long ticks) {
    return Instant.ofEpochSecond(
        Math.floorDiv(ticks, TICKS_PER_SECOND) - SECONDS_TO_1970,
        Math.floorMod(ticks, TICKS_PER_SECOND) * 100);
  }

  boolean isSystem() {
    return (attributes & ATTRIBUTE_SYSTEM) != 0;
  }

  boolean isHidden() {
    return (attributes & ATTRIBUTE_HIDDEN) != 0;
  }

  Set<InodeFlag> flags() {
    Set<InodeFlag> flags = EnumSet.noneOf(InodeFlag.class);
    FLAGS.forEach((bit, flag) -> {
      if ((attributes & bit) != 0) {
        flags.add(flag);
      }
    });
    return flags;
  }
}
