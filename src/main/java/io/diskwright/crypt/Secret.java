package io.diskwright.crypt;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A passphrase, kept only as long as it takes to unlock one image and overwritten with zeros when
 * closed. It is never part of a message.
 */
public final class Secret implements Closeable {

  /** Bytes of a passphrase; qemu and cryptsetup take less from anybody who types it. */
  static final int MAX_LENGTH = 8 << 10;

  private static final int LINE_END = 2;

  private final Path file;
  private final byte[] passphrase;

  private Secret(Path file, byte[] passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  /**
   * Reads a passphrase. One line end behind it, if there is one, is not part of it.
   *
   * @throws FileSystemException when the file cannot be read, is empty, or holds more than 8 KiB
   */
  public static Secret read(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_LENGTH + LINE_END + 1);
    }
    try {
      int length = lengthWithoutLineEnd(content);
      if (length == 0) {
        throw new FileSystemException(
            file.toString(), null, "is empty; it should hold the passphrase of the image");
      }
      if (length > MAX_LENGTH) {
        throw new FileSystemException(
            file.toString(), null, "is longer than " + MAX_LENGTH + " bytes; no passphrase is");
      }
      return new Secret(file, Arrays.copyOf(content, length));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static int lengthWithoutLineEnd(byte[] content) {
    int length = content.length;
    if (length > 0 && content[length - 1] == '\n') {
      length--;
      if (length > 0 && content[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }

  /** The file it was read from. */
  Path file() {
    return file;
  }

  /** The passphrase itself, not a copy; the caller does not keep it. */
  byte[] passphrase() {
    return passphrase;
  }

  @Override
  public void close() {
    Arrays.fill(passphrase, (byte) 0);
  }
}
