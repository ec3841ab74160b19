package io.diskwright.prepare;

import io.diskwright.volume.MasterBootRecord;
import io.diskwright.volume.MbrEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The first sector of a disk with a GPT, being changed. */
record ProtectiveMbr(byte[] sector) {

  private static final long MAX_SECTORS = 0xFFFFFFFFL;

  /** 1024 cylinders of 255 heads and 63 sectors: what the CHS fields can say. */
  private static final long CHS_SECTORS = 1024L * 255 * 63;

  /**
   * Lets the protective entry reach the disk's new end.
   *
   * @param oldSectors the disk's length before
   * @param oldEnd the sector after the old backup header; the disk may have grown since
   * @return whether that changed anything
   */
  boolean cover(MasterBootRecord mbr, long oldSectors, long oldEnd, long newSectors) {
    boolean changed = false;
    for (MbrEntry entry : mbr.entries()) {
      boolean covers =
          entry.sectors() == MAX_SECTORS
              || entry.endLba() == oldSectors
              || entry.endLba() == oldEnd
              || !mbr.isHybrid();
      if (entry.protective() && entry.firstLba() == 1 && covers) {
        changed |= setSectors(entry, Math.min(newSectors - 1, MAX_SECTORS));
      }
    }
    return changed;
  }

  private boolean setSectors(MbrEntry entry, long sectors) {
    if (entry.sectors() == sectors) {
      return false;
    }
    int at = MbrEntry.TABLE_OFFSET + (entry.index() - 1) * MbrEntry.SIZE;
    ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 12, (int) sectors);
    if (sectors >= CHS_SECTORS) {
      for (int i = 5; i < 8; i++) {
        sector[at + i] = (byte) 0xFF;
      }
    }
    return true;
  }
}
