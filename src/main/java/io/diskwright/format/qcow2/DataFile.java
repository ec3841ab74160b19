package io.diskwright.format.qcow2;

import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import java.io.IOException;

/** The external data file: found beside the image, like every file an image names. */
final class DataFile {

  private static final String ROLE = "data-file";

  /** As for a backing file's name. */
  private static final int MAX_NAME = 1023;

  private DataFile() {}

  /**
   * Opens it. The caller closes it.
   *
   * @param source the image, for messages
   * @throws UnsafeReference when it may not be opened, is not there, or is the image itself
   */
  static Referenced<ByteSource> open(
      HeaderExtensions extensions, OpenContext context, ByteSource source) throws IOException {
    ByteView view =
        extensions
            .dataFile()
            .orElseThrow(() ->
                new CorruptImage(
                    source.describe(),
                    Header.NAME + " incompatible_features",
                    Header.INCOMPATIBLE_FEATURES_AT,
                    "bit 2, the guest's data is in an external data file, but no file is named",
                    "a header extension that names it"));
    if (view.length() > MAX_NAME) {
      throw view.corrupt("length", 0, Fault.number(view.length()), "up to " + MAX_NAME + " bytes");
    }
    String name = view.fileName(0, view.length());
    Referenced<ByteSource> data = context.openFile(ROLE, name, view.offset());
    try {
      if (context.isOwnFile(data.file())) {
        throw new UnsafeReference(
            source.describe(),
            ROLE,
            view.offset(),
            "'" + name + "', the image itself",
            "another file",
            "The image is damaged");
      }
      return data;
    } catch (IOException | RuntimeException e) {
      data.opened().close();
      throw e;
    }
  }
}
