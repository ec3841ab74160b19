package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The records of a directory. A name is looked up through the directory's index and, when that does
 * not lead to it, among all records: a damaged index hides nothing. Safe for any thread.
 */
final class Directory {

  /** Behind the inode number of the parent that an inline directory starts with. */
  private static final int INLINE_START = 4;

  private static final int TAIL = 12;

  /** What a record that holds a block's checksum gives as its type. */
  private static final int TAIL_TYPE = 0xde;

  private final ExtVolume volume;
  private final Inode inode;
  private final Checksums checksums;
  private final BlockMap map;
  private final DirectoryEntry.Rules rules;

  Directory(ExtVolume volume, Inode inode) throws IOException {
    this.volume = volume;
    this.inode = inode;
    this.checksums = volume.checksums(inode);
    this.map = BlockMap.of(volume, inode);
    boolean typed = (volume.superblock().incompat() & Features.INCOMPAT_FILETYPE) != 0;
    this.rules =
        new DirectoryEntry.Rules(
            typed, !inode.has(Inode.FLAG_ENCRYPT), volume.superblock().inodesCount());
    if (inode.size() < 0 || inode.size() / volume.blockSize() > BlockMap.MAX_BLOCKS) {
      throw new CorruptImage(
          volume.describe(),
          name() + " i_size",
          inode.offset() + 4,
          Fault.number(inode.size()),
          "at most 2^32 blocks");
    }
  }

  private String name() {
    return "inode " + inode.number() + " directory";
  }

  /**
   * All records in use, {@code .} and {@code ..} among them where they are stored. Names that are
   * encrypted are given as they are stored.
   */
  Cursor cursor() {
    return inode.has(Inode.FLAG_INLINE_DATA) ? new InlineCursor() : new BlockCursor();
  }

  /** Records one after the other. */
  abstract class Cursor {

    private @Nullable ByteView view;
    private int at;

    /** The next record in use; null at the end. */
    @Nullable DirectoryEntry next() throws IOException {
      ByteView current = view;
      while (true) {
        // Too little for a record at the end of inline data is no record.
        if (current == null || current.length() - at < DirectoryEntry.HEADER) {
          current = nextView();
          view = current;
          if (current == null) {
            return null;
          }
          at = start();
          continue;
        }
        int record = at;
        at += rules.length(current, record);
        if (current.u32(record) != 0) {
          return rules.parse(current, record);
        }
      }
    }

    /** Goes on until a record has a name; its inode, or 0 when there is none. */
    long find(byte[] name) throws IOException {
      for (ByteView block = nextView(); block != null; block = nextView()) {
        long found = rules.find(block, start(), name);
        if (found != 0) {
          return found;
        }
      }
      return 0;
    }

    /** The next records in a block or elsewhere; null at the end. */
    abstract @Nullable ByteView nextView() throws IOException;

    /** Where in a view its records start. */
    abstract int start();
  }

  private final class BlockCursor extends Cursor {

    private final long blocks = blocks();
    private long block;
    private long left = volume.storableBlocks();
    private BlockRun run = BlockRun.hole(0, 0);

    @Override
    @Nullable ByteView nextView() throws IOException {
      while (block < blocks) {
        if (run.end() <= block) {
          run = map.at(block);
        }
        if (!run.isStored()) {
          block = run.end();
          continue;
        }
        if (left-- <= 0) {
          throw corrupt("blocks", "a directory without end", "different blocks");
        }
        ByteView view = read(run.from(block).physical(), block);
        block++;
        return view;
      }
      return null;
    }

    @Override
    int start() {
      return 0;
    }
  }

  private final class InlineCursor extends Cursor {

    private int part;

    @Override
    @Nullable ByteView nextView() throws IOException {
      part++;
      if (part == 1) {
        return inline(inode.block());
      }
      byte[] rest = part == 2 ? ExtendedAttributes.inlineData(volume, inode) : new byte[0];
      return rest.length > 0 ? inline(rest) : null;
    }

    private ByteView inline(byte[] bytes) {
      return new ByteView(
          ByteBuffer.wrap(bytes),
          ByteOrder.LITTLE_ENDIAN,
          volume.describe(),
          name(),
          inode.offset());
    }

    @Override
    int start() {
      return part == 1 ? INLINE_START : 0;
    }
  }

  /** A block of the directory, its checksum verified. */
  private ByteView read(long physical, long block) throws IOException {
    ByteView view = volume.block(name() + " block " + block, physical);
    if (volume.superblock().hasMetadataChecksums()) {
      verify(view);
    }
    return view;
  }

  private void verify(ByteView view) throws IOException {
    Optional<IndexNode> index = inode.has(Inode.FLAG_INDEX) ? IndexNode.of(view) : Optional.empty();
    if (index.isPresent()) {
      index.get().verify(view, checksums);
      return;
    }
    int tail = view.length() - TAIL;
    if (view.u32(tail) != 0 || view.u16(tail + 4) != TAIL || view.u8(tail + 7) != TAIL_TYPE) {
      throw view.corrupt("tail", tail, "no checksum", "a record of type 0xde with the checksum");
    }
    int expected = checksums.of(ByteBuffer.wrap(view.bytes(0, tail)));
    ExtVolume.verify(view, "det_checksum", tail + 8, (int) view.u32(tail + 8), expected);
  }

  /** The number of the inode of that name; {@code ..} is one. */
  OptionalLong find(byte[] name) throws IOException {
    long found = 0;
    if (inode.has(Inode.FLAG_INDEX) && !inode.has(Inode.FLAG_INLINE_DATA)) {
      found = findByHash(name);
    }
    if (found == 0) {
      found = cursor().find(name);
    }
    if (found == 0 && inode.has(Inode.FLAG_CASEFOLD)) {
      found = findFolded(name);
    }
    return found == 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  private long findFolded(byte[] name) throws IOException {
    String folded = CaseFolding.fold(EntryNames.decode(name));
    Cursor cursor = cursor();
    for (DirectoryEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (CaseFolding.fold(EntryNames.decode(entry.name())).equals(folded)) {
        return entry.inode();
      }
    }
    return 0;
  }

  /** What the index leads to; 0 when it is of a kind not known, damaged, or has no such name. */
  private long findByHash(byte[] name) throws IOException {
    Optional<ByteView> view = mapped(0);
    Optional<IndexNode> node = view.isEmpty() ? Optional.empty() : IndexNode.of(view.get());
    if (view.isEmpty() || node.isEmpty()) {
      return 0;
    }
    OptionalLong hash =
        NameHash.of(
            name,
            view.get().u8(IndexNode.ROOT_INFO + 4),
            volume.superblock().hashesUnsigned(),
            volume.superblock().hashSeed());
    if (hash.isEmpty()) {
      return 0;
    }
    int levels = Math.min(view.get().u8(IndexNode.ROOT_INFO + 6), IndexNode.MAX_LEVELS);
    for (int level = 0; level <= levels; level++) {
      view = mapped(node.get().child(view.get(), hash.getAsLong()));
      if (level < levels) {
        node = view.isEmpty() ? Optional.empty() : IndexNode.of(view.get());
      }
      if (view.isEmpty() || node.isEmpty()) {
        return 0;
      }
    }
    return rules.find(view.get(), 0, name);
  }

  DirectoryEntry.Rules rules() {
    return rules;
  }

  /** How many blocks it has, holes among them. */
  long blocks() {
    return inode.size() / volume.blockSize();
  }

  CorruptImage corrupt(String what, String found, String allowed) {
    return inode.body().corrupt(what, 40, found, allowed);
  }

  /** One of its blocks; empty when there is none or it is a hole. */
  Optional<ByteView> mapped(long block) throws IOException {
    if (block >= blocks()) {
      return Optional.empty();
    }
    BlockRun run = map.at(block);
    return run.isStored() ? Optional.of(read(run.physical(), block)) : Optional.empty();
  }

  /** The inode of the directory that holds this one, as this one says. */
  OptionalLong parent() throws IOException {
    if (inode.has(Inode.FLAG_INLINE_DATA)) {
      return OptionalLong.of(inode.blockNumber(0));
    }
    Cursor cursor = cursor();
    for (int i = 0; i < 2; i++) {
      DirectoryEntry entry = cursor.next();
      if (entry != null && entry.isParent()) {
        return OptionalLong.of(entry.inode());
      }
    }
    throw new CorruptImage(
        volume.describe(), name(), inode.offset(), "no entry '..'", "'.' and '..' first");
  }
}
