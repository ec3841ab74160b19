package io.diskwright.filesystem;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A volume in a file, mounted by the kernel until it is closed. Needs root. */
public final class Mount implements AutoCloseable {

  private final Path point;

  private Mount(Path point) {
    this.point = point;
  }

  /**
   * Mounts a volume.
   *
   * @param options as {@code mount -o} takes them, {@code loop} among them
   */
  public static Mount of(Path volume, String type, String options)
      throws IOException, InterruptedException {
    Path point = Files.createTempDirectory("mount");
    try {
      Tool.run("mount", "-t", type, "-o", options, volume.toString(), point.toString());
    } catch (IOException e) {
      Files.delete(point);
      throw e;
    }
    return new Mount(point);
  }

  /** Where it is mounted. */
  public Path point() {
    return point;
  }

  @Override
  public void close() throws IOException {
    try {
      Tool.run("umount", point.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    Files.delete(point);
  }
}
