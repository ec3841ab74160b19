package io.diskwright.target;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A qcow2 of version 3 with clusters of 64 KiB. Clusters are compressed by all writers at once and
 * get their places in the order of the batches, so that the same disk always gives the same file;
 * clusters that are all zero are left out. Tables and header are written at the end, the header
 * last.
 */
final class Qcow2Target implements Target {

  private static final int CLUSTER = Qcow2Allocation.CLUSTER;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(CLUSTER).asReadOnlyBuffer();
  private static final long COPIED = 1L << 63;

  private final PartialFile file;
  private final Compression compression;
  private final Qcow2Allocation allocation;

  /**
   * @param file closed with the target
   * @param virtualSize bytes of the disk, up to 64 TiB
   */
  Qcow2Target(PartialFile file, long virtualSize, Compression compression) {
    this.file = file;
    this.compression = compression;
    this.allocation = new Qcow2Allocation(virtualSize);
    allocation.clusters(1);
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public Writer writer() throws IOException {
    return new ClusterWriter(file.openChannel());
  }

  @Override
  public void flush() throws IOException {
    file.flush();
  }

  @Override
  public long finish(long virtualSize) throws IOException {
    ByteBuffer l1 = ByteBuffer.allocate(allocation.l2().length * Long.BYTES);
    for (long[] table : allocation.l2()) {
      l1.putLong(table == null ? 0 : write(table) | COPIED);
    }
    long l1Offset = allocation.clusters(Math.ceilDiv(l1.capacity(), CLUSTER));
    put(l1.flip(), l1Offset);
    Refcounts refcounts = refcounts();
    long length = allocation.end();
    file.setLength(length);
    file.flush();
    var header =
        new Qcow2Header(
            virtualSize,
            allocation.l2().length,
            l1Offset,
            refcounts.tableOffset(),
            refcounts.tableClusters(),
            compression == Compression.ZSTD);
    put(header.encode(), 0);
    return file.finish();
  }

  private long write(long[] table) throws IOException {
    long offset = allocation.clusters(1);
    ByteBuffer bytes = ByteBuffer.allocate(CLUSTER);
    bytes.asLongBuffer().put(table);
    put(bytes, offset);
    return offset;
  }

  private record Refcounts(long tableOffset, int tableClusters) {}

  /**
   * The counts count their own clusters, too; so their places are taken before they are written.
   */
  private Refcounts refcounts() throws IOException {
    int tableClusters = 1;
    int blocks = 0;
    long data = allocation.end() / CLUSTER;
    for (long needed = 1; blocks < needed; ) {
      blocks = (int) needed;
      tableClusters = Math.ceilDiv(blocks * Long.BYTES, CLUSTER);
      needed = Math.ceilDiv(data + blocks + tableClusters, Qcow2Allocation.refcountsPerBlock());
    }
    long tableOffset = allocation.clusters(tableClusters);
    long blockOffset = allocation.clusters(blocks);
    ByteBuffer table = ByteBuffer.allocate(tableClusters * CLUSTER);
    for (char[] counts : allocation.counts()) {
      ByteBuffer bytes = ByteBuffer.allocate(CLUSTER);
      bytes.asCharBuffer().put(counts);
      put(bytes, blockOffset);
      table.putLong(blockOffset);
      blockOffset += CLUSTER;
    }
    put(table.clear(), tableOffset);
    return new Refcounts(tableOffset, tableClusters);
  }

  private void put(ByteBuffer bytes, long offset) throws IOException {
    for (long at = offset; bytes.hasRemaining(); ) {
      at += file.channel().write(bytes, at);
    }
  }

  @Override
  public void publish() throws IOException {
    file.publish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /**
   * A cluster of the disk as it will be stored.
   *
   * @param compressed whether {@code bytes} are
   */
  private record Stored(long cluster, byte[] bytes, boolean compressed) {}

  private final class ClusterWriter implements Writer {

    private final FileWriter host;
    private final ClusterCompressor compressor = new ClusterCompressor(compression);
    private final List<Stored> batch = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private byte @Nullable [] cluster;
    private long number = -1;

    ClusterWriter(FileChannel channel) {
      this.host = new FileWriter(channel);
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      for (long at = offset; bytes.hasRemaining(); ) {
        if (at / CLUSTER != number) {
          finishCluster();
          number = at / CLUSTER;
        }
        byte[] current = cluster == null ? new byte[CLUSTER] : cluster;
        cluster = current;
        int inside = (int) (at % CLUSTER);
        int count = Math.min(CLUSTER - inside, bytes.remaining());
        bytes.get(current, inside, count);
        at += count;
      }
    }

    @Override
    public void endBatch() {
      finishCluster();
    }

    private void finishCluster() {
      byte[] current = cluster;
      if (current != null && ByteBuffer.wrap(current).mismatch(ZEROS.duplicate()) >= 0) {
        byte[] compressed = compressor.compress(current);
        batch.add(
            compressed == null
                ? new Stored(number, current, false)
                : new Stored(number, compressed, true));
      }
      cluster = null;
      number = -1;
    }

    @Override
    public void inTurn() {
      for (Stored stored : batch) {
        places.add(
            stored.compressed()
                ? allocation.compressed(stored.cluster(), stored.bytes().length)
                : allocation.plain(stored.cluster()));
      }
    }

    @Override
    public void afterTurn() throws IOException {
      for (int i = 0; i < batch.size(); i++) {
        host.write(ByteBuffer.wrap(batch.get(i).bytes()), places.get(i));
      }
      batch.clear();
      places.clear();
    }

    @Override
    public void close() throws IOException {
      compressor.close();
      host.close();
    }
  }
}
