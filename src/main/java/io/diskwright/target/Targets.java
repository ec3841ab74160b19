package io.diskwright.target;

import java.io.OutputStream;
import java.util.OptionalLong;

/** Makes the target for a format. */
public final class Targets {

  private Targets() {}

  /**
   * A target in a file.
   *
   * @param file empty, or what an earlier run with the same parameters left; closed with the target
   * @param virtualSize bytes of the disk; what is {@link TargetFormat#plain} can do without
   * @param compression of a qcow2's clusters
   */
  public static Target inFile(
      PartialFile file,
      TargetFormat format,
      OptionalLong virtualSize,
      Stamp stamp,
      Compression compression) {
    return switch (format) {
      case RAW, VHD -> new FileTarget(file, format, stamp);
      case DYNAMIC_VHD -> new DynamicVhdTarget(file, virtualSize.orElseThrow(), stamp);
      case QCOW2 -> new Qcow2Target(file, virtualSize.orElseThrow(), compression);
    };
  }

  /**
   * A target in a stream, written in order.
   *
   * @param stream not closed by the target
   * @param format one that is {@link TargetFormat#plain}
   */
  public static Target inStream(OutputStream stream, TargetFormat format, Stamp stamp) {
    if (!format.plain()) {
      throw new IllegalArgumentException(
          format.label() + " cannot be written to a stream: its tables come before what they tell");
    }
    return new StreamTarget(stream, format, stamp);
  }
}
