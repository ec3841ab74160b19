package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The extended attributes of an inode: behind its fields, in a block, in inodes of their own. */
final class ExtendedAttributes {

  private static final long MAGIC = 0xea020000L;
  private static final int BLOCK_HEADER = 32;
  private static final int ENTRY_HEADER = 16;
  private static final int SYSTEM = 7;
  private static final String INLINE_DATA = "data";

  /** As the kernel: no value is longer. */
  private static final int MAX_VALUE = 1 << 16;

  private static final Map<Integer, String> PREFIXES =
      Map.of(
          1, "user.",
          2, PosixAcl.ACCESS,
          3, PosixAcl.DEFAULT,
          4, "trusted.",
          6, "security.",
          10, "gnu.");

  private final ExtVolume volume;
  private final Inode inode;

  private ExtendedAttributes(ExtVolume volume, Inode inode) {
    this.volume = volume;
    this.inode = inode;
  }

  /** Takes an attribute. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int nameIndex, String name, ByteSource value) throws IOException;
  }

  /** All attributes that the kernel lists, by their full names. */
  static Map<String, ByteSource> of(ExtVolume volume, Inode inode) throws IOException {
    Map<String, ByteSource> found = new TreeMap<>();
    new ExtendedAttributes(volume, inode)
        .visit((index, name, value) -> {
          String prefix = PREFIXES.get(index);
          if (prefix != null) {
            found.putIfAbsent(
                prefix + name, PosixAcl.isAcl(prefix) ? PosixAcl.portable(value) : value);
          }
        });
    return found;
  }

  /** What of an inode's inline data does not fit into {@code i_block}. */
  static byte[] inlineData(ExtVolume volume, Inode inode) throws IOException {
    byte[][] data = {new byte[0]};
    new ExtendedAttributes(volume, inode)
        .visit((index, name, value) -> {
          if (index == SYSTEM && name.equals(INLINE_DATA)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) value.size());
            value.read(0, bytes);
            data[0] = bytes.array();
          }
        });
    return data[0];
  }

  private void visit(Visitor visitor) throws IOException {
    int start = Inode.BASE_SIZE + inode.extraSize();
    ByteView body = inode.body();
    if (inode.extraSize() > 0 && body.length() - start >= 8 && body.u32(start) == MAGIC) {
      entries(body, start + 4, start + 4, visitor);
    }
    if (inode.fileAcl() != 0) {
      String structure = "inode " + inode.number() + " attribute block";
      ByteView block = volume.block(structure, inode.fileAcl());
      if (block.u32(0) != MAGIC) {
        throw block.corrupt("h_magic", 0, Fault.number(block.u32(0)), "0xea020000");
      }
      if (volume.superblock().hasMetadataChecksums()) {
        verify(block);
      }
      entries(block, BLOCK_HEADER, 0, visitor);
    }
  }

  private void verify(ByteView block) throws IOException {
    byte[] bytes = block.bytes(0, block.length());
    Arrays.fill(bytes, 16, 20, (byte) 0);
    ByteBuffer number =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(inode.fileAcl()).flip();
    int expected = volume.checksums().of(number, ByteBuffer.wrap(bytes));
    ExtVolume.verify(block, "h_checksum", 16, (int) block.u32(16), expected);
  }

  /**
   * @param first where the entries start
   * @param values what the places of values count from
   */
  private void entries(ByteView view, int first, int values, Visitor visitor) throws IOException {
    int at = first;
    while (view.length() - at >= 4 && view.u32(at) != 0) {
      int nameLength = view.u8(at);
      long size = view.u32(at + 8);
      long valueInode = view.u32(at + 4);
      String name = EntryNames.decode(view.bytes(at + ENTRY_HEADER, nameLength));
      if (size > MAX_VALUE) {
        throw view.tooLarge("e_value_size", at + 8, Fault.number(size), "at most " + MAX_VALUE);
      }
      ByteSource value =
          valueInode != 0
              ? inOwnInode(valueInode, size)
              : new MemorySource(
                  volume.describe() + "[attribute " + name + " of inode " + inode.number() + "]",
                  size == 0 ? new byte[0] : view.bytes(values + view.u16(at + 2), (int) size));
      visitor.visit(view.u8(at + 1), name, value);
      at += (ENTRY_HEADER + nameLength + 3) / 4 * 4;
    }
  }

  private ByteSource inOwnInode(long number, long size) throws IOException {
    Inode holder = volume.inode(number);
    if (!holder.has(Inode.FLAG_EA_INODE) || holder.size() != size) {
      throw new CorruptImage(
          volume.describe(),
          "inode " + number,
          holder.offset(),
          holder.size() + " bytes, flags " + Fault.number(holder.flags()),
          "an attribute's value of " + size + " bytes");
    }
    return new ExtContent(volume, holder, BlockMap.of(volume, holder));
  }
}
