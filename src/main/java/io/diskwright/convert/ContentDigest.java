package io.diskwright.convert;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One digest of the bytes a guest sees, the same whatever container holds them.
 *
 * <p>The disk is cut into blocks of 65,536 bytes from its start; a last, shorter block is filled up
 * with zeros. The digest is the SHA-256 of, for each block that is not all zeros, in ascending
 * order, its number as a big-endian 64-bit integer and the SHA-256 of its bytes; and, at the end,
 * the disk's size in bytes as a big-endian 64-bit integer. It is written as {@code sha256-64k:} and
 * 64 hexadecimal digits.
 *
 * <p>What is zero costs nothing, and the blocks' own digests can be had in any order by any thread.
 * For one thread.
 */
final class ContentDigest {

  /** The name of this definition. */
  static final String SCHEME = "sha256-64k:";

  private final MessageDigest root = sha256();

  /** A block that is not all zeros. */
  record Leaf(long block, byte[] digest) {}

  /** Adds the leaves that come after those already added. */
  void add(List<Leaf> leaves) {
    for (Leaf leaf : leaves) {
      root.update(ByteBuffer.allocate(Long.BYTES).putLong(leaf.block()).flip());
      root.update(leaf.digest());
    }
  }

  /** The digest of a disk of that many bytes, all of whose leaves were added. */
  String finish(long size) {
    try {
      var whole = (MessageDigest) root.clone();
      whole.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
      return SCHEME + HexFormat.of().formatHex(whole.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
