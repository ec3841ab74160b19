package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.format.FakeContext;
import io.diskwright.format.Formats;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.Workspace;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads disks in both ways there are: bytes, and extents. */
final class Disks {

  private static final int PIECE = 1 << 20;

  private Disks() {}

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.empty(), ReferencePolicy.folder());
  }

  /** All bytes, had by reading in pieces of an odd length. */
  static byte[] read(VirtualDisk disk) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) disk.size());
    while (all.hasRemaining()) {
      int length = Math.min(all.remaining(), 12_345);
      disk.read(all.position(), all.slice(all.position(), length));
      all.position(all.position() + length);
    }
    return all.array();
  }

  static List<Extent> extents(VirtualDisk disk) throws IOException {
    var extents = new ArrayList<Extent>();
    var cursor = new ExtentCursor(disk, 0, disk.size());
    long end = 0;
    for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
      assertThat(extent.start()).isEqualTo(end);
      end = extent.end();
      extents.add(extent);
    }
    assertThat(end).isEqualTo(disk.size());
    return extents;
  }

  /** All bytes, had by walking the extents and doing with each what a copier does. */
  static byte[] walk(VirtualDisk disk) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) disk.size());
    try (var workspace = new Workspace(true)) {
      for (Extent extent : extents(disk)) {
        put(extent, all, workspace);
      }
    }
    return all.array();
  }

  /** The SHA-256 of the disk had by {@link #walk}, without holding it. */
  static String walkSha256(VirtualDisk disk) throws IOException {
    MessageDigest digest = sha256();
    byte[] zeros = new byte[PIECE];
    try (var workspace = new Workspace(true)) {
      for (Extent extent : extents(disk)) {
        long left = extent.length();
        if (extent instanceof Extent.Zero) {
          for (; left > 0; left -= Math.min(left, PIECE)) {
            digest.update(zeros, 0, (int) Math.min(left, PIECE));
          }
        } else {
          ByteBuffer bytes = ByteBuffer.allocate((int) left);
          put(extent, bytes, workspace);
          digest.update(bytes.flip());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void put(Extent extent, ByteBuffer target, Workspace workspace)
      throws IOException {
    int length = (int) extent.length();
    switch (extent) {
      case Extent.Zero zero -> target.position(target.position() + (int) zero.length());
      case Extent.Data data -> {
        ByteBuffer part = target.slice(target.position(), length);
        data.source().read(data.sourceOffset(), part);
        target.position(target.position() + length);
      }
      case Extent.Encoded encoded -> {
        ByteBuffer block = ByteBuffer.allocateDirect(encoded.blockLength());
        encoded
            .codec()
            .decode(
                encoded.source(),
                encoded.sourceOffset(),
                encoded.encodedLength(),
                block,
                workspace);
        assertThat(block.remaining()).isZero();
        target.put(block.flip().slice(encoded.skip(), length));
      }
    }
  }

  /** A stream-optimized image as it is read once and in order, if it can be. */
  static Optional<ForwardDisk> forward(InputStream image) throws IOException {
    return new VmdkFormat()
        .openForward(
            new ForwardSource("stream.vmdk", image), FakeContext.alone(Path.of("stream.vmdk")));
  }

  /** All bytes of a disk that is read forward. */
  static byte[] drain(ForwardDisk disk) throws IOException {
    byte[] all = new byte[(int) disk.size().orElseThrow()];
    try (var workspace = new Workspace(true)) {
      for (Extent extent = disk.next(); extent != null; extent = disk.next()) {
        int start = (int) extent.start();
        put(extent, ByteBuffer.wrap(all, start, (int) extent.length()), workspace);
      }
    }
    assertThat(disk.next()).isNull();
    return all;
  }
}
