package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.Optional;

/**
 * An entry of a directory.
 *
 * @param inode what it leads to, inside the filesystem
 * @param fileType what the entry says of the kind; 0 when it says nothing
 * @param at where it lies in its block
 */
record DirectoryEntry(long inode, byte[] name, int fileType, int at) {

  /** Kinds in the order of their numbers, from 1 on. */
  private static final FileKind[] KINDS = {
    FileKind.REGULAR,
    FileKind.DIRECTORY,
    FileKind.CHARACTER_DEVICE,
    FileKind.BLOCK_DEVICE,
    FileKind.FIFO,
    FileKind.SOCKET,
    FileKind.SYMBOLIC_LINK
  };

  /** Takes an entry whose bytes have been found. */
  static DirectoryEntry of(
      Geometry geometry, ByteView view, int at, long inode, int nameAt, int length, int typeAt)
      throws CorruptImage {
    if (length == 0) {
      throw view.corrupt("namelen", at, "0", "1 to 255");
    }
    if (!geometry.holdsInode(inode)) {
      throw view.corrupt(
          "inumber", at, Fault.number(inode), "the number of an inode inside the filesystem");
    }
    int fileType = typeAt < 0 ? 0 : view.u8(typeAt);
    if (fileType > KINDS.length) {
      // What marks an entry without a file ("whiteout") is known to the kernel, and never stored.
      throw view.corrupt("ftype", typeAt, "" + fileType, "0 to " + KINDS.length);
    }
    var entry = new DirectoryEntry(inode, view.bytes(nameAt, length), fileType, at);
    EntryNames.checked(entry.text(), view, nameAt);
    return entry;
  }

  Optional<FileKind> kind() {
    return fileType == 0 ? Optional.empty() : Optional.of(KINDS[fileType - 1]);
  }

  String text() {
    return EntryNames.decode(name);
  }

  boolean isSelf() {
    return name.length == 1 && name[0] == '.';
  }

  boolean isParent() {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }
}
