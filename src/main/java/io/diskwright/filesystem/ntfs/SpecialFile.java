package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What Windows' old subsystem for UNIX, and ntfs-3g after it, put into files with the attribute
 * "system": links, devices, pipes and sockets.
 *
 * @param target of a link, else empty
 */
record SpecialFile(FileKind kind, String target, int major, int minor) {

  private static final int MAGIC = 8;
  private static final int MAX_LINK = 8192;
  private static final int DEVICE = MAGIC + 16;

  /**
   * What a system file with that content is; empty when it is an ordinary file.
   *
   * @param hidden whether the file is hidden, as empty files of Windows itself are
   */
  static Optional<SpecialFile> of(ByteSource content, boolean hidden) throws IOException {
    long size = content.size();
    if (size <= 1) {
      FileKind kind = size == 0 ? FileKind.FIFO : FileKind.SOCKET;
      return hidden ? Optional.empty() : Optional.of(new SpecialFile(kind, "", 0, 0));
    }
    if (size < MAGIC || size > MAGIC + MAX_LINK) {
      return Optional.empty();
    }
    ByteView view = content.view("special file", 0, (int) size, ByteOrder.LITTLE_ENDIAN);
    if (view.startsWith(0, "IntxLNK\1")) {
      String target = new String(view.bytes(MAGIC, (int) size - MAGIC), StandardCharsets.UTF_16LE);
      return Optional.of(new SpecialFile(FileKind.SYMBOLIC_LINK, target, 0, 0));
    }
    boolean character = view.startsWith(0, "IntxCHR\0");
    if (size == DEVICE && (character || view.startsWith(0, "IntxBLK\0"))) {
      FileKind kind = character ? FileKind.CHARACTER_DEVICE : FileKind.BLOCK_DEVICE;
      return Optional.of(new SpecialFile(kind, "", (int) view.u64(8), (int) view.u64(16)));
    }
    return Optional.empty();
  }
}
