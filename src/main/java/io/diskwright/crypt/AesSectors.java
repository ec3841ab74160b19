package io.diskwright.crypt;

import static io.diskwright.crypt.SectorCipher.SECTOR;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The state of one thread that decrypts sectors with AES.
 *
 * <p>Many sectors are given to the JDK at once, always as CBC without an initialization vector:
 * that it does several blocks at a time, while ECB, of which XTS consists, goes block by block. CBC
 * leaves each block combined with the encrypted block before it, which the masks take off again
 * together with what the mode itself wants.
 */
final class AesSectors {

  private static final int BLOCK = 16;

  /** Bytes decrypted at once. */
  private static final int PIECE = 1 << 15;

  private static final int LONGS_OF_SECTOR = SECTOR / Long.BYTES;
  private static final long XTS_POLYNOMIAL = 0x87;

  private final CipherMode mode;
  private final Cipher blocks;

  /** What the sectors' numbers go through, one after the other, to become vectors or tweaks. */
  private final List<Cipher> numberCiphers = new ArrayList<>();

  private final byte[] in = new byte[PIECE];
  private final byte[] out = new byte[PIECE];
  private final byte[] ivs = new byte[PIECE / SECTOR * BLOCK];
  private final LongBuffer inLongs = longs(in);
  private final LongBuffer outLongs = longs(out);
  private final LongBuffer ivLongs = longs(ivs);
  private final long[] masks = new long[PIECE / Long.BYTES];

  /**
   * @param key of a length that the mode's chaining takes
   */
  AesSectors(CipherMode mode, byte[] key) {
    this.mode = mode;
    int length = mode.chaining() == CipherMode.Chaining.XTS ? key.length / 2 : key.length;
    this.blocks = cipher("AES/CBC/NoPadding", Cipher.DECRYPT_MODE, Arrays.copyOf(key, length));
    if (mode.iv() == CipherMode.Iv.ESSIV_SHA256) {
      numberCiphers.add(encryption(HashSpec.SHA256.digest().digest(key)));
    }
    if (mode.chaining() == CipherMode.Chaining.XTS) {
      numberCiphers.add(encryption(Arrays.copyOfRange(key, length, key.length)));
    }
  }

  private static Cipher encryption(byte[] key) {
    return cipher("AES/ECB/NoPadding", Cipher.ENCRYPT_MODE, key);
  }

  private static Cipher cipher(String transformation, int operation, byte[] key) {
    try {
      Cipher cipher = Cipher.getInstance(transformation);
      var aes = new SecretKeySpec(key, "AES");
      if (transformation.contains("CBC")) {
        cipher.init(operation, aes, new IvParameterSpec(new byte[BLOCK]));
      } else {
        cipher.init(operation, aes);
      }
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LongBuffer longs(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  }

  /** As {@link SectorCipher#decrypt}. */
  void decrypt(ByteBuffer sectors, long first) {
    long number = first;
    while (sectors.hasRemaining()) {
      int length = Math.min(PIECE, sectors.remaining());
      int at = sectors.position();
      sectors.get(at, in, 0, length);
      try {
        decryptPiece(length, number);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e); // whole blocks of a key that was taken
      }
      sectors.put(at, out, 0, length);
      sectors.position(at + length);
      number += length / SECTOR;
    }
  }

  private void decryptPiece(int length, long first) throws GeneralSecurityException {
    makeIvs(length / SECTOR, first);
    switch (mode.chaining()) {
      case CBC -> maskCbc(length / SECTOR);
      case XTS -> maskXts(length / SECTOR);
    }
    blocks.doFinal(in, 0, length, out, 0);
    for (int i = 0; i < length / Long.BYTES; i++) {
      outLongs.put(i, outLongs.get(i) ^ masks[i]);
    }
  }

  private void makeIvs(int sectors, long first) throws GeneralSecurityException {
    for (int i = 0; i < sectors; i++) {
      long number = first + i;
      ivLongs.put(2 * i, mode.iv() == CipherMode.Iv.PLAIN ? number & 0xffff_ffffL : number);
      ivLongs.put(2 * i + 1, 0);
    }
    for (Cipher cipher : numberCiphers) {
      cipher.doFinal(ivs, 0, sectors * BLOCK, ivs, 0);
    }
  }

  /** Each sector is a chain of its own: its first block takes its vector, not the one before. */
  private void maskCbc(int sectors) {
    Arrays.fill(masks, 0, sectors * LONGS_OF_SECTOR, 0);
    for (int sector = 0; sector < sectors; sector++) {
      int at = sector * LONGS_OF_SECTOR;
      masks[at] = ivLongs.get(2 * sector) ^ before(at);
      masks[at + 1] = ivLongs.get(2 * sector + 1) ^ before(at + 1);
    }
  }

  /** Combines each block with its tweak before it is decrypted, and after. */
  private void maskXts(int sectors) {
    for (int sector = 0; sector < sectors; sector++) {
      long low = ivLongs.get(2 * sector);
      long high = ivLongs.get(2 * sector + 1);
      int end = (sector + 1) * LONGS_OF_SECTOR;
      for (int at = sector * LONGS_OF_SECTOR; at < end; at += 2) {
        masks[at] = low ^ before(at);
        masks[at + 1] = high ^ before(at + 1);
        inLongs.put(at, inLongs.get(at) ^ low);
        inLongs.put(at + 1, inLongs.get(at + 1) ^ high);
        long carry = high >> Long.SIZE - 1 & XTS_POLYNOMIAL;
        high = high << 1 | low >>> Long.SIZE - 1;
        low = low << 1 ^ carry;
      }
    }
  }

  /** What CBC combines a decrypted long with: the same long of the block before. */
  private long before(int at) {
    return at < 2 ? 0 : inLongs.get(at - 2);
  }
}
