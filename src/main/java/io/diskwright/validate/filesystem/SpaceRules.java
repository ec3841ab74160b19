package io.diskwright.validate.filesystem;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Recovery;
import io.diskwright.guest.GuestFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.GuestRequirements;
import io.diskwright.validate.Severity;
import io.diskwright.validate.filesystem.GuestFilesystems.Seen;
import io.diskwright.validate.filesystem.GuestFilesystems.Sound;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether filesystems are full. */
final class SpaceRules {

  private static final long MIB = 1L << 20;
  private static final long BOOT_LEAST = 50 * MIB;
  private static final long OTHER_LEAST = 10 * MIB;
  private static final long LEAST_INODES = 100;
  private static final int LOW_INODES_PERCENT = 5;

  private SpaceRules() {}

  static Outcome freeSpace(Facts facts) throws IOException {
    if (GuestFilesystems.root(facts).isEmpty()) {
      return GuestFacts.withoutSystem(facts.guest());
    }
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> full = new ArrayList<>();
    List<Evidence> low = new ArrayList<>();
    for (Sound one : seen.sound()) {
      String mountPoint = GuestFilesystems.mountPoint(facts, one.volume());
      if (mountPoint.isEmpty() || one.facts().type().equals("vfat")) {
        continue;
      }
      FilesystemFacts filesystem = one.facts();
      if (filesystem.recovery() == Recovery.NEEDED) {
        return Outcome.unknown(
            "The free space of "
                + one.volume().name()
                + " is not known before its log is applied.");
      }
      long free = free(filesystem);
      long least = least(facts, mountPoint);
      long enough = low(facts, mountPoint, filesystem.size(), least);
      if (free < least) {
        full.add(one.evidence("free", mib(free) + " on " + mountPoint, "at least " + mib(least)));
      } else if (free < enough) {
        low.add(one.evidence("free", mib(free) + " on " + mountPoint, "at least " + mib(enough)));
      }
    }
    if (!full.isEmpty()) {
      return Outcome.fail("A filesystem is full.", full);
    }
    return low.isEmpty()
        ? seen.passOr("Every mounted filesystem has free space.")
        : Outcome.fail("A filesystem has little free space.", low).atMost(Severity.WARNING);
  }

  /** Without what is kept for root, where a filesystem keeps something. */
  private static long free(FilesystemFacts filesystem) {
    long blocks = Math.min(filesystem.freeBlocks(), blocks(filesystem));
    long reserved = number(filesystem.details().getOrDefault("reserved blocks", "0"));
    return Math.max(0, blocks - reserved) * filesystem.blockSize();
  }

  /** No more than these can be free, whatever a filesystem says. */
  private static long blocks(FilesystemFacts filesystem) {
    return filesystem.size() / Math.max(1, filesystem.blockSize());
  }

  private static long number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.parseLong(text) : 0;
  }

  private static long least(Facts facts, String mountPoint) throws IOException {
    GuestRequirements wanted = facts.profile().guest();
    return switch (mountPoint) {
      case "/" ->
          facts.family() == GuestFamily.WINDOWS ? wanted.windowsLeastFree() : wanted.leastFree();
      case "/boot" -> BOOT_LEAST;
      default -> OTHER_LEAST;
    };
  }

  private static long low(Facts facts, String mountPoint, long size, long least) {
    GuestRequirements wanted = facts.profile().guest();
    return mountPoint.equals("/")
        ? Math.max(least, Math.max(wanted.lowFree(), size / 100 * wanted.lowFreePercent()))
        : least;
  }

  private static String mib(long bytes) {
    return bytes / MIB + " MiB";
  }

  /** XFS makes inodes as it needs them, of a quarter of its blocks at most. */
  private static long freeInodes(FilesystemFacts filesystem) {
    long free = filesystem.freeInodes().orElseThrow();
    return filesystem.type().equals("xfs")
        ? free
            + Math.min(filesystem.freeBlocks(), blocks(filesystem))
                / 4
                * (filesystem.blockSize() / 512)
        : free;
  }

  static Outcome freeInodes(Facts facts) throws IOException {
    if (GuestFilesystems.root(facts).isEmpty()) {
      return GuestFacts.withoutSystem(facts.guest());
    }
    if (facts.family() == GuestFamily.WINDOWS) {
      return Outcome.notApplicable("NTFS has no fixed number of inodes.");
    }
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> full = new ArrayList<>();
    List<Evidence> low = new ArrayList<>();
    for (Sound one : seen.sound()) {
      FilesystemFacts filesystem = one.facts();
      String mountPoint = GuestFilesystems.mountPoint(facts, one.volume());
      if (mountPoint.isEmpty()
          || filesystem.inodes().isEmpty()
          || filesystem.freeInodes().isEmpty()) {
        continue;
      }
      if (filesystem.recovery() == Recovery.NEEDED) {
        return Outcome.unknown(
            "The free inodes of "
                + one.volume().name()
                + " are not known before its log is"
                + " applied.");
      }
      long free = freeInodes(filesystem);
      long lowBelow = filesystem.inodes().getAsLong() / 100 * LOW_INODES_PERCENT;
      if (free < LEAST_INODES) {
        full.add(one.evidence("free inodes", free + " on " + mountPoint, "at least 100"));
      } else if (free < lowBelow) {
        low.add(one.evidence("free inodes", free + " on " + mountPoint, "at least " + lowBelow));
      }
    }
    if (!full.isEmpty()) {
      return Outcome.fail("A filesystem has no inodes left.", full);
    }
    return low.isEmpty()
        ? seen.passOr("Every mounted filesystem has free inodes.")
        : Outcome.fail("A filesystem has few inodes left.", low).atMost(Severity.WARNING);
  }
}
