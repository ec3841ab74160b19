package io.diskwright.guest.registry;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The list of a key's subkeys: one of the kinds lf, lh and li, or an ri of some of those. */
final class SubkeyList {

  private static final int HEADER = 4;
  private static final int LONG_ENTRY = 8;
  private static final int SHORT_ENTRY = 4;

  /** Windows' own largest key has some 50,000. */
  private static final int MAX_SUBKEYS = 1 << 18;

  private final Hive hive;

  /** Each one once: a walk through one that is there twice would double at every level. */
  private final Set<Long> offsets = new LinkedHashSet<>();

  private SubkeyList(Hive hive) {
    this.hive = hive;
  }

  /** The offsets of all the subkeys' cells. */
  static Collection<Long> offsets(Hive hive, long list) throws IOException {
    var all = new SubkeyList(hive);
    ByteView head = hive.cell("subkey list", list, HEADER);
    if (!head.startsWith(0, "ri")) {
      all.add(head, list);
      return all.offsets;
    }
    ByteView view = entries(hive, list, head.u16(2), SHORT_ENTRY);
    for (int i = 0; i < head.u16(2); i++) {
      long part = view.u32(HEADER + SHORT_ENTRY * i);
      all.add(hive.cell("subkey list", part, HEADER), part);
    }
    return all.offsets;
  }

  private void add(ByteView head, long list) throws IOException {
    int width;
    if (head.startsWith(0, "lf") || head.startsWith(0, "lh")) {
      width = LONG_ENTRY;
    } else if (head.startsWith(0, "li")) {
      width = SHORT_ENTRY;
    } else {
      throw head.corrupt("signature", 0, Fault.number(head.u16(0)), "'lf', 'lh' or 'li'");
    }
    int count = head.u16(2);
    if (count > MAX_SUBKEYS - offsets.size()) {
      throw head.tooLarge(
          "number of entries",
          2,
          count + " more than " + offsets.size(),
          "at most " + MAX_SUBKEYS + " subkeys");
    }
    ByteView view = entries(hive, list, count, width);
    for (int i = 0; i < count; i++) {
      int at = HEADER + width * i;
      if (!offsets.add(view.u32(at))) {
        throw view.corrupt("entry " + i, at, Fault.number(view.u32(at)), "each key once");
      }
    }
  }

  private static ByteView entries(Hive hive, long list, int count, int width) throws IOException {
    ByteView view = hive.cell("subkey list", list, HEADER + width * count);
    int room = (view.length() - HEADER) / width;
    if (count > room) {
      throw view.corrupt("number of entries", 2, Integer.toString(count), "at most " + room);
    }
    return view;
  }
}
