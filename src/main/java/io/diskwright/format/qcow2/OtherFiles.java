package io.diskwright.format.qcow2;

import io.diskwright.format.BackingFile;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The files besides its own that an image needs, opened.
 *
 * @param data the external data file, if it has one
 */
record OtherFiles(@Nullable Referenced<ByteSource> data, BackingFile backing) implements Closeable {

  /** Opens what the image names; when one file is refused the other is closed. */
  static OtherFiles open(Metadata metadata, OpenContext context, ByteSource source)
      throws IOException {
    Referenced<ByteSource> data =
        metadata.features().dataFile()
            ? DataFile.open(metadata.extensions(), context, source)
            : null;
    try {
      return new OtherFiles(data, openBacking(metadata, context));
    } catch (IOException | RuntimeException e) {
      if (data != null) {
        data.opened().close();
      }
      throw e;
    }
  }

  private static BackingFile openBacking(Metadata metadata, OpenContext context)
      throws IOException {
    if (metadata.backing().isEmpty()) {
      return BackingFile.NONE;
    }
    BackingReference reference = metadata.backing().get();
    return BackingFile.open(
        context, reference.name(), reference.offset(), metadata.extensions().backingFormat());
  }

  @Override
  public void close() throws IOException {
    try (ByteSource dataFile = data == null ? null : data.opened();
        backing) {
      // both are closed even when one fails
    }
  }
}
