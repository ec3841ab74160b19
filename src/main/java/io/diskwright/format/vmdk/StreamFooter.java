package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Finds the footer of a stream that was written without seeking back: a marker, the header once
 * more with the place of the grain directory, and the end-of-stream marker, one sector each.
 */
final class StreamFooter {

  /** How much zero padding after the end of the stream is looked behind, in bytes. */
  private static final int MAX_PADDING = 1 << 20;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private StreamFooter() {}

  /**
   * The header that is in force.
   *
   * @param front the header at the start of the file
   * @param anomalies receives what is odd
   */
  static SparseHeader read(ByteSource file, SparseHeader front, List<Anomaly> anomalies)
      throws IOException {
    long at = find(file);
    SparseHeader footer = SparseHeader.read(file, "stream footer", at);
    requireSame(file.describe(), front, footer);
    StreamMarker.read(file, at - StreamMarker.LENGTH)
        .require(file.describe(), "footer marker", StreamMarker.FOOTER, 1);
    long eos = at + SparseHeader.SIZE;
    StreamMarker.read(file, eos)
        .require(file.describe(), "end-of-stream marker", StreamMarker.EOS, 0);
    long end = eos + StreamMarker.LENGTH;
    if (end < file.size()) {
      anomalies.add(padding(end, file.size()));
    }
    return footer;
  }

  /** What is said about zeros after the end of the stream. */
  static Anomaly padding(long end, long fileLength) {
    return new Anomaly(
        Anomaly.Kind.IGNORED_CONTENT,
        "padding",
        end,
        Fault.number(fileLength - end) + " bytes after the end of the stream",
        "none");
  }

  /** The last sector that is not zero is the footer, or the file was cut. */
  private static long find(ByteSource file) throws IOException {
    long end = file.size() / Sectors.SIZE * Sectors.SIZE;
    long nominal = end - StreamMarker.LENGTH - SparseHeader.SIZE;
    if (nominal > 0 && isFooter(file.view("stream footer", nominal, SparseHeader.SIZE, ORDER), 0)) {
      return nominal;
    }
    int length = (int) Math.min(end, MAX_PADDING);
    ByteView tail = file.view("stream footer", end - length, length, ORDER);
    int sector = length - Sectors.SIZE;
    while (sector > 0 && tail.isZero(sector, Sectors.SIZE)) {
      sector -= Sectors.SIZE;
    }
    if (sector <= 0 || !isFooter(tail, sector) || sector + 2 * Sectors.SIZE > length) {
      throw new CorruptImage(
          file.describe(),
          "stream footer",
          Math.max(0, nominal),
          "no footer, though the header says that the grain directory is at the end",
          "a footer in the last sector but one",
          "The file is truncated; download or export it again");
    }
    return tail.offset() + sector;
  }

  private static boolean isFooter(ByteView view, int at) {
    return view.startsWith(at, SparseHeader.MAGIC);
  }

  /**
   * Refuses a footer that contradicts the header.
   *
   * @param source the file, for messages
   */
  static void requireSame(String source, SparseHeader front, SparseHeader footer)
      throws CorruptImage {
    if (footer.directoryAtEnd()) {
      throw new CorruptImage(
          source,
          "stream footer gdOffset",
          footer.gdOffsetAt(),
          "that it is in the footer",
          "the grain directory's sector");
    }
    String head = geometry(front);
    String foot = geometry(footer);
    if (!head.equals(foot)) {
      throw new CorruptImage(
          source, "stream footer", footer.at(), foot, "what the header says: " + head);
    }
  }

  private static String geometry(SparseHeader header) {
    return "version "
        + header.version()
        + ", flags "
        + Fault.number(header.flags())
        + ", capacity "
        + Fault.number(header.capacity())
        + ", grainSize "
        + header.grainSize()
        + ", descriptorOffset "
        + Fault.number(header.descriptorOffset())
        + ", descriptorSize "
        + Fault.number(header.descriptorSize())
        + ", compressAlgorithm "
        + header.compressAlgorithm();
  }
}
