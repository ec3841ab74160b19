package io.diskwright.io;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the holes of a file with lseek's SEEK_DATA and SEEK_HOLE, which the JDK does not offer. It
 * keeps a descriptor of its own, since a {@code FileChannel} does not show its; only the file's
 * layout is asked of it, never bytes. Safe for any thread: lseek's two modes do not depend on the
 * descriptor's position.
 */
public final class HoleFinder implements Closeable {

  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final int descriptor;
  private final long size;

  private HoleFinder(int descriptor, long size) {
    this.descriptor = descriptor;
    this.size = size;
  }

  /**
   * A finder for the file, or empty where the native way is off, the file has no holes, or the
   * system cannot tell.
   *
   * @param size the file's length in bytes
   */
  public static Optional<HoleFinder> open(Path file, long size) {
    if (!Native.linux()) {
      return Optional.empty();
    }
    int descriptor;
    try (Arena arena = Arena.ofConfined()) {
      descriptor =
          (int) Calls.OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY | O_CLOEXEC);
    } catch (Throwable e) {
      return Optional.empty(); // native access denied: holes are read as the zeros they are
    }
    if (descriptor < 0) {
      return Optional.empty();
    }
    var finder = new HoleFinder(descriptor, size);
    if (finder.seek(0, SEEK_HOLE) >= size) {
      finder.close();
      return Optional.empty();
    }
    return Optional.of(finder);
  }

  /**
   * The uniform run from {@code offset} on.
   *
   * @param offset below the file's size
   * @param length at least 1; the run is not longer
   */
  public Run runAt(long offset, long length) {
    long data = seek(offset, SEEK_DATA);
    if (data < 0) {
      // No data from here on; also what an unexpected failure looks like, so ask the other way.
      return seek(offset, SEEK_HOLE) == offset ? new Run(true, length) : new Run(false, length);
    }
    if (data > offset) {
      return new Run(true, Math.min(length, data - offset));
    }
    long hole = seek(offset, SEEK_HOLE);
    return new Run(false, hole <= offset ? length : Math.min(length, hole - offset));
  }

  @Override
  public void close() {
    try {
      int ignored = (int) Calls.CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private long seek(long offset, int whence) {
    try {
      return offset > size ? -1 : (long) Calls.LSEEK.invokeExact(descriptor, offset, whence);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bound on first use, so that images without a file behind them pay nothing. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final MethodHandle OPEN =
        LINKER.downcallHandle(
            LIBC.findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
        LINKER.downcallHandle(
            LIBC.findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle LSEEK =
        LINKER.downcallHandle(
            LIBC.findOrThrow("lseek"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
  }
}
