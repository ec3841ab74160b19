package io.diskwright.format;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What the tests of formats share. */
public final class TestImages {

  private TestImages() {}

  public static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Bytes that compress to about a third. */
  public static byte[] compressible(int length, long seed) {
    byte[] bytes = new byte[length];
    var random = new Random(seed);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 3 == 0 ? random.nextInt() : 'x');
    }
    return bytes;
  }

  /** The whole disk, by {@link VirtualDisk#read}. */
  public static byte[] read(VirtualDisk disk) throws IOException {
    byte[] bytes = new byte[(int) disk.size()];
    disk.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The whole disk, by its extents, each taken in its own way. */
  public static byte[] readByExtents(VirtualDisk disk) throws IOException {
    byte[] bytes = new byte[(int) disk.size()];
    try (var workspace = new Workspace(true)) {
      for (Extent extent : extents(disk)) {
        byte[] content = content(extent, workspace);
        System.arraycopy(content, 0, bytes, (int) extent.start(), content.length);
      }
    }
    return bytes;
  }

  public static List<Extent> extents(VirtualDisk disk) throws IOException {
    var extents = new ArrayList<Extent>();
    var cursor = new ExtentCursor(disk, 0, disk.size());
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      extents.add(e);
    }
    return extents;
  }

  public static byte[] content(Extent extent, Workspace workspace) throws IOException {
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
  public static byte[] join(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }
}
