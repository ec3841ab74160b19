package io.diskwright.format.parallels;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cluster that lists an image's further features. All that is specified is dirty bitmaps, which
 * are of backups and not of the disk, so it is named and not read.
 *
 * @param features what it lists, each kind once; empty when it is no format extension
 */
record FormatExtension(long offset, List<String> features) {

  private static final String NAME = "format extension";
  private static final long MAGIC = 0xAB23_4CEF_23DC_EA87L;
  private static final long DIRTY_BITMAP = 0x2038_5FAE_252C_B34AL;
  private static final int HEADER = 24;
  private static final int SECTION = 24;

  /** More than one machine's backups have bitmaps. */
  private static final int MAX_SECTIONS = 4096;

  /**
   * Reads the headers of its sections; empty for an image without one.
   *
   * @throws CorruptImage when it does not lie in the file
   */
  static Optional<FormatExtension> read(ByteSource source, ParallelsHeader header)
      throws IOException {
    long start = header.extension();
    if (start == 0) {
      return Optional.empty();
    }
    source.checkInside(NAME, start, header.clusterSize());
    ByteView view = source.view(NAME, start, HEADER, ByteOrder.LITTLE_ENDIAN);
    Set<String> features =
        view.u64(0) == MAGIC ? sections(source, start, header.clusterSize()) : Set.of();
    return Optional.of(new FormatExtension(start, List.copyOf(features)));
  }

  private static Set<String> sections(ByteSource source, long start, long length)
      throws IOException {
    var found = new LinkedHashSet<String>();
    long at = HEADER;
    for (int i = 0; i < MAX_SECTIONS && at <= length - SECTION; i++) {
      ByteView section = source.view(NAME, start + at, SECTION, ByteOrder.LITTLE_ENDIAN);
      long magic = section.u64(0);
      if (magic == 0) {
        break;
      }
      found.add(magic == DIRTY_BITMAP ? "dirty bitmap" : "unknown feature " + Fault.number(magic));
      at += SECTION + Math.ceilDiv(section.u32(16), (long) Long.BYTES) * Long.BYTES;
    }
    return found;
  }

  /** What is in the image and not of its disk. */
  Anomaly anomaly() {
    return new Anomaly(
        Kind.IGNORED_CONTENT,
        NAME,
        offset,
        features.isEmpty() ? "a cluster without known features" : String.join(", ", features),
        "the disk alone");
  }
}
