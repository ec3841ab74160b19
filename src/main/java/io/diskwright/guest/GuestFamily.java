package io.diskwright.guest;

import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The family of the guest's operating system, as far as the volumes' signatures leave no doubt. */
public enum GuestFamily {
  /** There are volumes of Linux and none of another system. */
  LINUX("Linux"),
  /** There are volumes of a BSD and none of another system. */
  BSD("a BSD"),
  /** There are volumes of Windows and none of another system. */
  WINDOWS("Windows"),
  /** Nothing is proven. */
  UNKNOWN("unknown");

  private final String title;

  GuestFamily(String title) {
    this.title = title;
  }

  /** The family as messages call it. */
  public String title() {
    return title;
  }

  /**
   * Decides by the volumes of a disk. One volume that is not recognised leaves everything open, and
   * so does a FAT filesystem beside Linux that is no EFI system partition, for old versions of
   * Windows start from FAT.
   */
  public static GuestFamily of(PartitionTable table, List<Volume> volumes) {
    if (table.isDamaged()) {
      return UNKNOWN;
    }
    Set<ContentFamily> found = EnumSet.noneOf(ContentFamily.class);
    for (Volume volume : volumes) {
      if (volume.partition().map(PartitionRole::of).filter(PartitionRole::isHelper).isPresent()) {
        continue;
      }
      if (volume.content().isEmpty()) {
        return UNKNOWN;
      }
      found.add(ContentFamily.of(volume.content().get()));
    }
    if (found.equals(EnumSet.of(ContentFamily.LINUX))) {
      return LINUX;
    }
    if (found.equals(EnumSet.of(ContentFamily.BSD))) {
      return BSD;
    }
    found.remove(ContentFamily.SHARED);
    return found.equals(EnumSet.of(ContentFamily.WINDOWS)) ? WINDOWS : UNKNOWN;
  }
}
