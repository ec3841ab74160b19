package io.diskwright.guest.kernel;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The names in an initramfs: cpio archives one behind the other, plain or compressed as the
 * kernel's {@code init/initramfs.c} takes them. Contents are skipped.
 *
 * @param names of all archives, without a slash in front
 * @param compression of the last archive: {@code none}, {@code gzip}, {@code zstd}, …
 */
public record Initramfs(Set<String> names, String compression) {

  /** Bytes that may come out of all archives together. */
  static final long MAX_BYTES = 512L << 20;

  /** Zeros between archives; tools write a few hundred. */
  private static final int MAX_PADDING = 16 << 20;

  private static final int MAX_NAMES = 500_000;
  private static final int MAX_NAME = 4096;
  private static final int HEADER = 110;
  private static final String TRAILER = "TRAILER!!!";

  /** Takes a copy of the set. */
  public Initramfs {
    names = Set.copyOf(names);
  }

  /**
   * Lists an initramfs.
   *
   * @param in from its first byte; stays open
   * @throws UnknownCompression when an archive is compressed in a way that is not read
   * @throws IOException when it is damaged, or larger than is looked at
   */
  public static Initramfs read(InputStream in) throws IOException {
    try {
      return list(in);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      // Not every decompressor has an exception of its own for what is damaged.
      throw new IOException("its compressed data is damaged", e);
    }
  }

  private static Initramfs list(InputStream in) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    InputStream file = new BufferedInputStream(in, 1 << 16);
    String compression = "none";
    var budget = new Budget();
    while (true) {
      int first = skipZeros(file);
      if (first < 0) {
        break;
      }
      byte[] magic = peek(file, 6);
      if (isCpio(magic)) {
        cpio(file, names, budget);
        continue;
      }
      compression = Compression.of(magic).word();
      InputStream unpacked = new BufferedInputStream(Compression.of(magic).open(file), 1 << 16);
      while (skipZeros(unpacked) >= 0) {
        if (!isCpio(peek(unpacked, 6))) {
          throw new IOException("what is in it is no cpio archive");
        }
        cpio(unpacked, names, budget);
      }
      // A decompressor may have read ahead: what follows a compressed archive is not looked for.
      break;
    }
    if (names.isEmpty()) {
      throw new EOFException("there is no archive in it");
    }
    return new Initramfs(names, compression);
  }

  /** Whether a module is in it, whatever its compression and however its name is joined. */
  public boolean hasModule(String module) {
    String wanted = ModuleName.of(module);
    return names.stream()
        .filter(n -> n.contains(".ko"))
        .anyMatch(n -> ModuleName.of(n).equals(wanted));
  }

  private static final class Budget {
    private long left = MAX_BYTES;

    void take(long bytes) throws IOException {
      if (bytes > left) {
        throw new IOException("more than the " + MAX_BYTES + " bytes that are unpacked");
      }
      left -= bytes;
    }
  }

  private static boolean isCpio(byte[] magic) {
    return startsWith(magic, "070701") || startsWith(magic, "070702");
  }

  private static boolean startsWith(byte[] bytes, String ascii) {
    return bytes.length >= ascii.length()
        && new String(bytes, 0, ascii.length(), StandardCharsets.US_ASCII).equals(ascii);
  }

  /** Skips padding; returns the next byte, which is not taken, or -1. */
  private static int skipZeros(InputStream in) throws IOException {
    for (int skipped = 0; ; skipped++) {
      if (skipped > MAX_PADDING) {
        throw new IOException("more than the " + MAX_PADDING + " zeros that are skipped");
      }
      in.mark(1);
      int next = in.read();
      if (next != 0) {
        in.reset();
        return next;
      }
    }
  }

  private static byte[] peek(InputStream in, int length) throws IOException {
    in.mark(length);
    byte[] bytes = in.readNBytes(length);
    in.reset();
    return bytes;
  }

  private static void cpio(InputStream in, Set<String> names, Budget budget) throws IOException {
    while (true) {
      byte[] header = in.readNBytes(HEADER);
      if (header.length < HEADER || !isCpio(header)) {
        throw new IOException(
            "a cpio archive ends in the middle, or has no header where it should");
      }
      long size = hex(header, 54);
      int nameSize = (int) Math.min(hex(header, 94), Integer.MAX_VALUE);
      if (nameSize < 1 || nameSize > MAX_NAME) {
        throw new IOException("a name of " + nameSize + " bytes in a cpio archive");
      }
      budget.take(HEADER + nameSize);
      byte[] name = in.readNBytes(nameSize);
      in.skipNBytes(padding(HEADER + nameSize));
      String text = new String(name, 0, Math.max(0, name.length - 1), StandardCharsets.UTF_8);
      budget.take(size);
      in.skipNBytes(size);
      in.skipNBytes(padding(size));
      if (text.equals(TRAILER)) {
        return;
      }
      if (names.size() >= MAX_NAMES) {
        throw new IOException("more than the " + MAX_NAMES + " names that are listed");
      }
      names.add(text.startsWith("./") ? text.substring(2) : text);
    }
  }

  private static long padding(long length) {
    return (4 - length % 4) % 4;
  }

  private static long hex(byte[] header, int at) throws IOException {
    long value = 0;
    for (int i = at; i < at + 8; i++) {
      int digit = Character.digit(header[i], 16);
      if (digit < 0) {
        throw new IOException("no number in the header of a cpio archive");
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
