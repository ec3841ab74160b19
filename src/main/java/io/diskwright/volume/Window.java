package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A range of a disk that is looked into in small pieces. Positions are bytes from its start.
 *
 * @param start guest bytes from the start of the disk
 * @param length bytes, all of them inside the disk
 */
record Window(VirtualDisk disk, long start, long length) {

  /** The whole disk. */
  static Window of(VirtualDisk disk) {
    return new Window(disk, 0, disk.size());
  }

  /** Whether the range holds {@code size} bytes from {@code at} on. */
  boolean has(long at, long size) {
    return at >= 0 && size >= 0 && at <= length && size <= length - at;
  }

  /** Little-endian bytes; empty when they do not all lie in the range. */
  Optional<ByteView> little(long at, int size) throws IOException {
    return view(at, size, ByteOrder.LITTLE_ENDIAN);
  }

  /** Big-endian bytes; empty when they do not all lie in the range. */
  Optional<ByteView> big(long at, int size) throws IOException {
    return view(at, size, ByteOrder.BIG_ENDIAN);
  }

  /** Whether these ASCII characters stand at {@code at}. */
  boolean magic(long at, String ascii) throws IOException {
    Optional<ByteView> view = little(at, ascii.length());
    return view.isPresent() && view.get().startsWith(0, ascii);
  }

  private Optional<ByteView> view(long at, int size, ByteOrder order) throws IOException {
    if (!has(at, size)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    disk.read(start + at, bytes);
    return Optional.of(
        new ByteView(bytes.flip(), order, disk.describe(), "volume data", start + at));
  }
}
