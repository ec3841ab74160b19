package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * qcow2, versions 2 and 3, with everything that is needed to read the active disk or an internal
 * snapshot: backing files, external data files, compressed clusters (zlib and Zstandard),
 * subclusters, encryption (LUKS1 and AES).
 */
public final class Qcow2Format implements ImageFormat {

  /** Another format with the same magic. */
  private static final String VERSION_1 = "\0\0\0\u0001";

  @Override
  public String name() {
    return "qcow2";
  }

  @Override
  public boolean readsSnapshots() {
    return true;
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, Header.MAGIC)
        && !probe.head().startsWith(Header.VERSION_AT, VERSION_1);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    OtherFiles files = null;
    try {
      Metadata metadata = Metadata.read(source, context);
      files = OtherFiles.open(metadata, context, source);
      return Qcow2Image.of(source, metadata, files, context.cache());
    } catch (IOException | RuntimeException e) {
      close(source, files, e);
      throw e;
    }
  }

  private static void close(ByteSource source, @Nullable OtherFiles files, Exception reason) {
    try (source;
        files) {
      // both are closed whatever happens
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
