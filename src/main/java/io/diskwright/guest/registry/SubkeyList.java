package io.diskwright.guest.registry;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The list of a key's subkeys: one of the kinds lf, lh and li, or an ri of some of those. */
final class SubkeyList {

  private static final int HEADER = 4;

  private SubkeyList() {}

  /** The offsets of all the subkeys' cells. */
  static List<Long> offsets(Hive hive, long list) throws IOException {
    ByteView view = hive.cell("subkey list", list);
    List<Long> offsets = new ArrayList<>();
    if (!view.startsWith(0, "ri")) {
      add(view, offsets);
      return offsets;
    }
    int count = checkedCount(view, 4);
    for (int i = 0; i < count; i++) {
      add(hive.cell("subkey list", view.u32(HEADER + 4 * i)), offsets);
    }
    return offsets;
  }

  private static void add(ByteView view, List<Long> offsets) throws IOException {
    int width;
    if (view.startsWith(0, "lf") || view.startsWith(0, "lh")) {
      width = 8;
    } else if (view.startsWith(0, "li")) {
      width = 4;
    } else {
      throw view.corrupt("signature", 0, Fault.number(view.u16(0)), "'lf', 'lh' or 'li'");
    }
    int count = checkedCount(view, width);
    for (int i = 0; i < count; i++) {
      offsets.add(view.u32(HEADER + width * i));
    }
  }

  private static int checkedCount(ByteView view, int width) throws IOException {
    int count = view.u16(2);
    int room = (view.length() - HEADER) / width;
    if (count > room) {
      throw view.corrupt("number of entries", 2, Integer.toString(count), "at most " + room);
    }
    return count;
  }
}
