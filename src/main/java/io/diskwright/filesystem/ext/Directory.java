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
 * not lead to it, among all records: a damaged index hides nothing.
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
  private final boolean typed;

  Directory(ExtVolume volume, Inode inode) throws IOException {
    this.volume = volume;
    this.inode = inode;
    this.checksums = volume.checksums(inode);
    this.typed = (volume.superblock().incompat() & Features.INCOMPAT_FILETYPE) != 0;
    if (inode.size() < 0 || inode.size() > BlockMap.MAX_BLOCKS * volume.blockSize()) {
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

  /** All records in use, {@code .} and {@code ..} among them where they are stored. */
  Cursor cursor() throws IOException {
    return inode.has(Inode.FLAG_INLINE_DATA) ? new InlineCursor() : new BlockCursor();
  }

  /** Records one after the other. */
  abstract class Cursor {

    private @Nullable ByteView view;
    private int at;
    private int end;

    /** The next record in use; null at the end. */
    @Nullable DirectoryEntry next() throws IOException {
      while (true) {
        if (view == null || at >= end) {
          view = nextView();
          if (view == null) {
            return null;
          }
          at = start();
          end = view.length();
          continue;
        }
        // Too little for a record at the end of inline data is no record.
        if (end - at < 8) {
          at = end;
          continue;
        }
        DirectoryEntry entry =
            DirectoryEntry.parse(view, at, end, typed, volume.superblock().inodesCount());
        at += entry.recordLength();
        if (entry.isInUse()) {
          return entry;
        }
      }
    }

    abstract @Nullable ByteView nextView() throws IOException;

    abstract int start();
  }

  private final class BlockCursor extends Cursor {

    private final BlockMap map = BlockMap.of(volume, inode);
    private final long blocks = inode.size() / volume.blockSize();
    private long block;
    private BlockRun run = BlockRun.hole(0, 1);

    private BlockCursor() throws IOException {}

    @Override
    @Nullable ByteView nextView() throws IOException {
      while (block < blocks) {
        if (run.start() + run.length() <= block || block == 0) {
          run = map.at(block);
        }
        if (!run.isStored()) {
          block = run.start() + run.length();
          continue;
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
    if (inode.has(Inode.FLAG_INDEX) && !inode.has(Inode.FLAG_INLINE_DATA)) {
      OptionalLong found = findByHash(name);
      if (found.isPresent()) {
        return found;
      }
    }
    Cursor cursor = cursor();
    for (DirectoryEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry.isNamed(name)) {
        return OptionalLong.of(entry.inode());
      }
    }
    return inode.has(Inode.FLAG_CASEFOLD) ? findFolded(name) : OptionalLong.empty();
  }

  private OptionalLong findFolded(byte[] name) throws IOException {
    String folded = CaseFolding.fold(EntryNames.decode(name));
    Cursor cursor = cursor();
    for (DirectoryEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (CaseFolding.fold(EntryNames.decode(entry.name())).equals(folded)) {
        return OptionalLong.of(entry.inode());
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong findByHash(byte[] name) throws IOException {
    BlockMap map = BlockMap.of(volume, inode);
    Optional<ByteView> first = mapped(map, 0);
    if (first.isEmpty()) {
      return OptionalLong.empty();
    }
    int version = first.get().u8(IndexNode.ROOT_INFO + 4);
    OptionalLong hash =
        NameHash.of(
            name, version, volume.superblock().hashesUnsigned(), volume.superblock().hashSeed());
    Optional<IndexNode> node = IndexNode.of(first.get());
    if (hash.isEmpty() || node.isEmpty()) {
      return OptionalLong.empty();
    }
    int levels = Math.min(first.get().u8(IndexNode.ROOT_INFO + 6), IndexNode.MAX_LEVELS);
    ByteView view = first.get();
    for (int level = 0; level < levels; level++) {
      Optional<ByteView> below = mapped(map, node.get().child(view, hash.getAsLong()));
      node = below.isEmpty() ? Optional.empty() : IndexNode.of(below.get());
      if (node.isEmpty()) {
        return OptionalLong.empty();
      }
      view = below.get();
    }
    Optional<ByteView> leaf = mapped(map, node.get().child(view, hash.getAsLong()));
    return leaf.isEmpty() ? OptionalLong.empty() : findIn(leaf.get(), name);
  }

  private OptionalLong findIn(ByteView leaf, byte[] name) throws IOException {
    int at = 0;
    while (leaf.length() - at >= 8) {
      DirectoryEntry entry =
          DirectoryEntry.parse(leaf, at, leaf.length(), typed, volume.superblock().inodesCount());
      if (entry.isNamed(name)) {
        return OptionalLong.of(entry.inode());
      }
      at += entry.recordLength();
    }
    return OptionalLong.empty();
  }

  private Optional<ByteView> mapped(BlockMap map, long block) throws IOException {
    if (block >= inode.size() / volume.blockSize()) {
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
