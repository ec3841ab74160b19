package io.diskwright.target;

import java.io.OutputStream;

/** Makes the target for a format. */
public final class Targets {

  private Targets() {}

  /**
   * A target in a file.
   *
   * @param file empty, or what an earlier run with the same parameters left; closed with the target
   */
  public static Target inFile(PartialFile file, TargetFormat format, Stamp stamp) {
    return new FileTarget(file, format, stamp);
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
