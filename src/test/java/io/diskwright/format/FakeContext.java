package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.io.PageCache;
import io.diskwright.source.FolderSurroundings;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.nio.file.Path;

/** Contexts for tests that watch what a format opens and closes. */
public final class FakeContext {

  private FakeContext() {}

  /** A context that answers every image opened through it with this one. */
  public static OpenContext answering(Path file, DiskImage image) {
    return new OpenContext(
        file,
        new FolderSurroundings(file, ReferencePolicy.folder()),
        new PageCache(1 << 20),
        OpenOptions.defaults(),
        (source, format, context) -> {
          source.close();
          return image;
        });
  }

  /** A context for a format that opens no other image. */
  public static OpenContext alone(Path file) {
    return new OpenContext(
        file,
        new FolderSurroundings(file, ReferencePolicy.deny()),
        new PageCache(1 << 20),
        OpenOptions.defaults(),
        (source, format, context) -> {
          throw new AssertionError("opens " + source.describe());
        });
  }
}
