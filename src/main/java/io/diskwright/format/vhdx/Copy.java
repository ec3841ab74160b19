package io.diskwright.format.vhdx;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One of the two copies of a header or region table: both begin with a signature and a checksum.
 *
 * @param view its bytes
 * @param refusal why it cannot be used; empty when it can
 */
record Copy(ByteView view, Optional<CorruptImage> refusal) {

  static final int CHECKSUM_AT = 4;

  /** Reads a copy; the file has it. */
  static Copy read(ByteSource source, String name, long offset, int length, String signature)
      throws IOException {
    ByteView view = source.view(name, offset, length, ByteOrder.LITTLE_ENDIAN);
    if (!view.startsWith(0, signature)) {
      return damaged(
          view,
          "Signature",
          0,
          "'" + view.text(0, signature.length(), StandardCharsets.ISO_8859_1) + "'",
          signature);
    }
    byte[] bytes = view.bytes(0, length);
    Arrays.fill(bytes, CHECKSUM_AT, CHECKSUM_AT + Integer.BYTES, (byte) 0);
    var crc = new CRC32C();
    crc.update(bytes);
    if (view.u32(CHECKSUM_AT) != crc.getValue()) {
      return damaged(
          view,
          "Checksum",
          CHECKSUM_AT,
          Fault.number(view.u32(CHECKSUM_AT)),
          Fault.number(crc.getValue()));
    }
    return new Copy(view, Optional.empty());
  }

  private static Copy damaged(ByteView view, String field, int at, String found, String allowed) {
    return new Copy(view, Optional.of(view.corrupt(field, at, found, allowed)));
  }

  boolean sound() {
    return refusal.isEmpty();
  }

  /** Whether all bytes are the other's. */
  boolean sameAs(Copy other) throws CorruptImage {
    return Arrays.equals(view.bytes(0, view.length()), other.view.bytes(0, other.view.length()));
  }

  /** That this copy is damaged, when the other one is read instead. */
  Optional<Anomaly> anomaly() {
    return refusal
        .map(CorruptImage::fault)
        .map(f ->
            new Anomaly(
                Anomaly.Kind.DAMAGED_COPY, f.structure(), f.offset(), f.found(), f.allowed()));
  }
}
