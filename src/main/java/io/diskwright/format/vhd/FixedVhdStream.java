package io.diskwright.format.vhd;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ForwardPiece;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A disk's plain bytes read in order. Only the last 512 of them tell whether they are the footer of
 * a fixed image or the disk's own, so they are held back.
 */
final class FixedVhdStream implements ForwardDisk {

  private static final int PIECE = 1 << 20;
  private static final ImageInfo NOTHING_YET = ImageInfo.plain(0);

  private final ForwardSource source;
  private final boolean footerRequired;
  private final byte[] buffer = new byte[PIECE + VhdFooter.SIZE];

  /** Bytes at the start of the buffer that were read and not given out. */
  private int held;

  private long position;
  private boolean ended;
  private ImageInfo info = NOTHING_YET;

  /**
   * @param footerRequired whether a stream without one is refused, as opposed to being RAW
   */
  FixedVhdStream(ForwardSource source, boolean footerRequired) {
    this.source = source;
    this.footerRequired = footerRequired;
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public OptionalLong size() {
    return ended ? OptionalLong.of(info.virtualSize()) : OptionalLong.empty();
  }

  @Override
  public @Nullable Extent next() throws IOException {
    if (ended) {
      return null;
    }
    int length = held + source.read(ByteBuffer.wrap(buffer).position(held));
    if (length == buffer.length) {
      Extent piece = piece(PIECE);
      held = VhdFooter.SIZE;
      System.arraycopy(buffer, PIECE, buffer, 0, held);
      return piece;
    }
    ended = true;
    int disk = length - footerLength(buffer, length);
    return disk == 0 ? null : piece(disk);
  }

  private Extent piece(int length) {
    long start = position;
    position += length;
    return ForwardPiece.of(describe(), start, buffer, length);
  }

  /** How many of the last bytes are a footer; from here on the image's facts are known. */
  private int footerLength(byte[] bytes, int length) throws IOException {
    for (int footer : new int[] {VhdFooter.SIZE, VhdFooter.LEGACY_SIZE}) {
      if (footer <= length) {
        long dataEnd = position + length - footer;
        var view =
            new ByteView(
                ByteBuffer.wrap(bytes, length - footer, footer).slice(),
                ByteOrder.BIG_ENDIAN,
                describe(),
                "footer",
                dataEnd);
        if (view.startsWith(0, VhdFooter.COOKIE)) {
          info = fixed(new VhdFooters(VhdFooter.parse(view), dataEnd, dataEnd, Optional.empty()));
          return footer;
        }
      }
    }
    if (footerRequired) {
      throw new CorruptImage(
          describe(),
          "footer",
          Math.max(0, position + length - VhdFooter.SIZE),
          "no footer",
          "'" + VhdFooter.COOKIE + "' 512 bytes before the end",
          "The file is truncated or damaged; copy or download it again");
    }
    info = ImageInfo.plain(position + length);
    return 0;
  }

  private ImageInfo fixed(VhdFooters footers) throws IOException {
    VhdFooter footer = footers.footer();
    if (footer.diskType() != VhdFooter.FIXED) {
      throw new CorruptImage(
          describe(),
          "footer disk type",
          footers.offset() + VhdFooters.DISK_TYPE_AT,
          Fault.number(footer.diskType()),
          "2 (fixed), since the stream does not start as other images do");
    }
    if (footer.currentSize() > footers.dataEnd()) {
      throw new CorruptImage(
          describe(),
          "footer current size",
          footers.offset() + VhdFooters.CURRENT_SIZE_AT,
          Fault.number(footer.currentSize()),
          "the " + Fault.number(footers.dataEnd()) + " bytes before the footer",
          "The file is truncated, or its footer is left over from another image; copy it again, or"
              + " read it as it is with --from raw");
    }
    if (footer.currentSize() != footers.dataEnd()) {
      throw new UnsupportedFeature(
          describe(),
          "footer current size",
          footers.offset() + VhdFooters.CURRENT_SIZE_AT,
          Fault.number(footer.currentSize()),
          "the " + Fault.number(footers.dataEnd()) + " bytes before the footer, in a stream",
          "Unpack the image into a file first");
    }
    return VhdInfo.of(footer, "fixed", OptionalLong.empty(), VhdInfo.anomalies(footers));
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
