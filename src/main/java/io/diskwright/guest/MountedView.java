package io.diskwright.guest;

import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The volumes of a guest as its running system sees them.
 *
 * @param files the merged view
 */
record MountedView(GuestRoot root, TreeFileSystem files, MountTable mounts) {

  private static final Set<String> IGNORED_POINTS =
      Set.of("/dev", "/proc", "/sys", "/selinux", "/media");
  private static final Set<String> OPTICAL_TYPES = Set.of("iso9660", "udf", "cd9660");
  private static final List<String> REMOVABLE =
      List.of("/dev/fd", "/dev/floppy", "/dev/cd", "/dev/sr", "/dev/scd", "/dev/dvd", "/dev/acd");

  /** Mounts what a root's /etc/fstab says. */
  static MountedView of(GuestRoot root, List<GuestVolume> volumes, List<ImpliedMount> implied)
      throws IOException {
    FileTree tree = root.volume().tree().orElseThrow();
    Path directory = new TreeFileSystem(tree).getPath(root.directory());
    MountedTree merged = MountedTree.at(tree, TreeFileSystem.node(directory));
    if (root.family() == OsFamily.WINDOWS) {
      return new MountedView(root, new TreeFileSystem(merged), MountTable.EMPTY);
    }
    var reader = new GuestReader(new TreeFileSystem(merged).root());
    Fstab fstab = Fstab.parse(reader.text("etc/fstab").orElse(""));
    List<String> problems = new ArrayList<>(fstab.problems());
    reader.unknowns().forEach(unknown -> problems.add(unknown.reason()));
    return new Builder(root, volumes, fstab, merged).build(problems, implied);
  }

  /** Whether /etc/fstab mounts this root at {@code /}, or nothing. */
  boolean mountsItself() {
    return mounts.mounts().stream()
        .filter(mount -> mount.entry().file().equals("/"))
        .allMatch(Mount::shown);
  }

  /** Mounts entry by entry. For one thread. */
  private static final class Builder {

    private final GuestRoot root;
    private final Fstab fstab;
    private final DeviceResolver resolver;
    private final Map<FileTree, String> shownAt = new HashMap<>();
    private MountedTree merged;

    Builder(GuestRoot root, List<GuestVolume> volumes, Fstab fstab, MountedTree merged) {
      this.root = root;
      this.fstab = fstab;
      this.merged = merged;
      Optional<String> rootSpec =
          fstab.entries().stream()
              .filter(entry -> entry.file().equals("/"))
              .map(FstabEntry::spec)
              .findFirst();
      this.resolver = new DeviceResolver(volumes, rootSpec, root.volume());
      shownAt.put(root.volume().tree().orElseThrow(), "/");
    }

    /** Outer mount points first, whatever the order of the lines, as systemd does. */
    MountedView build(List<String> problems, List<ImpliedMount> implied) throws IOException {
      List<FstabEntry> entries = fstab.entries();
      Mount[] mounts = new Mount[entries.size()];
      List<Integer> order =
          IntStream.range(0, mounts.length)
              .boxed()
              .sorted(Comparator.comparingLong(i -> depth(entries.get(i).file())))
              .toList();
      for (int i : order) {
        mounts[i] = mount(entries.get(i));
      }
      List<Mount> all = new ArrayList<>(List.of(mounts));
      for (ImpliedMount mount : implied) {
        imply(mount).ifPresent(all::add);
      }
      return new MountedView(root, new TreeFileSystem(merged), new MountTable(all, problems));
    }

    private static long depth(String path) {
      return path.equals("/") ? 0 : path.chars().filter(c -> c == '/').count();
    }

    private Mount mount(FstabEntry entry) throws IOException {
      String ignored = ignored(entry);
      if (!ignored.isEmpty()) {
        return new Mount(entry, Optional.empty(), false, ignored);
      }
      DeviceResolver.Resolved resolved = resolver.resolve(entry.spec());
      if (resolved.volume().isEmpty()) {
        return new Mount(entry, Optional.empty(), false, resolved.reason());
      }
      GuestVolume volume = resolved.volume().get();
      String reason = show(volume, entry.file());
      return new Mount(entry, Optional.of(volume), reason.isEmpty(), reason);
    }

    private static String ignored(FstabEntry entry) {
      if (REMOVABLE.stream().anyMatch(entry.spec()::startsWith)
          || OPTICAL_TYPES.contains(entry.vfstype())) {
        return "a removable medium";
      }
      String top = entry.file();
      int slash = top.indexOf('/', 1);
      top = slash < 0 ? top : top.substring(0, slash);
      if (IGNORED_POINTS.contains(top)) {
        return "a mount point that says nothing of the disk";
      }
      if (entry.mntops().contains("bind") || entry.mntops().contains("rbind")) {
        return "a directory of the same system";
      }
      return "";
    }

    /** Why a volume is not shown there; empty when it is. */
    private String show(GuestVolume volume, String path) throws IOException {
      if (path.equals("/")) {
        return volume.equals(root.volume()) ? "" : "the root is " + root.volume().name();
      }
      if (!path.startsWith("/")) {
        return volume.type().equals("swap") ? "swap space" : "no path to mount at";
      }
      if (volume.tree().isEmpty()) {
        return volume.why();
      }
      String already = shownAt.get(volume.tree().get());
      if (already != null) {
        return "mounted at " + already;
      }
      try {
        merged = merged.with(path, volume.tree().get());
      } catch (ImageException e) {
        return e.fault().message();
      } catch (FileSystemException e) {
        return "no such directory";
      }
      shownAt.put(volume.tree().get(), path);
      return "";
    }

    private Optional<Mount> imply(ImpliedMount mount) throws IOException {
      var reader = new GuestReader(new TreeFileSystem(merged).root());
      if (!reader.names(mount.path(), any -> true).isEmpty()) {
        return Optional.empty();
      }
      String reason = show(mount.volume(), mount.path());
      FstabEntry entry = FstabEntry.implied(mount.spec(), mount.path());
      return Optional.of(new Mount(entry, Optional.of(mount.volume()), reason.isEmpty(), reason));
    }
  }
}
