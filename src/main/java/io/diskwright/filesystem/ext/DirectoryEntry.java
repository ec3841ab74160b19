package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.Optional;

/**
 * A record of a directory that is in use.
 *
 * @param fileType the kind as the directory keeps it, 0 when it does not
 * @param name its bytes
 */
record DirectoryEntry(long inode, int fileType, byte[] name) {

  /** Bytes before the name. */
  static final int HEADER = 8;

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
   * How a directory's records are read.
   *
   * @param typed whether the feature {@code filetype} gives half of the name's length to a type
   * @param plain whether names stand there as they are, not encrypted
   * @param inodes how many the filesystem has
   */
  record Rules(boolean typed, boolean plain, long inodes) {

    /** The checked length of a record, bytes to the next one. */
    int length(ByteView view, int at) throws CorruptImage {
      int length = DirectoryEntry.length(view.u16(at + 4), view.length());
      if (length < HEADER || length % 4 != 0 || length > view.length() - at) {
        throw view.corrupt(
            "rec_len",
            at + 4,
            Integer.toString(length),
            "multiples of 4 from 8 to " + (view.length() - at));
      }
      return length;
    }

    /** A record in use, whose length is checked. */
    DirectoryEntry parse(ByteView view, int at) throws CorruptImage {
      byte[] name = view.bytes(at + HEADER, nameLength(view, at));
      if (plain) {
        EntryNames.checked(EntryNames.decode(name), view, at + HEADER);
      }
      return new DirectoryEntry(inode(view, at), typed ? view.u8(at + 7) : 0, name);
    }

    /** The inode of the record with a name, from one record on; 0 when there is none. */
    long find(ByteView view, int start, byte[] name) throws CorruptImage {
      int at = start;
      while (view.length() - at >= HEADER) {
        int length = length(view, at);
        if (view.u32(at) != 0 && nameLength(view, at) == name.length && isAt(view, at, name)) {
          return inode(view, at);
        }
        at += length;
      }
      return 0;
    }

    private static boolean isAt(ByteView view, int at, byte[] name) throws CorruptImage {
      for (int i = name.length - 1; i >= 0; i--) {
        if ((byte) view.u8(at + HEADER + i) != name[i]) {
          return false;
        }
      }
      return true;
    }

    private long inode(ByteView view, int at) throws CorruptImage {
      long inode = view.u32(at);
      if (inode > inodes) {
        throw view.corrupt("inode", at, Fault.number(inode), "at most " + inodes);
      }
      return inode;
    }

    private int nameLength(ByteView view, int at) throws CorruptImage {
      int nameLength = typed ? view.u8(at + 6) : view.u16(at + 6);
      int room = DirectoryEntry.length(view.u16(at + 4), view.length()) - HEADER;
      if (nameLength > Math.min(room, 255)) {
        throw view.corrupt(
            "name_len", at + 6, Integer.toString(nameLength), "at most " + Math.min(room, 255));
      }
      return nameLength;
    }
  }

  /**
   * Blocks of 64 KiB give their own length as 0 or 65535, and use the two lowest bits otherwise.
   */
  static int length(int stored, int blockSize) {
    if (blockSize < 1 << 16) {
      return stored;
    }
    return stored == 0 || stored == 0xffff ? 1 << 16 : (stored & 0xfffc) | ((stored & 3) << 16);
  }

  boolean isDots() {
    return (name.length == 1 && name[0] == '.') || isParent();
  }

  boolean isParent() {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }

  Optional<FileKind> kind() {
    return fileType >= 1 && fileType <= KINDS.length
        ? Optional.of(KINDS[fileType - 1])
        : Optional.empty();
  }
}
