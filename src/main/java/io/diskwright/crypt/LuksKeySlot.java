package io.diskwright.crypt;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * One of the places of a LUKS1 header where the volume's key is kept, encrypted with a passphrase.
 * The other fields of a slot that is not active mean nothing.
 *
 * @param keyMaterialOffset where the encrypted stripes start, in sectors from the header's start
 */
record LuksKeySlot(
    boolean active, long iterations, byte[] salt, long keyMaterialOffset, long stripes) {

  static final int LENGTH = 48;

  private static final int ITERATIONS_AT = 4;
  private static final int SALT_AT = 8;
  private static final int SALT_LENGTH = 32;
  private static final int KEY_MATERIAL_OFFSET_AT = 40;
  private static final int STRIPES_AT = 44;
  private static final long ENABLED = 0x00ac71f3;
  private static final long DISABLED = 0x0000dead;

  /** The stripes that every writer splits a key into. */
  private static final int STRIPES = 4000;

  /**
   * Reads a slot.
   *
   * @param header the whole header
   * @param at where the slot stands in it
   * @param keyBytes of the volume's key
   * @param area bytes from the header's start on that may hold key material
   */
  static LuksKeySlot parse(ByteView header, int at, int keyBytes, long area) throws CorruptImage {
    long active = header.u32(at);
    if (active != ENABLED && active != DISABLED) {
      throw header.corrupt(
          "key slot active",
          at,
          Fault.number(active),
          Fault.number(ENABLED) + " or " + Fault.number(DISABLED));
    }
    var slot =
        new LuksKeySlot(
            active == ENABLED,
            header.u32(at + ITERATIONS_AT),
            header.bytes(at + SALT_AT, SALT_LENGTH),
            header.u32(at + KEY_MATERIAL_OFFSET_AT),
            header.u32(at + STRIPES_AT));
    if (slot.active) {
      slot.check(header, at, keyBytes, area);
    }
    return slot;
  }

  private void check(ByteView header, int at, int keyBytes, long area) throws CorruptImage {
    if (iterations == 0) {
      throw header.corrupt("key slot iterations", at + ITERATIONS_AT, "0", "at least 1");
    }
    if (stripes != STRIPES) {
      throw header.corrupt(
          "key slot stripes", at + STRIPES_AT, Fault.number(stripes), Integer.toString(STRIPES));
    }
    long start = keyMaterialOffset * SectorCipher.SECTOR;
    if (start < LuksHeader.LENGTH || start > area || materialLength(keyBytes) > area - start) {
      throw header.corrupt(
          "key-material-offset",
          at + KEY_MATERIAL_OFFSET_AT,
          Fault.number(keyMaterialOffset) + " sectors",
          "behind the header, the whole key material inside its " + Fault.number(area) + " bytes");
    }
  }

  /** Bytes of the stripes; whole sectors, with every key length there is. */
  static int materialLength(int keyBytes) {
    return STRIPES * keyBytes;
  }
}
