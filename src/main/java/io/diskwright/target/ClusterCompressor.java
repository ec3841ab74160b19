package io.diskwright.target;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.JZlib;
import java.io.Closeable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compresses the clusters of a qcow2. For one thread. */
final class ClusterCompressor implements Closeable {

  /** qcow2 wants raw deflate with a window of 4 KiB, which the JDK's deflater cannot do. */
  private static final int WINDOW_BITS = 12;

  /** Half as slow again as the next level, for 3 % of the size. */
  private static final int DEFLATE_LEVEL = 3;

  private static final int ZSTD_LEVEL = 3;

  private final byte[] output = new byte[(int) Zstd.compressBound(Qcow2Allocation.CLUSTER)];
  private final @Nullable Deflater deflater;
  private final @Nullable ZstdCompressCtx zstd;

  ClusterCompressor(Compression compression) {
    this.deflater = compression == Compression.ZLIB ? new Deflater() : null;
    this.zstd = compression == Compression.ZSTD ? new ZstdCompressCtx().setLevel(ZSTD_LEVEL) : null;
  }

  /**
   * Compresses a cluster; null when that does not make it smaller.
   *
   * @param cluster all of its bytes
   */
  byte @Nullable [] compress(byte[] cluster) {
    int length = cluster.length;
    if (deflater != null) {
      length = deflate(deflater, cluster);
    } else if (zstd != null) {
      length = zstd.compressByteArray(output, 0, output.length, cluster, 0, cluster.length);
    }
    return length < cluster.length ? Arrays.copyOf(output, length) : null;
  }

  private int deflate(Deflater stream, byte[] cluster) {
    stream.init(DEFLATE_LEVEL, WINDOW_BITS, true);
    stream.setInput(cluster, 0, cluster.length, false);
    stream.setOutput(output, 0, cluster.length);
    return stream.deflate(JZlib.Z_FINISH) == JZlib.Z_STREAM_END
        ? cluster.length - stream.getAvailOut()
        : cluster.length;
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
    }
  }
}
