package io.diskwright.convert;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/**
 * By what a file is known again: its name, length, time of change, and the SHA-256 of its first and
 * last 64 KiB.
 *
 * @param path absolute
 * @param size bytes
 */
record FileIdentity(Path path, long size, Instant changed, String digest) {

  private static final int SAMPLE = 1 << 16;

  static FileIdentity of(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    MessageDigest sha = ContentDigest.sha256();
    try (FileChannel channel = FileChannel.open(absolute)) {
      long size = channel.size();
      add(sha, channel, 0, size);
      add(sha, channel, Math.max(0, size - SAMPLE), size);
      Instant changed = Files.getLastModifiedTime(absolute).toInstant();
      return new FileIdentity(absolute, size, changed, HexFormat.of().formatHex(sha.digest()));
    }
  }

  private static void add(MessageDigest sha, FileChannel channel, long from, long size)
      throws IOException {
    ByteBuffer sample = ByteBuffer.allocate((int) Math.min(SAMPLE, size - from));
    for (long at = from; sample.hasRemaining(); ) {
      int count = channel.read(sample, at);
      if (count < 0) {
        break;
      }
      at += count;
    }
    sha.update(sample.flip());
  }

  /**
   * Checks that the file is still as long and as old as it was.
   *
   * @throws CorruptImage when somebody has changed it
   */
  void requireUnchanged() throws IOException {
    long nowSize = Files.size(path);
    Instant nowChanged = Files.getLastModifiedTime(path).toInstant();
    if (nowSize != size || !nowChanged.equals(changed)) {
      throw new CorruptImage(
          path.toString(),
          "file",
          Fault.NOWHERE,
          nowSize + " bytes, changed at " + nowChanged,
          size + " bytes, changed at " + changed + ", as it was at the start",
          "Something changes the file while it is read; stop the machine that uses it");
    }
  }
}
