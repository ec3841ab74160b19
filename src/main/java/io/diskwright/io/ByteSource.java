package io.diskwright.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Random-access bytes of a known length.
 *
 * <p>Reads are absolute, safe from any thread, and never short: they fill what was asked or throw.
 */
public interface ByteSource extends Closeable {

  /** The length in bytes, at the time the source was opened. */
  long size();

  /**
   * Fills the remaining space of {@code target} from {@code offset} on.
   *
   * @throws CorruptImage when the source ends before
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** The name used in every message; a slice's name holds its parent's. */
  String describe();

  /**
   * Where these bytes lie if they are plain bytes of a file, for copies inside the kernel; null
   * when they are not.
   */
  default @Nullable FileRange fileRange(long offset, long length) {
    return null;
  }

  /**
   * Whether the bytes from {@code offset} on are stored or a hole, as far as that is uniform.
   *
   * @param length bytes asked about, at least 1
   * @return a run of at most {@code length} bytes; "stored" where that cannot be told
   */
  default Run runAt(long offset, long length) throws IOException {
    return new Run(false, length);
  }

  /**
   * Reads a structure.
   *
   * @param structure its name, for messages
   * @param length bytes; the caller has bounded it
   * @throws CorruptImage when the source ends inside it
   */
  default ByteView view(String structure, long offset, int length, ByteOrder order)
      throws IOException {
    checkInside(structure, offset, length);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    read(offset, bytes);
    return new ByteView(bytes.flip(), order, describe(), structure, offset);
  }

  /**
   * Checks that a structure lies inside the source.
   *
   * @throws CorruptImage when it does not
   */
  default void checkInside(String structure, long offset, long length) throws CorruptImage {
    if (offset < 0 || length < 0 || offset > size() || length > size() - offset) {
      throw new CorruptImage(
          describe(),
          structure,
          offset,
          Fault.number(length) + " bytes to read, past the end",
          "offsets below the file's length " + Fault.number(size()),
          "The file is truncated or damaged; copy or download it again");
    }
  }

  /** A window of this source; closing it does nothing. */
  default ByteSource slice(String name, long offset, long length) throws CorruptImage {
    checkInside(name, offset, length);
    return new SlicedSource(this, name, offset, length);
  }

  @Override
  default void close() throws IOException {}
}
