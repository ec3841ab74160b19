package io.diskwright.filesystem.fat;

import java.io.IOException;

/**
 * What Linux tells of a directory beside its entry.
 *
 * @param bytes of its clusters
 * @param links its own name, {@code .}, and the {@code ..} of each directory in it
 */
record DirectorySize(long bytes, long links) {

  static DirectorySize read(FatVolume volume, long number) throws IOException {
    var scan = new DirectoryScan(volume, number);
    long links = 2;
    for (NamedEntry found = scan.next(); found != null; found = scan.next()) {
      links += found.entry().isDirectory() ? 1 : 0;
    }
    return new DirectorySize(scan.size(), links);
  }
}
