package io.diskwright.convert;

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
   * @param name the disk's, for messages
   * @param diskSize bytes
   * @throws io.diskwright.io.ImageException when the disk does not fit
   * @throws IllegalArgumentException when the user's size cannot be had
   */
  static long choose(
      String name, long diskSize, SizeChoice choice, Profile profile, TargetFormat format)
      throws IOException {
    long size =
        switch (choice) {
          case SizeChoice.Keep() -> roundUp(name, diskSize, format.sizeMultiple());
          case SizeChoice.Auto() -> automatic(name, diskSize, profile, format);
          case SizeChoice.Exactly(long bytes) -> exactly(diskSize, bytes, profile, format);
        };
    if (size == 0) {
      throw new UnsupportedFeature(
          name,
          "virtual size",
          Fault.NOWHERE,
          "0 bytes",
          "a disk that holds something",
          "Give it a size with --size");
    }
    if (size > format.maximumSize()) {
      throw new UnsupportedFeature(
          name,
          "virtual size",
          Fault.NOWHERE,
          Sizes.exact(size),
          "up to " + Sizes.exact(format.maximumSize()) + " in a " + format.title(),
          "Use --to raw");
    }
    return size;
  }

  /**
   * Refuses a disk of unknown size as soon as it is larger than the output may be.
   *
   * @param name the disk's, for messages
   * @param atLeast bytes the disk has at least
   */
  static void refuseBeyond(
      String name, long atLeast, SizeChoice choice, Profile profile, TargetFormat format)
      throws IOException {
    long most =
        switch (choice) {
          case SizeChoice.Keep() -> format.maximumSize();
          case SizeChoice.Auto() -> Math.min(profile.maximumSize(), format.maximumSize());
          case SizeChoice.Exactly(long bytes) -> bytes;
        };
    if (atLeast > most) {
      throw new LimitExceeded(
          name,
          "virtual size",
          Fault.NOWHERE,
          "more than " + Sizes.exact(most),
          "up to that in this output",
          "Shrink the disk in the guest, or choose another --profile, --size or --to");
    }
  }

  private static long automatic(String name, long diskSize, Profile profile, TargetFormat format)
      throws IOException {
    long multiple = Math.max(profile.sizeMultiple(), format.sizeMultiple());
    long size = roundUp(name, Math.max(diskSize, profile.minimumSize()), multiple);
    if (size > profile.maximumSize()) {
      throw new LimitExceeded(
          name,
          "virtual size",
          Fault.NOWHERE,
          Sizes.exact(diskSize) + (size == diskSize ? "" : ", in whole MiB " + Sizes.exact(size)),
          "up to " + Sizes.exact(profile.maximumSize()) + " with profile " + profile.name(),
          "Shrink the disk in the guest, choose another --profile, or --size keep to convert it"
              + " as it is");
    }
    return size;
  }

  private static long exactly(long diskSize, long bytes, Profile profile, TargetFormat format) {
    if (bytes < diskSize) {
      throw new IllegalArgumentException(
          "--size "
              + Sizes.exact(bytes)
              + " is smaller than the disk, "
              + Sizes.exact(diskSize)
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

  private static long roundUp(String name, long bytes, long multiple) throws LimitExceeded {
    long above = bytes % multiple;
    if (above == 0) {
      return bytes;
    }
    if (bytes > Long.MAX_VALUE - (multiple - above)) {
      throw new LimitExceeded(
          name,
          "virtual size",
          Fault.NOWHERE,
          Fault.number(bytes),
          "sizes that can be rounded up to " + multiple + " bytes");
    }
    return bytes + (multiple - above);
  }
}
