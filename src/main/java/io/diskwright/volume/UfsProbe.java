package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The BSDs' UFS, in either byte order, at the four places a superblock may lie. */
final class UfsProbe {

  private static final long[] PLACES = {65536, 8192, 0, 262144};
  private static final int SUPERBLOCK = 1376;
  private static final int MAGIC = 1372;
  private static final long UFS1 = 0x00011954;
  private static final long UFS2 = 0x19540119;

  private UfsProbe() {}

  static Optional<VolumeContent> detect(Window window) throws IOException {
    for (long at : PLACES) {
      Optional<ByteView> little = window.little(at, SUPERBLOCK);
      if (little.isEmpty()) {
        continue;
      }
      Optional<VolumeContent> content = content(little.get());
      if (content.isEmpty()) {
        content = content(window.big(at, SUPERBLOCK).orElseThrow());
      }
      if (content.isPresent()) {
        return content;
      }
    }
    return Optional.empty();
  }

  private static Optional<VolumeContent> content(ByteView block) throws IOException {
    long magic = block.u32(MAGIC);
    if ((magic != UFS1 && magic != UFS2) || !Labels.powerOfTwo(block.u32(48), 4096, 65536)) {
      return Optional.empty();
    }
    String label = magic == UFS2 ? Labels.label(block, 680, 32, StandardCharsets.UTF_8) : "";
    boolean anonymous = block.u32(144) == 0 && block.u32(148) == 0;
    String uuid =
        anonymous ? "" : String.format(Locale.ROOT, "%08x%08x", block.u32(144), block.u32(148));
    return Optional.of(new VolumeContent("ufs", label, uuid));
  }
}
