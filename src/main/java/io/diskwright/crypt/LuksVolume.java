package io.diskwright.crypt;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** A LUKS1 header and the key material behind it, which a passphrase unlocks. */
public final class LuksVolume {

  /**
   * The HMACs done for one passphrase: an image made with the tools' defaults takes 5 to 30
   * million, which a processor does in a few seconds.
   */
  private static final long MAX_WORK = 100_000_000;

  private final ByteSource source;
  private final long offset;
  private final LuksHeader header;

  private LuksVolume(ByteSource source, long offset, LuksHeader header) {
    this.source = source;
    this.offset = offset;
    this.header = header;
  }

  /**
   * Reads the header and checks it.
   *
   * @param offset where it starts, in bytes
   * @param length bytes it and its key material have, inside the source
   * @throws io.diskwright.io.ImageException when it is damaged or not understood
   */
  public static LuksVolume read(ByteSource source, long offset, long length) throws IOException {
    if (length < LuksHeader.LENGTH) {
      throw new CorruptImage(
          source.describe(),
          LuksHeader.NAME,
          offset,
          Fault.number(length) + " bytes",
          "at least " + LuksHeader.LENGTH);
    }
    ByteView view = source.view(LuksHeader.NAME, offset, LuksHeader.LENGTH, ByteOrder.BIG_ENDIAN);
    return new LuksVolume(source, offset, LuksHeader.parse(view, length));
  }

  /** Version and cipher, as other tools write it: {@code LUKS1, aes-256-xts-plain64}. */
  public String describe() {
    return "LUKS1, " + header.cipherMode().describe(header.keyBytes());
  }

  /**
   * Finds the key slot that the passphrase opens.
   *
   * @return what decrypts the volume's sectors
   * @throws UnsupportedFeature when it opens none
   * @throws CorruptImage when there is none to open
   * @throws LimitExceeded when the slots ask for more iterations than diskwright does
   */
  public SectorCipher unlock(Secret secret) throws IOException {
    long work = 0;
    long active = 0;
    for (int i = 0; i < header.keySlots().size(); i++) {
      LuksKeySlot slot = header.keySlots().get(i);
      if (slot.active()) {
        active++;
        work += work(slot);
        if (work > MAX_WORK) {
          throw tooMuchWork(i, work);
        }
        byte[] key = key(slot, secret);
        if (isRight(key)) {
          return new SectorCipher(header.cipherMode(), key);
        }
      }
    }
    if (active == 0) {
      throw new CorruptImage(
          source.describe(),
          LuksHeader.NAME + " key slots",
          offset + LuksHeader.KEY_SLOTS_AT,
          "none that is active",
          "at least one",
          "Its keys were erased; nobody can decrypt this image");
    }
    throw new UnsupportedFeature(
        source.describe(),
        LuksHeader.NAME + " key slots",
        offset + LuksHeader.KEY_SLOTS_AT,
        "none of the " + active + " active ones opened by the content of " + secret.file(),
        "the passphrase of the image",
        "Check the --secret-file; one line end behind the passphrase is not taken as part of it");
  }

  /** The HMACs it takes to try a slot; 2^36 at most. */
  private long work(LuksKeySlot slot) {
    HashSpec hash = header.hashSpec();
    return slot.iterations() * Pbkdf2.blocks(hash, header.keyBytes())
        + header.mkDigestIterations() * Pbkdf2.blocks(hash, header.mkDigest().length);
  }

  private LimitExceeded tooMuchWork(int slot, long work) {
    return new LimitExceeded(
        source.describe(),
        LuksHeader.NAME + " iterations",
        offset + LuksHeader.KEY_SLOTS_AT + (long) slot * LuksKeySlot.LENGTH,
        Fault.number(work) + " rounds of " + header.hashSpec().word() + " up to this key slot",
        "up to " + Fault.number(MAX_WORK),
        "If you trust the image, remove the key slots you do not need, or add the passphrase again"
            + " with fewer iterations");
  }

  private byte[] key(LuksKeySlot slot, Secret secret) throws IOException {
    int keyBytes = header.keyBytes();
    HashSpec hash = header.hashSpec();
    ByteBuffer material = ByteBuffer.allocate(LuksKeySlot.materialLength(keyBytes));
    source.read(offset + slot.keyMaterialOffset() * SectorCipher.SECTOR, material);
    byte[] slotKey =
        Pbkdf2.derive(hash, secret.passphrase(), slot.salt(), slot.iterations(), keyBytes);
    new SectorCipher(header.cipherMode(), slotKey).decrypt(material.flip(), 0);
    return AntiForensicSplitter.merge(hash, material.array(), keyBytes);
  }

  private boolean isRight(byte[] key) {
    byte[] digest =
        Pbkdf2.derive(
            header.hashSpec(),
            key,
            header.mkDigestSalt(),
            header.mkDigestIterations(),
            header.mkDigest().length);
    return MessageDigest.isEqual(digest, header.mkDigest());
  }
}
