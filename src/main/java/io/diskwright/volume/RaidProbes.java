package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Members of software RAID, and of the RAID of mainboards and controllers. */
final class RaidProbes {

  private static final long MD_MAGIC = 0xA92B4EFCL;
  private static final int MD0_BYTES = 64;
  private static final int MD1_BYTES = 256;
  private static final long DDF_MAGIC = 0xDE11DE11L;

  private RaidProbes() {}

  /** Linux md: 0.90 and 1.0 at the end, 1.1 at the start, 1.2 at 4 KiB. */
  static Optional<VolumeContent> mdadm(Window window) throws IOException {
    Optional<VolumeContent> found = md0(window, (window.length() & -0x10000) - 0x10000);
    if (found.isEmpty()) {
      found = md1(window, (window.length() & -0x1000) - 0x2000);
    }
    if (found.isEmpty()) {
      found = md1(window, 0);
    }
    return found.isPresent() ? found : md1(window, 0x1000);
  }

  private static Optional<VolumeContent> md0(Window window, long at) throws IOException {
    Optional<ByteView> found = window.little(at, MD0_BYTES);
    if (found.isPresent() && found.get().u32(0) != MD_MAGIC) {
      found = window.big(at, MD0_BYTES);
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (block.u32(0) != MD_MAGIC || block.u32(4) != 0) {
      return Optional.empty();
    }
    byte[] uuid = new byte[16];
    ByteBuffer.wrap(uuid)
        .putInt((int) block.u32(20))
        .putInt((int) block.u32(52))
        .putInt((int) block.u32(56))
        .putInt((int) block.u32(60));
    return Optional.of(new VolumeContent("linux_raid_member", "", Labels.uuid(uuid)));
  }

  private static Optional<VolumeContent> md1(Window window, long at) throws IOException {
    Optional<ByteView> found = window.little(at, MD1_BYTES);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView block = found.get();
    if (block.u32(0) != MD_MAGIC || block.u32(4) != 1 || block.u64(144) != at / 512) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent(
            "linux_raid_member",
            Labels.label(block, 32, 32, StandardCharsets.UTF_8),
            Labels.uuid(block, 16)));
  }

  /** Intel's and DDF metadata at the end. */
  static Optional<VolumeContent> firmware(Window window) throws IOException {
    long sectors = window.length() / 512;
    if (window.magic((sectors - 2) * 512, "Intel Raid ISM Cfg Sig. ")) {
      return Optional.of(new VolumeContent("isw_raid_member", "", ""));
    }
    for (long sector : new long[] {sectors - 1, sectors - 257}) {
      Optional<ByteView> anchor = window.big(sector * 512, 512);
      if (anchor.isPresent() && anchor.get().u32(0) == DDF_MAGIC) {
        String guid = Labels.label(anchor.get(), 8, 24, StandardCharsets.ISO_8859_1);
        return Optional.of(new VolumeContent("ddf_raid_member", "", guid));
      }
    }
    return Optional.empty();
  }
}
