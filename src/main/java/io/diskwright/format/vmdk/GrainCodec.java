package io.diskwright.format.vmdk;

import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;

/**
 * Decodes one grain: a {@link GrainMarker} and a zlib stream behind it.
 *
 * @param lba the sector that the marker must name
 * @param grainBytes bytes of a grain
 * @param visible bytes of this one that the disk shows; fewer at the end of some disks, and then
 *     all that some writers store
 */
record GrainCodec(long lba, int grainBytes, int visible) implements BlockCodec {

  @Override
  public void decode(
      ByteSource source, long offset, int encodedLength, ByteBuffer target, Workspace workspace)
      throws IOException {
    ByteBuffer encoded = workspace.encoded(encodedLength);
    source.read(offset, encoded);
    encoded.flip();
    int size =
        checkedSize(
            new ByteView(encoded, ByteOrder.LITTLE_ENDIAN, source.describe(), "grain", offset));
    // A slice is big-endian again, as zlib is.
    ByteBuffer stream = encoded.slice(GrainMarker.LENGTH, size);
    try {
      inflate(source, offset, stream, target, workspace);
    } catch (DataFormatException e) {
      throw damaged(source, offset, "data that does not inflate: " + e.getMessage());
    }
  }

  private int checkedSize(ByteView view) throws CorruptImage {
    GrainMarker marker = GrainMarker.parse(view);
    if (marker.lba() != lba) {
      throw view.corrupt(
          "marker lba", 0, "sector " + Fault.number(marker.lba()), "sector " + Fault.number(lba));
    }
    int room = view.length() - GrainMarker.LENGTH;
    if (marker.size() < 1 || marker.size() > room) {
      throw view.corrupt(
          "marker size",
          GrainMarker.SIZE_AT,
          Fault.number(marker.size()) + " bytes",
          "1 to " + Fault.number(room) + ", where the file or this grain's room ends");
    }
    return (int) marker.size();
  }

  private void inflate(
      ByteSource source, long offset, ByteBuffer stream, ByteBuffer target, Workspace workspace)
      throws IOException, DataFormatException {
    if (visible == grainBytes) {
      int written = workspace.inflater().inflateZlib(stream, target);
      if (written < grainBytes) {
        throw damaged(source, offset, written + " bytes of data");
      }
      return;
    }
    // The disk's last grain is stored whole by some writers and cut by others: no target fits both.
    ByteBuffer whole = ByteBuffer.allocateDirect(grainBytes);
    int written = workspace.inflater().inflateZlib(stream, whole);
    if (written < visible) {
      throw damaged(source, offset, written + " bytes of data");
    }
    target.put(whole.slice(0, visible));
  }

  private CorruptImage damaged(ByteSource source, long offset, String found) {
    return new CorruptImage(
        source.describe(),
        "compressed grain of sector " + Fault.number(lba),
        offset,
        found,
        "a zlib stream of " + Fault.number(grainBytes) + " bytes");
  }
}
