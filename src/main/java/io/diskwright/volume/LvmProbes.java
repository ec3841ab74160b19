package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Physical volumes of Linux's and Windows' volume managers. */
final class LvmProbes {

  private static final int SECTOR = 512;
  private static final int LABEL_SECTORS = 4;
  private static final int PV_UUID = 32;
  private static final int[] UUID_GROUPS = {6, 4, 4, 4, 4, 4, 6};

  private LvmProbes() {}

  /** LVM2: the label in one of the first four sectors says which one it is. */
  static Optional<VolumeContent> lvm2(Window window) throws IOException {
    for (int sector = 0; sector < LABEL_SECTORS; sector++) {
      Optional<ByteView> found = window.little((long) sector * SECTOR, SECTOR);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      ByteView label = found.get();
      if (label.startsWith(0, "LABELONE")
          && label.startsWith(24, "LVM2 001")
          && label.u64(8) == sector) {
        long header = label.u32(20);
        String uuid = header <= SECTOR - PV_UUID ? uuid(label, (int) header) : "";
        return Optional.of(new VolumeContent("LVM2_member", "", uuid));
      }
    }
    return Optional.empty();
  }

  /** LVM1, whose magic is short: its UUID must be one. */
  static Optional<VolumeContent> lvm1(Window window) throws IOException {
    Optional<ByteView> found = window.little(0, SECTOR);
    if (found.isEmpty() || !found.get().startsWith(0, "HM")) {
      return Optional.empty();
    }
    int version = found.get().u16(2);
    String uuid = uuid(found.get(), 44);
    return (version == 1 || version == 2) && !uuid.isEmpty()
        ? Optional.of(new VolumeContent("LVM1_member", "", uuid))
        : Optional.empty();
  }

  /** Windows' dynamic disks: the private header lies in sector 6 or at an end of its partition. */
  static Optional<VolumeContent> ldm(Window window) throws IOException {
    long last = (window.length() / SECTOR - 1) * SECTOR;
    boolean found =
        window.magic(0, "PRIVHEAD")
            || window.magic(last, "PRIVHEAD")
            || (window.start() == 0 && window.magic(6 * SECTOR, "PRIVHEAD"));
    return found ? Optional.of(new VolumeContent("LDM", "", "")) : Optional.empty();
  }

  /** 32 letters and digits in LVM's groups; empty when they are something else. */
  private static String uuid(ByteView view, int at) throws IOException {
    String text = new String(view.bytes(at, PV_UUID), StandardCharsets.ISO_8859_1);
    if (!text.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c))) {
      return "";
    }
    var groups = new StringBuilder();
    int from = 0;
    for (int length : UUID_GROUPS) {
      groups.append(from == 0 ? "" : "-").append(text, from, from + length);
      from += length;
    }
    return groups.toString();
  }
}
