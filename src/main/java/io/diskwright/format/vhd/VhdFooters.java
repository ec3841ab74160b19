package io.diskwright.format.vhd;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The footer that counts: the one at the end of the file, or where that is lost the copy at the
 * start that all but fixed images have.
 *
 * @param footer sound in itself; its disk type and sizes are not yet judged
 * @param offset where it starts, in bytes
 * @param dataEnd where the footer at the end of the file starts, or the file's length when there is
 *     none; no block reaches beyond it
 * @param damaged the copy that could not be used, if one could not
 */
record VhdFooters(VhdFooter footer, long offset, long dataEnd, Optional<Anomaly> damaged) {

  static final int DATA_OFFSET_AT = 16;
  static final int CREATOR_VERSION_AT = 32;
  static final int ORIGINAL_SIZE_AT = 40;
  static final int CURRENT_SIZE_AT = 48;
  static final int GEOMETRY_AT = 56;
  static final int DISK_TYPE_AT = 60;
  static final int SAVED_STATE_AT = 84;

  private static final String COPY = "footer copy";

  /**
   * Finds it.
   *
   * @throws CorruptImage when no copy is sound, or two sound ones contradict each other
   * @throws AmbiguousImage when the file is a fixed image by its end and another by its start
   */
  static VhdFooters find(ByteSource source) throws IOException {
    long size = source.size();
    Copy tail = Copy.at(source, "footer", size - VhdFooter.SIZE, VhdFooter.SIZE);
    if (tail.absent()) {
      tail = Copy.at(source, "footer", size - VhdFooter.LEGACY_SIZE, VhdFooter.LEGACY_SIZE);
    }
    Copy head = Copy.at(source, COPY, 0, VhdFooter.SIZE);
    long dataEnd = tail.absent() ? size : tail.offset;
    if (tail.footer != null) {
      return new VhdFooters(
          tail.footer, tail.offset, dataEnd, compared(source, tail.offset, tail.footer, head));
    }
    if (head.footer != null) {
      return new VhdFooters(head.footer, 0, dataEnd, Optional.of(lost(source, tail, head.footer)));
    }
    throw tail.damage != null ? tail.damage : head.damage != null ? head.damage : none(source);
  }

  /**
   * The disk's size in bytes.
   *
   * @throws CorruptImage when it is not a whole number of sectors above 0
   */
  long currentSize(ByteSource source) throws CorruptImage {
    long size = footer.currentSize();
    if (size <= 0 || size % 512 != 0) {
      throw new CorruptImage(
          source.describe(),
          "footer current size",
          offset + CURRENT_SIZE_AT,
          Fault.number(size),
          "a multiple of 512 above 0 and below 2^63");
    }
    return size;
  }

  /** The copy at the start beside a sound footer at the end. */
  private static Optional<Anomaly> compared(
      ByteSource source, long offset, VhdFooter footer, Copy head) throws IOException {
    if (footer.diskType() == VhdFooter.FIXED) {
      // Here the file starts with the guest's bytes, which may be anything but another image.
      if (offset > 0 && head.footer != null && head.footer.diskType() != VhdFooter.FIXED) {
        throw new AmbiguousImage(
            source.describe(),
            "footer disk type",
            offset + DISK_TYPE_AT,
            "fixed, but the file starts as a dynamic image does",
            "one kind of image",
            "Ask whoever made the file which of the two it is");
      }
      return Optional.empty();
    }
    if (head.footer == null) {
      return Optional.of(
          new Anomaly(
              Kind.DAMAGED_COPY,
              COPY,
              0,
              head.damage == null ? "no footer" : head.damage.fault().found(),
              "the same as the footer"));
    }
    refuseDifference(source, "disk type", DISK_TYPE_AT, head.footer.diskType(), footer.diskType());
    refuseDifference(
        source, "current size", CURRENT_SIZE_AT, head.footer.currentSize(), footer.currentSize());
    refuseDifference(
        source, "data offset", DATA_OFFSET_AT, head.footer.dataOffset(), footer.dataOffset());
    return head.footer.equals(footer)
        ? Optional.empty()
        : Optional.of(
            new Anomaly(
                Kind.DAMAGED_COPY,
                COPY,
                0,
                "other values than in the footer",
                "the same as the footer"));
  }

  private static void refuseDifference(
      ByteSource source, String field, int at, long found, long allowed) throws CorruptImage {
    if (found != allowed) {
      throw new CorruptImage(
          source.describe(),
          COPY + " " + field,
          at,
          Fault.number(found),
          Fault.number(allowed) + " as in the footer at the end");
    }
  }

  /** Only the copy at the start is sound. */
  private static Anomaly lost(ByteSource source, Copy tail, VhdFooter head) throws CorruptImage {
    if (head.diskType() == VhdFooter.FIXED) {
      // A fixed image has no copy: what stands at the start is no structure of this file.
      throw tail.damage != null ? tail.damage : none(source);
    }
    return new Anomaly(
        Kind.DAMAGED_COPY,
        "footer",
        tail.absent() ? source.size() : tail.offset,
        tail.damage == null ? "no footer" : tail.damage.fault().found(),
        "the same as the footer copy at the start");
  }

  private static CorruptImage none(ByteSource source) {
    return new CorruptImage(
        source.describe(),
        "footer",
        Math.max(0, source.size() - VhdFooter.SIZE),
        "no footer",
        "'" + VhdFooter.COOKIE + "' 512 bytes before the end",
        "The file is truncated or damaged; copy or download it again");
  }

  /** One place where a footer may be: absent (no cookie), sound, or damaged. */
  private record Copy(long offset, @Nullable VhdFooter footer, @Nullable CorruptImage damage) {

    static Copy at(ByteSource source, String structure, long offset, int length)
        throws IOException {
      if (offset < 0 || length > source.size() - offset) {
        return new Copy(offset, null, null);
      }
      var view = source.view(structure, offset, length, ByteOrder.BIG_ENDIAN);
      if (!view.startsWith(0, VhdFooter.COOKIE)) {
        return new Copy(offset, null, null);
      }
      try {
        return new Copy(offset, VhdFooter.parse(view), null);
      } catch (CorruptImage e) {
        return new Copy(offset, null, e);
      }
    }

    boolean absent() {
      return footer == null && damage == null;
    }
  }
}
