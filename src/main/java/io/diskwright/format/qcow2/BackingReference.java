package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The backing file's name in the header cluster.
 *
 * @param offset where it stands, bytes from the start of the file
 */
record BackingReference(String name, long offset) {

  private static final String STRUCTURE = "qcow2 backing file name";
  private static final int MAX_NAME = 1023;

  /** Checks where the header says the name stands, which also ends the header extensions. */
  static void checkPlace(Header header, String source) throws ImageException {
    long offset = header.backingFileOffset();
    if (offset == 0) {
      return;
    }
    if (offset < header.headerLength() || offset > header.clusterSize()) {
      throw new CorruptImage(
          source,
          Header.NAME + " backing_file_offset",
          Header.BACKING_FILE_OFFSET_AT,
          Fault.number(offset),
          header.headerLength() + " to " + header.clusterSize() + ", behind the header");
    }
    long room = Math.min(MAX_NAME, header.clusterSize() - offset);
    if (header.backingFileSize() > room) {
      throw new CorruptImage(
          source,
          Header.NAME + " backing_file_size",
          Header.BACKING_FILE_SIZE_AT,
          Fault.number(header.backingFileSize()),
          "up to " + room + " bytes");
    }
  }

  /**
   * Reads the name; empty when the image has no backing file. An image rebased onto nothing keeps
   * an offset with a length of zero.
   */
  static Optional<BackingReference> read(ByteSource source, Header header) throws IOException {
    long offset = header.backingFileOffset();
    int length = (int) header.backingFileSize();
    if (offset == 0 || length == 0) {
      return Optional.empty();
    }
    ByteView view = source.view(STRUCTURE, offset, length, ByteOrder.BIG_ENDIAN);
    return Optional.of(new BackingReference(view.fileName(0, length), offset));
  }
}
