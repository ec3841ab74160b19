package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Volumes that wrap others: LUKS, bcache, VMFS. */
final class ContainerProbes {

  private static final int LUKS_BYTES = 208;
  private static final byte[] BCACHE_MAGIC =
      HexFormat.of().parseHex("c68573f64e1a45ca8265f57f48ba6d81");
  private static final long VMFS_MAGIC = 0x2FABF15EL;
  private static final long VMFS_VOLUME_MAGIC = 0xC001D00DL;
  private static final int[] VMFS_UUID_ORDER = {
    3, 2, 1, 0, 7, 6, 5, 4, 9, 8, 10, 11, 12, 13, 14, 15
  };

  private ContainerProbes() {}

  /** LUKS, versions 1 and 2. */
  static Optional<VolumeContent> luks(Window window) throws IOException {
    Optional<ByteView> found = window.big(0, LUKS_BYTES);
    if (found.isEmpty() || !found.get().startsWith(0, "LUKS\u00ba\u00be")) {
      return Optional.empty();
    }
    ByteView header = found.get();
    int version = header.u16(6);
    String uuid = Labels.label(header, 168, 40, StandardCharsets.ISO_8859_1);
    return switch (version) {
      case 1 -> Optional.of(new VolumeContent("crypto_LUKS", "", uuid));
      case 2 -> {
        String label = Labels.label(header, 24, 48, StandardCharsets.UTF_8);
        yield Optional.of(new VolumeContent("crypto_LUKS", label, uuid));
      }
      default -> Optional.empty();
    };
  }

  /** Both devices of a bcache. */
  static Optional<VolumeContent> bcache(Window window) throws IOException {
    Optional<ByteView> found = window.little(0x1000, 256);
    if (found.isEmpty() || !Arrays.equals(found.get().bytes(24, 16), BCACHE_MAGIC)) {
      return Optional.empty();
    }
    // The block says itself in which sector it lies.
    return found.get().u64(8) == 8
        ? Optional.of(new VolumeContent("bcache", "", Labels.uuid(found.get(), 40)))
        : Optional.empty();
  }

  /** VMware's filesystem, and the volumes it is put together from. */
  static Optional<VolumeContent> vmfs(Window window) throws IOException {
    Optional<ByteView> volume = window.little(1 << 20, 1024);
    Optional<ByteView> info = window.little(2 << 20, 256);
    if (info.isPresent() && info.get().u32(0) == VMFS_MAGIC) {
      String label = Labels.label(info.get(), 29, 128, StandardCharsets.UTF_8);
      return Optional.of(new VolumeContent("VMFS", label, vmfsUuid(info.get(), 9)));
    }
    if (volume.isEmpty() || volume.get().u32(0) != VMFS_VOLUME_MAGIC) {
      return Optional.empty();
    }
    String uuid = Labels.label(volume.get(), 512 + 20, 35, StandardCharsets.ISO_8859_1);
    return Optional.of(new VolumeContent("VMFS_volume_member", "", uuid));
  }

  private static String vmfsUuid(ByteView view, int at) throws IOException {
    byte[] uuid = new byte[16];
    for (int i = 0; i < uuid.length; i++) {
      uuid[i] = (byte) view.u8(at + VMFS_UUID_ORDER[i]);
    }
    HexFormat hex = HexFormat.of();
    return String.join(
        "-",
        hex.formatHex(uuid, 0, 4),
        hex.formatHex(uuid, 4, 8),
        hex.formatHex(uuid, 8, 10),
        hex.formatHex(uuid, 10, 16));
  }
}
