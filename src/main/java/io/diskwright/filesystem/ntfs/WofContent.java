package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file compressed by the Windows Overlay Filter, as Windows 10 and later store their system
 * files: a stream with a table of chunks and the chunks behind it, each compressed for itself.
 */
final class WofContent implements ByteSource {

  /** The stream that holds the compressed content. */
  static final String STREAM = "WofCompressedData";

  private static final int PROVIDER_FILE = 2;
  private static final long LONG_TABLE = 1L << 32;

  private final String name;
  private final ByteSource stored;
  private final long size;
  private final Algorithm algorithm;
  private final int entryLength;
  private final long chunks;

  /** The last chunk, since a file is read from its start to its end. */
  private volatile @Nullable Chunk last;

  private record Chunk(long number, byte[] bytes) {}

  /** The algorithms, in the order of their numbers. */
  private enum Algorithm {
    XPRESS4K(1 << 12),
    LZX(1 << 15),
    XPRESS8K(1 << 13),
    XPRESS16K(1 << 14);

    private final int chunkSize;

    Algorithm(int chunkSize) {
      this.chunkSize = chunkSize;
    }

    boolean decode(byte[] in, byte[] out) {
      return this == LZX ? new Lzx(in).decode(out) : new XpressHuffman(in).decode(out);
    }
  }

  private WofContent(String name, ByteSource stored, long size, Algorithm algorithm) {
    this.name = name;
    this.stored = stored;
    this.size = size;
    this.algorithm = algorithm;
    this.entryLength = size >= LONG_TABLE ? 8 : 4;
    this.chunks = (size + algorithm.chunkSize - 1) / algorithm.chunkSize;
  }

  static ByteSource open(NtfsVolume volume, NtfsFile file, ReparsePoint reparse)
      throws IOException {
    ByteView data = reparse.data();
    long provider = data.u32(4);
    if (provider != PROVIDER_FILE) {
      throw new UnsupportedFeature(
          volume.describe(),
          "file record " + file.record().number() + " WOF provider",
          data.offset(),
          Fault.number(provider) + ", content in a WIM",
          "2, content in the file",
          "Copy it inside the guest");
    }
    long algorithm = data.u32(12);
    if (algorithm >= Algorithm.values().length) {
      throw data.unsupported("WOF algorithm", 12, Fault.number(algorithm), "0 to 3");
    }
    List<Attribute> whole = file.pieces(Attribute.DATA, "");
    List<Attribute> compressed = file.pieces(Attribute.DATA, STREAM);
    if (whole.isEmpty() || compressed.isEmpty()) {
      throw data.corrupt("streams", 0, "no stream " + STREAM, "the compressed content");
    }
    long size = whole.getFirst().dataSize();
    ByteSource stored = NtfsStream.open(volume, compressed);
    var content =
        new WofContent(
            volume.describe() + "[file record " + file.record().number() + "]",
            stored,
            size,
            Algorithm.values()[(int) algorithm]);
    if (content.tableLength() > stored.size()) {
      throw data.corrupt(
          "size",
          0,
          size + " bytes in " + content.chunks + " chunks",
          "a table of them in " + stored.size() + " bytes");
    }
    return content;
  }

  private long tableLength() {
    return Math.max(0, chunks - 1) * entryLength;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      byte[] chunk = chunk(position / algorithm.chunkSize);
      int within = (int) (position % algorithm.chunkSize);
      int length = Math.min(target.remaining(), chunk.length - within);
      target.put(chunk, within, length);
      position += length;
    }
  }

  private byte[] chunk(long number) throws IOException {
    Chunk known = last;
    if (known != null && known.number == number) {
      return known.bytes;
    }
    byte[] bytes = decode(number);
    last = new Chunk(number, bytes);
    return bytes;
  }

  private byte[] decode(long number) throws IOException {
    long start = number == 0 ? 0 : entry(number - 1);
    long end = number == chunks - 1 ? stored.size() - tableLength() : entry(number);
    byte[] out = new byte[(int) Math.min(algorithm.chunkSize, size - number * algorithm.chunkSize)];
    if (start < 0
        || start > end
        || end - start > out.length
        || end > stored.size() - tableLength()) {
      throw corrupt(
          number,
          "bytes " + start + " to " + end,
          "at most " + out.length + " bytes of the stream");
    }
    ByteBuffer in = ByteBuffer.allocate((int) (end - start));
    stored.read(tableLength() + start, in);
    if (in.capacity() == out.length) {
      return in.array();
    }
    if (!algorithm.decode(in.array(), out)) {
      throw corrupt(number, "no " + algorithm, "a chunk compressed by " + algorithm);
    }
    return out;
  }

  private long entry(long index) throws IOException {
    ByteView view =
        stored.view("chunk table", index * entryLength, entryLength, ByteOrder.LITTLE_ENDIAN);
    return entryLength == 8 ? view.u64(0) : view.u32(0);
  }

  private CorruptImage corrupt(long number, String found, String allowed) {
    return new CorruptImage(name, "WOF chunk " + number, Fault.NOWHERE, found, allowed);
  }
}
