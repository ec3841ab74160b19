package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import java.io.IOException;

/**
 * What a conversion will do, known before its first byte is written: walking the whole map finds
 * every damaged table, and what is allocated is what will need space.
 *
 * @param disk the disk as it will be written, at its final size
 * @param dataBytes plain bytes to copy
 * @param decodedBytes bytes to decode
 * @param encodedBytes bytes to read for them, at most
 */
record Plan(VirtualDisk disk, long dataBytes, long decodedBytes, long encodedBytes) {

  /**
   * Walks the whole map.
   *
   * @param from what ends before is not counted, an earlier run has moved it
   */
  static Plan of(VirtualDisk disk, long from, Cancellation cancellation) throws IOException {
    long data = 0;
    long decoded = 0;
    long encoded = 0;
    var cursor = new ExtentCursor(disk, 0, disk.size());
    for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
      cancellation.check();
      if (extent.end() <= from) {
        continue;
      }
      switch (extent) {
        case Extent.Data e -> data += e.end() - Math.max(from, e.start());
        case Extent.Encoded e -> {
          decoded += e.length();
          encoded += e.encodedLength();
        }
        case Extent.Zero e -> {}
      }
    }
    return new Plan(disk, data, decoded, encoded);
  }

  /** Bytes that are read for it, at most. */
  long readBytes() {
    return dataBytes + encodedBytes;
  }

  /** Bytes the output will hold that are not holes. */
  long allocatedBytes() {
    return dataBytes + decodedBytes;
  }
}
