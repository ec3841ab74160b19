package io.diskwright.guest;

import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.os.BootLoaderEntry;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Systems that OSTree deploys, as Fedora CoreOS: the root directory of each is one deep inside the
 * volume, and the boot loader's entry names it.
 */
final class OsTree {

  private static final String DEPLOY = "/ostree/deploy";
  private static final int MAX_DEPLOYMENTS = 64;
  private static final String BOOT_LABEL = "boot";

  private static final Pattern OPTION = Pattern.compile("(?:^|\\s)ostree=(/\\S+)");

  private OsTree() {}

  /** The deployments in a volume, the one that starts first. */
  static List<GuestRoot> roots(GuestVolume volume, List<GuestVolume> volumes) throws IOException {
    var files = new TreeFileSystem(volume.tree().orElseThrow());
    var reader = new GuestReader(files.root());
    List<GuestRoot> roots = new ArrayList<>();
    for (String name : reader.names(DEPLOY, any -> true)) {
      String parent = DEPLOY + "/" + name + "/deploy";
      for (String deployment : reader.names(parent, any -> true)) {
        String path = parent + "/" + deployment;
        if (roots.size() < MAX_DEPLOYMENTS
            && reader.isDirectory(path + "/etc")
            && reader.isDirectory(path + "/usr")) {
          roots.add(new GuestRoot(volume, OsFamily.LINUX, path));
        }
      }
    }
    if (roots.size() > 1) {
      Optional<String> started = started(reader, volumes);
      roots.sort((a, b) -> Boolean.compare(isAt(b, started), isAt(a, started)));
    }
    return roots;
  }

  /** The volume with the boot loader's entries, which nothing but its label ties to the root. */
  static List<ImpliedMount> mounts(GuestRoot root, List<GuestVolume> volumes) {
    List<GuestVolume> boot =
        volumes.stream()
            .filter(volume -> volume.label().equals(BOOT_LABEL) && volume.tree().isPresent())
            .toList();
    return root.directory().startsWith(DEPLOY) && boot.size() == 1
        ? List.of(new ImpliedMount(boot.getFirst(), "LABEL=" + BOOT_LABEL, "/boot"))
        : List.of();
  }

  private static boolean isAt(GuestRoot root, Optional<String> path) {
    return path.equals(Optional.of(root.directory()));
  }

  private static Optional<String> started(GuestReader reader, List<GuestVolume> volumes)
      throws IOException {
    for (GuestVolume volume : volumes) {
      if (volume.tree().isPresent()) {
        Path root = new TreeFileSystem(volume.tree().get()).root();
        for (String directory : List.of("loader/entries", "boot/loader/entries")) {
          for (BootLoaderEntry entry : BootLoaderEntry.read(new GuestReader(root), directory)) {
            Matcher option = OPTION.matcher(entry.options());
            if (option.find()) {
              return reader.real(option.group(1));
            }
          }
        }
      }
    }
    return Optional.empty();
  }
}
