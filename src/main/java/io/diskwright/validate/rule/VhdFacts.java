package io.diskwright.validate.rule;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The structures of a VHD as they stand in the file, judged by nobody yet.
 *
 * @param file the file, open as long as the facts are
 * @param footer the footer at the end of the file, or the copy at its start when there is none
 * @param footerOffset where the footer at the end lies, in bytes; empty when there is none
 * @param copy the copy at the start of the file; empty when there is none
 * @param copyIdentical whether both are there and equal
 * @param header the dynamic header; empty for a fixed disk or when it is damaged
 * @param headerProblem why there is no dynamic header where there should be one
 */
record VhdFacts(
    ByteSource file,
    VhdFooter footer,
    OptionalLong footerOffset,
    Optional<VhdFooter> copy,
    boolean copyIdentical,
    Optional<VhdDynamicHeader> header,
    Optional<String> headerProblem) {

  /** Where the footer at the end of a file lies; empty when there is none. */
  static OptionalLong footerOffset(ByteSource file) throws IOException {
    for (int length : new int[] {VhdFooter.SIZE, VhdFooter.LEGACY_SIZE}) {
      long offset = file.size() - length;
      if (offset >= 0 && view(file, offset, length).startsWith(0, VhdFooter.COOKIE)) {
        return OptionalLong.of(offset);
      }
    }
    return OptionalLong.empty();
  }

  static VhdFacts read(ByteSource file) throws IOException {
    OptionalLong offset = footerOffset(file);
    ByteView start = view(file, 0, (int) Math.min(VhdFooter.SIZE, file.size()));
    Optional<VhdFooter> copy =
        start.startsWith(0, VhdFooter.COOKIE)
            ? Optional.of(VhdFooter.inspect(start))
            : Optional.empty();
    if (offset.isEmpty() && copy.isEmpty()) {
      throw start.corrupt("VHD footer", 0, "none", "'" + VhdFooter.COOKIE + "'");
    }
    VhdFooter footer;
    boolean identical = false;
    if (offset.isPresent()) {
      int length = (int) (file.size() - offset.getAsLong());
      ByteView end = view(file, offset.getAsLong(), length);
      footer = VhdFooter.inspect(end);
      identical =
          copy.isPresent()
              && end.length() == start.length()
              && Arrays.equals(end.bytes(0, length), start.bytes(0, length));
    } else {
      footer = copy.orElseThrow();
    }
    if (footer.diskType() == VhdFooter.FIXED) {
      return new VhdFacts(
          file, footer, offset, copy, identical, Optional.empty(), Optional.empty());
    }
    try {
      var header = VhdDynamicHeader.parse(view(file, footer.dataOffset(), VhdDynamicHeader.SIZE));
      return new VhdFacts(
          file, footer, offset, copy, identical, Optional.of(header), Optional.empty());
    } catch (CorruptImage e) {
      return new VhdFacts(
          file,
          footer,
          offset,
          copy,
          identical,
          Optional.empty(),
          Optional.of(e.fault().structure() + ": " + e.fault().found()));
    }
  }

  boolean isDynamic() {
    return footer.diskType() == VhdFooter.DYNAMIC || footer.diskType() == VhdFooter.DIFFERENCING;
  }

  private static ByteView view(ByteSource file, long offset, int length) throws IOException {
    return file.view("VHD structure", offset, length, ByteOrder.BIG_ENDIAN);
  }
}
