package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A hive of the Windows registry, versions 1.2 to 1.6, read only. One that was not written to the
 * end is completed in memory from its logs. Safe for any thread; the sources stay their owner's to
 * close, after the last use.
 */
public final class Hive {

  private static final int CACHE_BYTES = 8 << 20;

  /** From this minor version on, long values lie in pieces. */
  private static final int BIG_DATA_MINOR = 4;

  private final ByteSource bytes;

  /** Bytes up to the end of the bins; what lies behind them is no part of the hive. */
  private final long size;

  private final BaseBlock base;
  private final HiveState state;

  private Hive(ByteSource bytes, long size, BaseBlock base, HiveState state) {
    this.bytes = new CachedSource(bytes, new PageCache(CACHE_BYTES));
    this.size = size;
    this.base = base;
    this.state = state;
  }

  /**
   * Opens a hive.
   *
   * @param logs its {@code .LOG}, {@code .LOG1} and {@code .LOG2}, as far as there are any
   * @throws io.diskwright.io.ImageException when it is no hive, or damaged
   */
  public static Hive open(ByteSource primary, List<ByteSource> logs) throws IOException {
    ByteView head = primary.view("base block", 0, BaseBlock.LENGTH_IN_LOG, ByteOrder.LITTLE_ENDIAN);
    BaseBlock base = BaseBlock.parse(head);
    if (base.checksumValid() && base.type() != BaseBlock.PRIMARY) {
      throw head.corrupt("type", 28, Fault.number(base.type()), "0, for a hive; others are logs");
    }
    if (!base.isDirty()) {
      return clean(primary, head, base);
    }
    Optional<HiveRecovery> recovery = HiveRecovery.of(primary, base, logs);
    if (recovery.isPresent()) {
      ByteSource recovered = recovery.get().applyTo(primary);
      return new Hive(recovered, recovered.size(), recovery.get().base(), HiveState.RECOVERED);
    }
    if (!base.checksumValid()) {
      throw head.corrupt(
          "checksum",
          508,
          Fault.number(head.u32(508)),
          "that of the block, or a log to restore it");
    }
    return new Hive(primary, primary.size(), base, HiveState.INCOMPLETE);
  }

  private static Hive clean(ByteSource primary, ByteView head, BaseBlock base) throws CorruptImage {
    if (base.binsSize() > primary.size() - BaseBlock.LENGTH) {
      throw head.corrupt(
          "size of the bins",
          40,
          Fault.number(base.binsSize()),
          "at most the " + (primary.size() - BaseBlock.LENGTH) + " bytes behind the base block");
    }
    return new Hive(primary, BaseBlock.LENGTH + base.binsSize(), base, HiveState.CLEAN);
  }

  /** Whether all that Windows had written is there. */
  public HiveState state() {
    return state;
  }

  /** The version of the format: {@code 1.5}. */
  public String version() {
    return base.major() + "." + base.minor();
  }

  /** The name in messages. */
  public String describe() {
    return bytes.describe();
  }

  /** The root key. */
  public RegistryKey root() throws IOException {
    return RegistryKey.root(this, base.rootCell());
  }

  /**
   * A key by its path from the root.
   *
   * @param path names with backslashes between them, in any case
   * @return empty when there is none
   */
  public Optional<RegistryKey> key(String path) throws IOException {
    Optional<RegistryKey> key = Optional.of(root());
    for (String name : path.split("\\\\", -1)) {
      if (key.isPresent() && !name.isEmpty()) {
        key = key.get().subkey(name);
      }
    }
    return key;
  }

  boolean hasBigData() {
    return base.minor() >= BIG_DATA_MINOR;
  }

  boolean isRoot(long offset) {
    return offset == base.rootCell();
  }

  /** Bytes of the hive: nothing in it is longer. */
  long size() {
    return size;
  }

  /**
   * The content of a cell.
   *
   * @param structure what it should hold, for messages
   * @param offset bytes from the start of the bins
   * @param atMost bytes to read, even of a longer cell
   * @throws CorruptImage when no cell in use can lie there
   */
  ByteView cell(String structure, long offset, int atMost) throws IOException {
    long place = offset + BaseBlock.LENGTH;
    if (offset % 8 != 0 || place > size - 8) {
      throw new CorruptImage(
          describe(),
          structure,
          Fault.NOWHERE,
          "a cell at " + Fault.number(offset),
          "multiples of 8 below " + (size - BaseBlock.LENGTH));
    }
    ByteView head = bytes.view(structure + " cell size", place, 4, ByteOrder.LITTLE_ENDIAN);
    long length = -(long) (int) head.u32(0) - 4;
    if (length < 4 || length > size - place - 4) {
      throw head.corrupt(
          "value",
          0,
          Long.toString((int) head.u32(0)),
          "-8 to -" + (size - place) + ", for a cell in use");
    }
    return bytes.view(
        structure, place + 4, (int) Math.min(length, atMost), ByteOrder.LITTLE_ENDIAN);
  }
}
