package io.diskwright.convert;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.IOException;

/** Chooses the output's virtual size. */
final class Sizing {

  private Sizing() {}

  /**
   * The output's virtual size in bytes, never below the disk's.
   *
   * @throws io.diskwright.io.ImageException when the disk does not fit
   * @throws IllegalArgumentException when the user's size cannot be had
   */
  static long choose(VirtualDisk disk, SizeChoice choice, Profile profile, TargetFormat format)
      throws IOException {
    long size =
        switch (choice) {
          case SizeChoice.Keep() -> roundUp(disk, disk.size(), format.sizeMultiple());
          case SizeChoice.Auto() -> automatic(disk, profile, format);
          case SizeChoice.Exactly(long bytes) -> exactly(disk, bytes, profile, format);
        };
    if (size > format.maximumSize()) {
      throw new UnsupportedFeature(
          disk.describe(),
          "virtual size",
          Fault.NOWHERE,
          Sizes.exact(size),
          "up to " + Sizes.exact(format.maximumSize()) + " in a " + format.name(),
          "Use --to raw");
    }
    return size;
  }

  private static long automatic(VirtualDisk disk, Profile profile, TargetFormat format)
      throws IOException {
    long multiple = Math.max(profile.sizeMultiple(), format.sizeMultiple());
    long size = roundUp(disk, Math.max(disk.size(), profile.minimumSize()), multiple);
    if (size > profile.maximumSize()) {
      throw new LimitExceeded(
          disk.describe(),
          "virtual size",
          Fault.NOWHERE,
          Sizes.exact(disk.size())
              + (size == disk.size() ? "" : ", in whole MiB " + Sizes.exact(size)),
          "up to " + Sizes.exact(profile.maximumSize()) + " with profile " + profile.name(),
          "Shrink the disk in the guest, choose another --profile, or --size keep to convert it"
              + " as it is");
    }
    return size;
  }

  private static long exactly(VirtualDisk disk, long bytes, Profile profile, TargetFormat format) {
    if (bytes < disk.size()) {
      throw new IllegalArgumentException(
          "--size "
              + Sizes.exact(bytes)
              + " is smaller than the disk, "
              + Sizes.exact(disk.size())
              + "; convert never cuts a disk");
    }
    if (bytes % format.sizeMultiple() != 0) {
      throw new IllegalArgumentException(
          "--size "
              + Sizes.exact(bytes)
              + " is no multiple of "
              + Sizes.exact(format.sizeMultiple())
              + ", as a "
              + format.label()
              + " needs; use "
              + (bytes / format.sizeMultiple() + 1) * format.sizeMultiple());
    }
    if (bytes < profile.minimumSize() || bytes > profile.maximumSize()) {
      throw new IllegalArgumentException(
          "--size "
              + Sizes.exact(bytes)
              + " is outside what profile "
              + profile.name()
              + " takes: "
              + Sizes.exact(profile.minimumSize())
              + " to "
              + Sizes.exact(profile.maximumSize())
              + "; --profile none sets no limits");
    }
    return bytes;
  }

  private static long roundUp(VirtualDisk disk, long bytes, long multiple) throws LimitExceeded {
    long above = bytes % multiple;
    if (above == 0) {
      return bytes;
    }
    if (bytes > Long.MAX_VALUE - (multiple - above)) {
      throw new LimitExceeded(
          disk.describe(),
          "virtual size",
          Fault.NOWHERE,
          Fault.number(bytes),
          "sizes that can be rounded up to " + multiple + " bytes");
    }
    return bytes + (multiple - above);
  }
}
