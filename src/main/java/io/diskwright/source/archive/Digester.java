package io.diskwright.source.archive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Computes several digests of the same bytes. For one thread. */
final class Digester {

  private final Map<Digest, MessageDigest> sums = new EnumMap<>(Digest.class);
  private final @Nullable CRC32 crc;

  /**
   * @param digests which to compute
   */
  Digester(Collection<Digest> digests) {
    crc = digests.contains(Digest.CRC32) ? new CRC32() : null;
    for (Digest digest : digests) {
      if (digest != Digest.CRC32) {
        sums.put(digest, sum(digest));
      }
    }
  }

  private static MessageDigest sum(Digest digest) {
    try {
      return MessageDigest.getInstance(digest.label());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has them
    }
  }

  /** Takes in bytes. */
  void update(byte[] bytes, int at, int length) {
    if (crc != null) {
      crc.update(bytes, at, length);
    }
    for (MessageDigest sum : sums.values()) {
      sum.update(bytes, at, length);
    }
  }

  /** The digests in lower-case hexadecimal digits; this is used up then. */
  Map<Digest, String> finish() {
    var result = new EnumMap<Digest, String>(Digest.class);
    if (crc != null) {
      result.put(Digest.CRC32, crc32(crc.getValue()));
    }
    sums.forEach((digest, sum) -> result.put(digest, HexFormat.of().formatHex(sum.digest())));
    return result;
  }

  /** A CRC-32 as {@link Promise} has it. */
  static String crc32(long value) {
    return String.format(Locale.ROOT, "%08x", value);
  }
}
