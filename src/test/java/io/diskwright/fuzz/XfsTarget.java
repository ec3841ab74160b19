package io.diskwright.fuzz;

import io.diskwright.filesystem.xfs.XfsFileSystem;
import io.diskwright.filesystem.xfs.XfsSeals;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.util.Optional;

/**
 * Takes bytes for an XFS volume: everything is read, within bounds. Checksums are made right first,
 * or nothing would be looked at but them; an odd last byte leaves them as they are.
 */
final class XfsTarget {

  private XfsTarget() {}

  static void run(byte[] data) throws Exception {
    if (data.length > 0 && (data[data.length - 1] & 1) == 0) {
      XfsSeals.seal(data);
    }
    Optional<XfsFileSystem> opened;
    try {
      opened = XfsFileSystem.open(new MemorySource("fuzz", data));
    } catch (ImageException e) {
      return;
    }
    if (opened.isPresent()) {
      TreeExercise.run(opened.get());
    }
  }
}
