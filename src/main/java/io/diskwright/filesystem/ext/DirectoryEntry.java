package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.Arrays;
import java.util.Optional;

/**
 * A record of a directory.
 *
 * @param inode 0 when the record is free
 * @param recordLength bytes to the next one
 * @param fileType the kind as the directory keeps it, 0 when it does not
 * @param name its bytes
 */
record DirectoryEntry(long inode, int recordLength, int fileType, byte[] name) {

  private static final int HEADER = 8;

  private static final FileKind[] KINDS = {
    FileKind.REGULAR,
    FileKind.DIRECTORY,
    FileKind.CHARACTER_DEVICE,
    FileKind.BLOCK_DEVICE,
    FileKind.FIFO,
    FileKind.SOCKET,
    FileKind.SYMBOLIC_LINK
  };

  /**
   * @param end where the records of the view end
   * @param typed whether the feature {@code filetype} gives half of the name's length to a type
   */
  static DirectoryEntry parse(ByteView view, int at, int end, boolean typed, long inodes)
      throws CorruptImage {
    int length = length(view.u16(at + 4), view.length());
    int nameLength = typed ? view.u8(at + 6) : Math.min(view.u16(at + 6), 255);
    if (length < HEADER || length % 4 != 0 || length > end - at) {
      throw view.corrupt(
          "rec_len", at + 4, Integer.toString(length), "multiples of 4 from 8 to " + (end - at));
    }
    long inode = view.u32(at);
    if (inode == 0) {
      return new DirectoryEntry(0, length, view.u8(at + 7), new byte[0]);
    }
    if (nameLength > length - HEADER) {
      throw view.corrupt(
          "name_len", at + 6, Integer.toString(nameLength), "at most " + (length - HEADER));
    }
    if (inode > inodes) {
      throw view.corrupt("inode", at, Fault.number(inode), "at most " + inodes);
    }
    byte[] name = view.bytes(at + HEADER, nameLength);
    EntryNames.checked(EntryNames.decode(name), view, at + HEADER);
    return new DirectoryEntry(inode, length, typed ? view.u8(at + 7) : 0, name);
  }

  /**
   * Blocks of 64 KiB give their own length as 0 or 65535, and use the two lowest bits otherwise.
   */
  static int length(int stored, int blockSize) {
    if (blockSize < 1 << 16) {
      return stored;
    }
    return stored == 0 || stored == 0xffff ? 1 << 16 : stored & 0xfffc | (stored & 3) << 16;
  }

  boolean isInUse() {
    return inode != 0;
  }

  boolean isDots() {
    return (name.length == 1 && name[0] == '.') || isParent();
  }

  boolean isParent() {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }

  boolean isNamed(byte[] other) {
    return inode != 0 && Arrays.equals(name, other);
  }

  Optional<FileKind> kind() {
    return fileType >= 1 && fileType <= KINDS.length
        ? Optional.of(KINDS[fileType - 1])
        : Optional.empty();
  }
}
