package io.diskwright.crypt;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Decrypts sectors of 512 bytes, each by its number. Safe for any thread: each call works with a
 * state of its own.
 */
public final class SectorCipher {

  /** Bytes that are encrypted on their own. */
  public static final int SECTOR = 512;

  private final CipherMode mode;
  private final byte[] key;
  private final ConcurrentLinkedDeque<AesSectors> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param key of a length that the mode's chaining takes; not changed afterwards
   */
  SectorCipher(CipherMode mode, byte[] key) {
    this.mode = mode;
    this.key = key;
  }

  /** What it is, as other tools write it: {@code aes-256-xts-plain64}. */
  public String describe() {
    return mode.describe(key.length);
  }

  /**
   * Decrypts the remaining bytes of a buffer where they are; its position moves to its limit.
   *
   * @param sectors whole sectors
   * @param first the first one's number
   */
  public void decrypt(ByteBuffer sectors, long first) {
    if (sectors.remaining() % SECTOR != 0) {
      throw new IllegalArgumentException(sectors.remaining() + " bytes are no whole sectors");
    }
    AesSectors state = idle.pollFirst();
    if (state == null) {
      state = new AesSectors(mode, key);
    }
    state.decrypt(sectors, first);
    idle.addFirst(state);
  }
}
