package io.diskwright.volume;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.MappedDisk;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.source.FileSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** RAW files for the interop tests: a file as a disk, and a disk as a sparse file. */
public final class RawFile {

  private static final int CHUNK = 1 << 20;

  private RawFile() {}

  /** Makes an empty sparse file. */
  public static Path create(Path file, long size) throws IOException {
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(size);
    }
    return file;
  }

  /** Overwrites bytes of a file. */
  public static void patch(Path file, long offset, byte[] bytes) throws IOException {
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(offset);
      raw.write(bytes);
    }
  }

  /** The file as a disk. */
  public static VirtualDisk open(Path file) throws IOException {
    FileSource source = FileSource.open(file);
    return new MappedDisk() {
      @Override
      public long size() {
        return source.size();
      }

      @Override
      public String describe() {
        return source.describe();
      }

      @Override
      protected Extent mapAt(long offset, long limit) {
        return new Extent.Data(offset, limit, source, offset);
      }

      @Override
      protected void closeFiles() throws IOException {
        source.close();
      }
    };
  }

  /** Writes what is not zero of a disk to a new file. */
  public static Path write(VirtualDisk disk, Path file) throws IOException {
    create(file, disk.size());
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      var cursor = new ExtentCursor(disk, 0, disk.size());
      for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
        if (!(extent instanceof Extent.Zero)) {
          copy(disk, extent, raw);
        }
      }
    }
    return file;
  }

  private static void copy(VirtualDisk disk, Extent extent, RandomAccessFile raw)
      throws IOException {
    for (long at = extent.start(); at < extent.end(); at += CHUNK) {
      byte[] chunk = new byte[(int) Math.min(CHUNK, extent.end() - at)];
      disk.read(at, ByteBuffer.wrap(chunk));
      raw.seek(at);
      raw.write(chunk);
    }
  }
}
