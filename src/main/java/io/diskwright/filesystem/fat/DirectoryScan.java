package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a directory in their order, up to the first that was never used. Labels,
 * deleted entries, {@code .} and {@code ..} are left out. For one thread.
 */
final class DirectoryScan {

  private static final int PIECE = 1 << 15;

  private final FatVolume volume;
  private final long number;
  private final @Nullable ClusterChain chain;
  private final long size;
  private final LongNameAssembler longName = new LongNameAssembler();
  private @Nullable ByteView piece;
  private int at;
  private long position;
  private long nameless;
  private Optional<ShortEntry> label = Optional.empty();

  /**
   * @param number of the directory: its first cluster, or {@link FatVolume#ROOT}
   */
  DirectoryScan(FatVolume volume, long number) throws IOException {
    this(volume, number, volume.isFixedRoot(number) ? null : volume.directoryChain(number));
  }

  /**
   * @param chain the clusters to read; null for the fixed root directory
   */
  DirectoryScan(FatVolume volume, long number, @Nullable ClusterChain chain) {
    this.volume = volume;
    this.number = number;
    this.chain = chain;
    this.size = chain == null ? volume.boot().rootBytes() : chain.bytes();
  }

  /** Bytes that the directory takes. */
  long size() {
    return size;
  }

  /** The label that was met so far: the first one. */
  Optional<ShortEntry> label() {
    return label;
  }

  /** Slots of long names that belong to no entry, as far as it was read. */
  long orphans() {
    return longName.orphans();
  }

  /** Entries whose name is empty, which nobody can see, as far as it was read. */
  long nameless() {
    return nameless;
  }

  /** The next entry; null at the end. */
  @Nullable NamedEntry next() throws IOException {
    while (position < size) {
      ByteView view = piece;
      if (view == null || at == view.length()) {
        view = read();
        piece = view;
        at = 0;
      }
      int slot = at;
      int lead = view.u8(slot);
      if (lead == 0) {
        position = size;
        break;
      }
      at += ShortEntry.SIZE;
      position += ShortEntry.SIZE;
      NamedEntry entry = lead == ShortEntry.DELETED ? skip() : take(view, slot);
      if (entry != null) {
        return entry;
      }
    }
    longName.drop();
    return null;
  }

  private @Nullable NamedEntry skip() {
    longName.drop();
    return null;
  }

  private @Nullable NamedEntry take(ByteView view, int slot) throws IOException {
    if (ShortEntry.isLongName(view.u8(slot + 11))) {
      longName.add(LongNameSlot.parse(view, slot));
      return null;
    }
    ShortEntry entry = ShortEntry.parse(view, slot, volume.boot().kind());
    if (entry.isLabel()) {
      boolean first = label.isEmpty() && !entry.isDirectory() && entry.firstCluster() == 0;
      label = first ? Optional.of(entry) : label;
      return skip();
    }
    if (entry.isDot() || entry.isDotDot()) {
      return skip();
    }
    String shortName = entry.displayName();
    String name = longName.take(entry).orElse(shortName);
    if (name.isEmpty()) {
      nameless++;
      return null;
    }
    return new NamedEntry(name, shortName, entry);
  }

  private ByteView read() throws IOException {
    long offset;
    long left;
    if (chain == null) {
      offset = volume.boot().rootOffset() + position;
      left = size - position;
    } else {
      ClusterChain.Place place = chain.locate(position);
      offset = volume.boot().clusterOffset(place.cluster()) + place.within();
      left = place.left();
    }
    return volume
        .metadata()
        .view(
            FatVolume.directoryName(number),
            offset,
            (int) Math.min(PIECE, left),
            ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The number of the directory that a directory says it lies in, from its second entry; empty for
   * the root.
   *
   * @throws io.diskwright.io.CorruptImage when it does not say
   */
  static OptionalLong parent(FatVolume volume, long number) throws IOException {
    if (number == FatVolume.ROOT) {
      return OptionalLong.empty();
    }
    ByteView view =
        volume
            .metadata()
            .view(
                FatVolume.directoryName(number),
                volume.boot().clusterOffset(number),
                2 * ShortEntry.SIZE,
                ByteOrder.LITTLE_ENDIAN);
    FatKind kind = volume.boot().kind();
    ShortEntry parent = ShortEntry.parse(view, ShortEntry.SIZE, kind);
    if (!ShortEntry.parse(view, 0, kind).isDot() || !parent.isDotDot() || !parent.isDirectory()) {
      throw view.corrupt(
          "first entries",
          0,
          "other names than '.' and '..'",
          "'.' and '..' in every directory but the root");
    }
    if (parent.firstCluster() == 0) {
      return OptionalLong.of(FatVolume.ROOT);
    }
    OptionalLong parentNumber = volume.directoryNumber(parent.firstCluster());
    if (parentNumber.isEmpty()) {
      throw view.corrupt(
          "'..'",
          ShortEntry.SIZE,
          "first cluster " + Fault.number(parent.firstCluster()),
          "0 or a cluster");
    }
    return parentNumber;
  }
}
