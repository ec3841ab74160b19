package io.diskwright.crypt;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A LUKS1 header. What it says of the cipher and the hash is understood, or refused by name.
 *
 * @param cipherMode of AES, the only {@code cipher-name} that is read
 * @param keyBytes of the volume's key, a length its cipher takes
 * @param mkDigest by which the volume's key is known to be right
 * @param mkDigestIterations at least 1
 * @param keySlots all eight
 */
record LuksHeader(
    CipherMode cipherMode,
    HashSpec hashSpec,
    int keyBytes,
    byte[] mkDigest,
    byte[] mkDigestSalt,
    long mkDigestIterations,
    List<LuksKeySlot> keySlots) {

  static final String NAME = "LUKS header";
  static final int LENGTH = 592;
  static final int KEY_SLOTS_AT = 208;

  private static final String MAGIC = "LUKS\u00ba\u00be";
  private static final int VERSION_AT = 6;
  private static final int CIPHER_NAME_AT = 8;
  private static final int CIPHER_MODE_AT = 40;
  private static final int HASH_SPEC_AT = 72;
  private static final int WORD_LENGTH = 32;
  private static final int KEY_BYTES_AT = 108;
  private static final int MK_DIGEST_AT = 112;
  private static final int MK_DIGEST_LENGTH = 20;
  private static final int MK_DIGEST_SALT_AT = 132;
  private static final int SALT_LENGTH = 32;
  private static final int MK_DIGEST_ITERATIONS_AT = 164;
  private static final int KEY_SLOTS = 8;

  /**
   * Reads a header.
   *
   * @param view {@link #LENGTH} bytes
   * @param area bytes from the header's start on that may hold key material
   */
  static LuksHeader parse(ByteView view, long area) throws ImageException {
    if (!view.startsWith(0, MAGIC)) {
      throw view.corrupt("magic", 0, "other bytes", "'LUKS' and 0xbabe");
    }
    int version = view.u16(VERSION_AT);
    if (version != 1) {
      throw view.unsupported("version", VERSION_AT, Fault.number(version), "1");
    }
    String cipherName = word(view, "cipher-name", CIPHER_NAME_AT);
    if (!cipherName.equals("aes")) {
      throw view.unsupported("cipher-name", CIPHER_NAME_AT, quoted(cipherName), "aes");
    }
    CipherMode mode = cipherMode(view);
    HashSpec hash = hashSpec(view);
    int keyBytes = keyBytes(view, mode);
    long iterations = view.u32(MK_DIGEST_ITERATIONS_AT);
    if (iterations == 0) {
      throw view.corrupt("mk-digest-iter", MK_DIGEST_ITERATIONS_AT, "0", "at least 1");
    }
    return new LuksHeader(
        mode,
        hash,
        keyBytes,
        view.bytes(MK_DIGEST_AT, MK_DIGEST_LENGTH),
        view.bytes(MK_DIGEST_SALT_AT, SALT_LENGTH),
        iterations,
        keySlots(view, keyBytes, area));
  }

  private static CipherMode cipherMode(ByteView view) throws ImageException {
    String words = word(view, "cipher-mode", CIPHER_MODE_AT);
    return CipherMode.named(words)
        .orElseThrow(() ->
            view.unsupported(
                "cipher-mode",
                CIPHER_MODE_AT,
                quoted(words),
                "xts or cbc with plain, plain64 or essiv:sha256"));
  }

  private static HashSpec hashSpec(ByteView view) throws ImageException {
    String word = word(view, "hash-spec", HASH_SPEC_AT);
    return HashSpec.named(word)
        .orElseThrow(() ->
            view.unsupported(
                "hash-spec", HASH_SPEC_AT, quoted(word), "sha1, sha224, sha256, sha384 or sha512"));
  }

  private static int keyBytes(ByteView view, CipherMode mode) throws CorruptImage {
    long keyBytes = view.u32(KEY_BYTES_AT);
    var allowed = new TreeSet<>(mode.chaining().keyBytes());
    if (keyBytes > allowed.last() || !allowed.contains((int) keyBytes)) {
      throw view.corrupt(
          "key-bytes",
          KEY_BYTES_AT,
          Fault.number(keyBytes),
          String.join(" or ", allowed.stream().map(String::valueOf).toList())
              + " with this cipher-mode");
    }
    return (int) keyBytes;
  }

  private static List<LuksKeySlot> keySlots(ByteView view, int keyBytes, long area)
      throws CorruptImage {
    var slots = new ArrayList<LuksKeySlot>();
    for (int i = 0; i < KEY_SLOTS; i++) {
      slots.add(LuksKeySlot.parse(view, KEY_SLOTS_AT + i * LuksKeySlot.LENGTH, keyBytes, area));
    }
    return List.copyOf(slots);
  }

  private static String word(ByteView view, String field, int at) throws CorruptImage {
    String word = view.text(at, WORD_LENGTH, StandardCharsets.ISO_8859_1);
    if (word.isEmpty() || word.length() == WORD_LENGTH) {
      throw view.corrupt(
          field, at, quoted(word), "a name of 1 to " + (WORD_LENGTH - 1) + " letters and a NUL");
    }
    return word;
  }

  private static String quoted(String word) {
    return "'" + word + "'";
  }
}
