package io.diskwright.crypt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Makes LUKS1 headers with their key material, field by field. Patches come last. */
public final class TestLuks {

  /** Where the slots' fields stand, for patches. */
  public static final int SLOTS = 208;

  public static final int SLOT = 48;

  private static final int STRIPES = 4000;
  private static final int MATERIAL = 4096;

  private final String mode;
  private final String hash;
  private final byte[] key;
  private final Random random = new Random(7);
  private final Map<Integer, String> slots = new TreeMap<>();
  private final Map<Integer, byte[]> patches = new TreeMap<>();
  private int iterations = 3;

  /**
   * @param mode as the header says it: {@code xts-plain64}
   * @param hash as the header says it: {@code sha256}
   */
  public TestLuks(String mode, String hash, int keyBytes) {
    this.mode = mode;
    this.hash = hash;
    this.key = new byte[keyBytes];
    for (int i = 0; i < keyBytes; i++) {
      key[i] = (byte) random.nextInt(128); // characters to the JDK's PBKDF2, which makes the digest
    }
  }

  public TestLuks slot(int number, String passphrase) {
    slots.put(number, passphrase);
    return this;
  }

  public TestLuks iterations(int value) {
    iterations = value;
    return this;
  }

  public TestLuks u32(int at, long value) {
    patches.put(at, ByteBuffer.allocate(4).putInt((int) value).array());
    return this;
  }

  public TestLuks text(int at, String value) {
    patches.put(at, value.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Encrypts data of the volume. */
  public byte[] encrypt(byte[] plain, long firstSector) {
    return ReferenceSectors.encrypt(mode, key, plain, firstSector);
  }

  /** Where the key material of a slot starts, in bytes. */
  public int materialAt(int slot) {
    return MATERIAL + slot * ((STRIPES * key.length + 4095) / 4096 * 4096);
  }

  /** The header and all key material. */
  public byte[] build() {
    ByteBuffer luks = ByteBuffer.allocate(materialAt(8));
    luks.put("LUKS".getBytes(StandardCharsets.ISO_8859_1)).putShort((short) 0xbabe);
    luks.putShort((short) 1);
    put(luks, 8, "aes");
    put(luks, 40, mode);
    put(luks, 72, hash);
    byte[] salt = bytes(32);
    luks.putInt(104, materialAt(8) / 512).putInt(108, key.length);
    luks.put(112, pbkdf2(characters(key), salt, 2, 20)).put(132, salt).putInt(164, 2);
    for (int i = 0; i < 8; i++) {
      int at = SLOTS + i * SLOT;
      luks.putInt(at, 0xdead).putInt(at + 40, materialAt(i) / 512).putInt(at + 44, STRIPES);
      if (slots.containsKey(i)) {
        putKey(luks, i, slots.get(i));
      }
    }
    patches.forEach(luks::put);
    return luks.array();
  }

  private void putKey(ByteBuffer luks, int slot, String passphrase) {
    int at = SLOTS + slot * SLOT;
    byte[] salt = bytes(32);
    luks.putInt(at, 0x00ac71f3).putInt(at + 4, iterations).put(at + 8, salt);
    byte[] slotKey = pbkdf2(passphrase.toCharArray(), salt, iterations, key.length);
    luks.put(materialAt(slot), ReferenceSectors.encrypt(mode, slotKey, split(), 0));
  }

  /** The stripes: all but the last are random. */
  private byte[] split() {
    byte[] stripes = bytes(STRIPES * key.length);
    byte[] sum = new byte[key.length];
    int last = stripes.length - key.length;
    for (int at = 0; at < last; at += key.length) {
      sum = diffuse(ReferenceSectors.xor(sum, Arrays.copyOfRange(stripes, at, at + key.length)));
    }
    System.arraycopy(ReferenceSectors.xor(sum, key), 0, stripes, last, key.length);
    return stripes;
  }

  private byte[] diffuse(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(hash.replace("sha", "SHA-"));
      ByteBuffer out = ByteBuffer.allocate(bytes.length);
      for (int i = 0; out.hasRemaining(); i++) {
        int length = Math.min(digest.getDigestLength(), out.remaining());
        digest.update(ByteBuffer.allocate(4).putInt(0, i));
        digest.update(bytes, out.position(), length);
        out.put(digest.digest(), 0, length);
      }
      return out.array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] pbkdf2(char[] passphrase, byte[] salt, int rounds, int length) {
    try {
      var spec = new PBEKeySpec(passphrase, salt, rounds, 8 * length);
      return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.toUpperCase(Locale.ROOT))
          .generateSecret(spec)
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static char[] characters(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII).toCharArray();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void put(ByteBuffer luks, int at, String word) {
    luks.put(at, word.getBytes(StandardCharsets.ISO_8859_1));
  }
}
