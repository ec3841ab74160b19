package io.diskwright.guest;

import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.volume.GptEntry;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The volumes of CoreOS Container Linux and Flatcar: a root that may be empty before the first
 * start, and two partitions for /usr, of which the boot loader takes one.
 */
final class CoreOs {

  private static final String ROOT_LABEL = "ROOT";

  private CoreOs() {}

  /** The partition that is mounted at /usr; empty when it is no such system. */
  static Optional<GuestVolume> usr(List<GuestVolume> volumes, PartitionTable table)
      throws IOException {
    Optional<GuestVolume> best = Optional.empty();
    for (GuestVolume volume : volumes) {
      if (isUsr(volume)
          && (best.isEmpty() || priority(volume, table) > priority(best.get(), table))) {
        best = Optional.of(volume);
      }
    }
    return best;
  }

  /** The root that belongs to it when none is recognised: the one with that label, else itself. */
  static GuestVolume rootFor(GuestVolume usr, List<GuestVolume> volumes) throws IOException {
    for (GuestVolume volume : volumes) {
      if (volume.label().equals(ROOT_LABEL) && volume.tree().isPresent() && hasUsr(volume)) {
        return volume;
      }
    }
    return usr;
  }

  private static boolean isUsr(GuestVolume volume) throws IOException {
    boolean typed =
        volume.partition().map(PartitionRole::of).equals(Optional.of(PartitionRole.COREOS_USR));
    if (!typed || volume.tree().isEmpty()) {
      return false;
    }
    GuestReader reader = reader(volume.tree().get());
    return reader.isDirectory("share/coreos") || reader.isDirectory("share/flatcar");
  }

  private static boolean hasUsr(GuestVolume volume) throws IOException {
    return reader(volume.tree().orElseThrow()).isDirectory("usr");
  }

  private static GuestReader reader(FileTree tree) {
    return new GuestReader(new TreeFileSystem(tree).root());
  }

  /**
   * How the boot loader ranks a slot: bits 48 to 51 of the entry's attributes are its priority, 52
   * to 55 the tries that are left, 56 that it has started before; one with neither is not started.
   */
  private static long priority(GuestVolume volume, PartitionTable table) {
    int number = volume.partition().orElseThrow().number();
    long attributes =
        table.gpt().stream()
            .flatMap(gpt -> gpt.entries().stream())
            .filter(entry -> entry.index() == number)
            .mapToLong(GptEntry::attributes)
            .findFirst()
            .orElse(0);
    boolean starts = (attributes >>> 52 & 0x1f) != 0;
    return starts ? attributes >>> 48 & 0xf : -1;
  }
}
