package io.diskwright.format.qcow2;

import com.github.luben.zstd.Zstd;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.format.Formats;
import io.diskwright.io.Workspace;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;

/** What the tests of this package share. */
final class Images {

  private Images() {}

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.of("qcow2"), ReferencePolicy.folder());
  }

  /** As {@link #open(Path)}, in the state that an internal snapshot kept. */
  static DiskImage open(Path file, String snapshot) throws IOException {
    return Formats.open(file, OpenOptions.defaults().withSnapshot(Optional.of(snapshot)));
  }

  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Bytes that compress to about a third. */
  static byte[] compressible(int length, long seed) {
    byte[] bytes = new byte[length];
    var random = new Random(seed);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 3 == 0 ? random.nextInt() : 'x');
    }
    return bytes;
  }

  static byte[] deflate(byte[] bytes) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length * 2 + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  static byte[] zstd(byte[] bytes) {
    return Zstd.compress(bytes);
  }

  /** The whole disk, by {@link VirtualDisk#read}. */
  static byte[] read(VirtualDisk disk) throws IOException {
    byte[] bytes = new byte[(int) disk.size()];
    disk.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The whole disk, by its extents, each taken in its own way. */
  static byte[] readByExtents(VirtualDisk disk) throws IOException {
    byte[] bytes = new byte[(int) disk.size()];
    try (var workspace = new Workspace(true)) {
      for (Extent extent : extents(disk)) {
        byte[] content = content(extent, workspace);
        System.arraycopy(content, 0, bytes, (int) extent.start(), content.length);
      }
    }
    return bytes;
  }

  static List<Extent> extents(VirtualDisk disk) throws IOException {
    var extents = new ArrayList<Extent>();
    var cursor = new ExtentCursor(disk, 0, disk.size());
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      extents.add(e);
    }
    return extents;
  }

  static byte[] content(Extent extent, Workspace workspace) throws IOException {
    byte[] bytes = new byte[(int) extent.length()];
    switch (extent) {
      case Extent.Zero zero -> {}
      case Extent.Data data -> data.source().read(data.sourceOffset(), ByteBuffer.wrap(bytes));
      case Extent.Encoded e -> {
        ByteBuffer block = ByteBuffer.allocateDirect(e.blockLength());
        e.codec().decode(e.source(), e.sourceOffset(), e.encodedLength(), block, workspace);
        block.get(e.skip(), bytes);
      }
    }
    return bytes;
  }

  /** Puts parts one behind the other. */
  static byte[] join(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }
}
