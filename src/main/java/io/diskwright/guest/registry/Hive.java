package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A hive of the Windows registry, versions 1.2 to 1.6, read only. One that was not written to the
 * end is completed in memory from its logs. Safe for any thread; the sources stay their owner's to
 * close, after the last use.
 */
public final class Hive {

  private static final int CACHE_BYTES = 8 << 20;
  private static final int MAX_CELL = 16 << 20;

  /** From this minor version on, long values lie in pieces. */
  private static final int BIG_DATA_MINOR = 4;

  private final ByteSource bytes;
  private final BaseBlock base;
  private final HiveState state;

  private Hive(ByteSource bytes, BaseBlock base, HiveState state) {
    this.bytes = new CachedSource(bytes, new PageCache(CACHE_BYTES));
    this.base = base;
    this.state = state;
  }

  /**
   * Opens a hive.
   *
   * @param logs its {@code .LOG}, {@code .LOG1} and {@code .LOG2}, as far as there are any
   * @throws ImageException when it is no hive, or damaged
   */
  public static Hive open(ByteSource primary, List<ByteSource> logs) throws IOException {
    ByteView head = primary.view("base block", 0, BaseBlock.LENGTH_IN_LOG, ByteOrder.LITTLE_ENDIAN);
    BaseBlock base = BaseBlock.parse(head);
    if (!base.isDirty()) {
      return new Hive(primary, base, HiveState.CLEAN);
    }
    List<HiveLog> usable = new ArrayList<>();
    for (ByteSource log : logs) {
      HiveLog.read(log).ifPresent(usable::add);
    }
    List<LogEntry> entries = missing(base, usable);
    if (entries.isEmpty()) {
      if (!base.checksumValid()) {
        throw head.corrupt("checksum", 508, Fault.number(head.u32(508)), "that of the block");
      }
      return new Hive(primary, base, HiveState.INCOMPLETE);
    }
    long size = BaseBlock.LENGTH + entries.getLast().binsSize();
    BaseBlock newest = base.checksumValid() ? base : usable.getFirst().base();
    var recovered = new RecoveredSource(primary, size, entries);
    return new Hive(recovered, newest, HiveState.RECOVERED);
  }

  /** What the logs hold beyond the hive, in its order and without a gap. */
  private static List<LogEntry> missing(BaseBlock base, List<HiveLog> logs) {
    List<LogEntry> all = new ArrayList<>();
    logs.forEach(log -> all.addAll(log.entries()));
    all.sort(Comparator.comparingLong(LogEntry::sequence));
    List<LogEntry> missing = new ArrayList<>();
    for (LogEntry entry : all) {
      boolean newer = !base.checksumValid() || entry.sequence() >= base.secondarySequence();
      boolean follows = missing.isEmpty() || entry.sequence() <= missing.getLast().sequence() + 1;
      if (newer && !follows) {
        break;
      }
      if (newer) {
        missing.add(entry);
      }
    }
    return missing;
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

  /**
   * The content of a cell.
   *
   * @param structure what it should hold, for messages
   * @param offset bytes from the start of the bins
   * @throws CorruptImage when no cell in use can lie there
   */
  ByteView cell(String structure, long offset) throws IOException {
    long place = offset + BaseBlock.LENGTH;
    if (offset % 8 != 0 || place > bytes.size() - 8) {
      throw new CorruptImage(
          describe(),
          structure,
          Fault.NOWHERE,
          "a cell at " + Fault.number(offset),
          "multiples of 8 below " + (bytes.size() - BaseBlock.LENGTH));
    }
    ByteView size = bytes.view(structure + " cell size", place, 4, ByteOrder.LITTLE_ENDIAN);
    long length = -(long) (int) size.u32(0) - 4;
    if (length < 4 || length > bytes.size() - place - 4) {
      throw size.corrupt(
          "value",
          0,
          Long.toString((int) size.u32(0)),
          "-8 to -" + (bytes.size() - place) + ", for a cell in use");
    }
    if (length > MAX_CELL) {
      throw new LimitExceeded(
          describe(), structure, place, length + " bytes", "cells of at most " + MAX_CELL);
    }
    return bytes.view(structure, place + 4, (int) length, ByteOrder.LITTLE_ENDIAN);
  }
}
