package io.diskwright.format.qcow2;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Clusters of compression type 1: one or more Zstandard frames, and the rest of a sector behind
 * them. Frames are decoded whole, straight into the cluster, so that no window is allocated.
 */
final class ZstdCodec implements BlockCodec {

  private static final int MAGIC = 0xfd2fb528;
  private static final int MAGIC_LENGTH = 4;
  private static final int SINGLE_SEGMENT = 0x20;

  /** The window every Zstandard decoder refuses to exceed unasked: 128 MiB. */
  private static final int MAX_WINDOW_LOG = 27;

  @Override
  public void decode(
      ByteSource source, long offset, int encodedLength, ByteBuffer target, Workspace workspace)
      throws IOException {
    ByteBuffer encoded = workspace.encoded(encodedLength);
    source.read(offset, encoded);
    encoded.flip();
    int wanted = target.remaining();
    int frame = 0;
    while (target.hasRemaining()) {
      checkWindow(source, offset, encoded, frame);
      long length =
          Zstd.findDirectByteBufferFrameCompressedSize(encoded, frame, encodedLength - frame);
      if (Zstd.isError(length) || length <= 0 || length > encodedLength - frame) {
        throw corrupt(source, offset, "no Zstandard frame at byte " + frame, wanted);
      }
      try {
        int written =
            workspace
                .zstd()
                .decompressDirectByteBuffer(
                    target, target.position(), target.remaining(), encoded, frame, (int) length);
        target.position(target.position() + written);
      } catch (ZstdException e) {
        throw corrupt(source, offset, "a frame that fails (" + e.getMessage() + ")", wanted);
      }
      frame += (int) length;
    }
  }

  /** Refuses what other readers refuse too, since it asks for more than 128 MiB of memory. */
  private static void checkWindow(ByteSource source, long offset, ByteBuffer encoded, int frame)
      throws LimitExceeded {
    int descriptorAt = frame + MAGIC_LENGTH;
    if (encoded.limit() - descriptorAt < 2
        || encoded.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(frame) != MAGIC
        || (encoded.get(descriptorAt) & SINGLE_SEGMENT) != 0) {
      return;
    }
    int descriptor = Byte.toUnsignedInt(encoded.get(descriptorAt + 1));
    int exponent = 10 + (descriptor >> 3);
    int eighths = descriptor & 7;
    if (exponent > MAX_WINDOW_LOG || exponent == MAX_WINDOW_LOG && eighths > 0) {
      throw new LimitExceeded(
          source.describe(),
          "compressed cluster",
          offset + descriptorAt + 1,
          "a window of " + Fault.number((1L << exponent) + (1L << exponent - 3) * eighths),
          "up to " + Fault.number(1L << MAX_WINDOW_LOG));
    }
  }

  private static CorruptImage corrupt(ByteSource source, long offset, String found, int wanted) {
    return new CorruptImage(
        source.describe(),
        "compressed cluster",
        offset,
        found,
        "Zstandard frames of " + wanted + " bytes together");
  }
}
