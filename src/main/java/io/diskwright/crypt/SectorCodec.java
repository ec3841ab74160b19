package io.diskwright.crypt;

import io.diskwright.io.BlockCodec;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Encrypted sectors as a block: they are as long as what they decode to.
 *
 * @param numberShift what is added to a sector's place in its source to get the number it was
 *     encrypted by, in sectors
 */
record SectorCodec(SectorCipher cipher, long numberShift) implements BlockCodec {

  @Override
  public void decode(
      ByteSource source, long offset, int encodedLength, ByteBuffer target, Workspace workspace)
      throws IOException {
    int start = target.position();
    source.read(offset, target);
    target.position(start);
    cipher.decrypt(target, offset / SectorCipher.SECTOR + numberShift);
  }

  @Override
  public String word() {
    return "encrypted";
  }
}
