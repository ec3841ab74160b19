package io.diskwright.guest.registry;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A key ({@code nk} cell). Safe for any thread. */
public final class RegistryKey {

  private static final long NONE = 0xffffffffL;
  private static final int FLAG_LINK = 0x10;
  private static final int FLAG_COMPRESSED_NAME = 0x20;
  private static final int HEADER = 76;

  /** As Windows: 256 characters. */
  private static final int MAX_NAME = 512;

  private static final int MAX_VALUES = 1 << 17;

  /** Of one key's values together. */
  private static final int MAX_NAMES = 16 << 20;

  /** As Windows: keys are not nested deeper. */
  private static final int MAX_DEPTH = 512;

  private static final long EPOCH_SECONDS = 11_644_473_600L;
  private static final long TICKS = 10_000_000;

  private final Hive hive;
  private final long offset;
  private final int depth;
  private final ByteView cell;
  private final String name;

  private RegistryKey(Hive hive, long offset, int depth, String structure) throws IOException {
    this.hive = hive;
    this.offset = offset;
    this.depth = depth;
    this.cell = hive.cell(structure, offset, HEADER);
    if (!cell.startsWith(0, "nk")) {
      throw cell.corrupt("signature", 0, Fault.number(cell.u16(0)), "'nk'");
    }
    int length = cell.u16(72);
    if (length > MAX_NAME) {
      throw cell.corrupt("name length", 72, Integer.toString(length), "at most " + MAX_NAME);
    }
    ByteView whole = hive.cell(structure, offset, HEADER + length);
    this.name = text(whole, HEADER, length, (cell.u16(2) & FLAG_COMPRESSED_NAME) != 0);
  }

  static RegistryKey root(Hive hive, long offset) throws IOException {
    return new RegistryKey(hive, offset, 0, "root key");
  }

  /** A name: a byte a character, or UTF-16. */
  static String text(ByteView cell, int at, int length, boolean compressed) throws CorruptImage {
    return new String(
        cell.bytes(at, length),
        compressed ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
  }

  /** The name, without those of the keys above. */
  public String name() {
    return name;
  }

  /** When the key or one of its values was last changed. */
  public Instant lastWritten() throws CorruptImage {
    long ticks = cell.u64(4);
    long seconds = Long.divideUnsigned(ticks, TICKS) - EPOCH_SECONDS;
    return Instant.ofEpochSecond(seconds, Long.remainderUnsigned(ticks, TICKS) * 100);
  }

  /** Whether the key stands for another one, which its value {@code SymbolicLinkValue} names. */
  public boolean isLink() throws CorruptImage {
    return (cell.u16(2) & FLAG_LINK) != 0;
  }

  /** The class, empty when it has none. */
  public String className() throws IOException {
    long at = cell.u32(48);
    int length = cell.u16(74);
    if (at == NONE || length == 0) {
      return "";
    }
    return text(hive.cell("class of key '" + name + "'", at, length), 0, length, false);
  }

  /** All keys directly below. */
  public List<RegistryKey> subkeys() throws IOException {
    List<RegistryKey> keys = new ArrayList<>();
    for (long child : children()) {
      keys.add(child(child));
    }
    return keys;
  }

  /** The key of that name directly below, in any case. */
  public Optional<RegistryKey> subkey(String wanted) throws IOException {
    for (long child : children()) {
      RegistryKey key = child(child);
      if (key.name.equalsIgnoreCase(wanted)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  private Collection<Long> children() throws IOException {
    return cell.u32(20) == 0 || cell.u32(28) == NONE
        ? List.of()
        : SubkeyList.offsets(hive, cell.u32(28));
  }

  /** A key that another one claims too is refused: a walk through both could go on for ever. */
  private RegistryKey child(long childOffset) throws IOException {
    var key = new RegistryKey(hive, childOffset, depth + 1, "key below '" + name + "'");
    ByteView child = key.cell;
    if (child.u32(16) != offset || hive.isRoot(childOffset)) {
      throw child.corrupt(
          "parent of '" + key.name + "'", 16, Fault.number(child.u32(16)), Fault.number(offset));
    }
    if (depth >= MAX_DEPTH) {
      throw child.corrupt("depth", 0, "more than " + MAX_DEPTH + " keys", "at most so many");
    }
    return key;
  }

  /** All values; the default one has the empty name. */
  public List<RegistryValue> values() throws IOException {
    ByteView offsets = valueList();
    List<RegistryValue> values = new ArrayList<>();
    long names = 0;
    for (int at = 0; at < offsets.length(); at += 4) {
      RegistryValue value = value(offsets.u32(at));
      names += value.name().length();
      if (names > MAX_NAMES) {
        throw cell.tooLarge("values", 36, names + " characters of names", "at most " + MAX_NAMES);
      }
      values.add(value);
    }
    return values;
  }

  /** The value of that name, in any case. */
  public Optional<RegistryValue> value(String wanted) throws IOException {
    ByteView offsets = valueList();
    for (int at = 0; at < offsets.length(); at += 4) {
      RegistryValue value = value(offsets.u32(at));
      if (value.name().equalsIgnoreCase(wanted)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private ByteView valueList() throws IOException {
    long count = cell.u32(36);
    long list = cell.u32(40);
    if (count == 0 || list == NONE) {
      return cell.empty();
    }
    if (count > MAX_VALUES) {
      throw cell.tooLarge("number of values", 36, Fault.number(count), "at most " + MAX_VALUES);
    }
    int length = (int) count * 4;
    ByteView offsets = hive.cell("values of key '" + name + "'", list, length);
    if (length > offsets.length()) {
      throw cell.corrupt(
          "number of values", 36, Fault.number(count), "at most " + offsets.length() / 4);
    }
    return offsets;
  }

  private RegistryValue value(long valueOffset) throws IOException {
    return RegistryValue.at(hive, valueOffset, "value of key '" + name + "'");
  }
}
