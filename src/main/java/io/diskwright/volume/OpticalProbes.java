package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Filesystems of discs and of the Macintosh. */
final class OpticalProbes {

  private static final int DESCRIPTORS = 32768;
  private static final int DESCRIPTOR = 2048;
  private static final int MAX_DESCRIPTORS = 16;
  private static final int JOLIET_LABEL = 16;

  private OpticalProbes() {}

  /** UDF, by its recognition sequence; its label and UUID are not read. */
  static Optional<VolumeContent> udf(Window window) throws IOException {
    // The sequence steps in sectors, of which discs and disks have several sizes.
    for (int step : new int[] {DESCRIPTOR, 4096}) {
      for (int i = 0; i < MAX_DESCRIPTORS; i++) {
        Optional<ByteView> found = window.little(DESCRIPTORS + (long) i * step, 7);
        if (found.isEmpty() || !isDescriptor(found.get())) {
          break;
        }
        if (found.get().startsWith(1, "NSR02") || found.get().startsWith(1, "NSR03")) {
          return Optional.of(new VolumeContent("udf", "", ""));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isDescriptor(ByteView view) {
    return view.startsWith(1, "BEA01")
        || view.startsWith(1, "CD001")
        || view.startsWith(1, "BOOT2")
        || view.startsWith(1, "CDW02")
        || view.startsWith(1, "TEA01")
        || view.startsWith(1, "NSR0");
  }

  /** ISO 9660; Joliet's label is taken where there is one, since it is not cut or upper-cased. */
  static Optional<VolumeContent> iso9660(Window window) throws IOException {
    String label = "";
    String joliet = "";
    String uuid = "";
    boolean primary = false;
    for (int i = 0; i < MAX_DESCRIPTORS; i++) {
      Optional<ByteView> found = window.little(DESCRIPTORS + (long) i * DESCRIPTOR, DESCRIPTOR);
      if (found.isEmpty() || !found.get().startsWith(1, "CD001") || found.get().u8(0) == 255) {
        break;
      }
      ByteView descriptor = found.get();
      if (descriptor.u8(0) == 1 && !primary) {
        primary = true;
        label = Labels.label(descriptor, 40, 32, StandardCharsets.UTF_8);
        uuid = isoUuid(descriptor);
      } else if (descriptor.u8(0) == 2 && descriptor.startsWith(88, "%/")) {
        joliet = Labels.label(descriptor, 40, 32, StandardCharsets.UTF_16BE);
      }
    }
    return primary
        ? Optional.of(new VolumeContent("iso9660", merged(label, joliet), uuid))
        : Optional.empty();
  }

  /** Joliet has room for 16 characters only; the rest of a longer label is that of ISO 9660. */
  private static String merged(String label, String joliet) {
    int length = joliet.length();
    if (length < JOLIET_LABEL || label.length() <= length) {
      return joliet.isEmpty() ? label : joliet;
    }
    for (int i = 0; i < length; i++) {
      char own = label.charAt(i);
      if (own != '_' && Character.toUpperCase(own) != Character.toUpperCase(joliet.charAt(i))) {
        return joliet;
      }
    }
    return joliet + label.substring(length);
  }

  /** The time of the last change, or of the making, with dashes. */
  private static String isoUuid(ByteView descriptor) throws IOException {
    String time = descriptor.text(830, 16, StandardCharsets.US_ASCII);
    if (!time.matches("[0-9]{16}") || time.matches("0*")) {
      time = descriptor.text(813, 16, StandardCharsets.US_ASCII);
    }
    if (!time.matches("[0-9]{16}") || time.matches("0*")) {
      return "";
    }
    return time.replaceFirst("(....)(..)(..)(..)(..)(..)(..)", "$1-$2-$3-$4-$5-$6-$7");
  }

  /** HFS and HFS+; HFS+ keeps its label in its catalog, which is not read. */
  static Optional<VolumeContent> hfs(Window window) throws IOException {
    Optional<ByteView> found = window.big(1024, 512);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (block.startsWith(0, "H+") || block.startsWith(0, "HX")) {
      int version = block.u16(2);
      return (version == 4 || version == 5) && Labels.powerOfTwo(block.u32(40), 512, 1L << 31)
          ? Optional.of(new VolumeContent("hfsplus", "", ""))
          : Optional.empty();
    }
    if (!block.startsWith(0, "BD") || block.u32(20) == 0 || block.u32(20) % 512 != 0) {
      return Optional.empty();
    }
    // An HFS volume may be but the wrapper of an HFS+ one.
    if (block.startsWith(0x7C, "H+") || block.startsWith(0x7C, "HX")) {
      return Optional.of(new VolumeContent("hfsplus", "", ""));
    }
    int length = Math.min(block.u8(36), 27);
    return Optional.of(
        new VolumeContent("hfs", Labels.label(block, 37, length, StandardCharsets.ISO_8859_1), ""));
  }
}
