package io.diskwright.guest;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.os.Identification;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.os.Unknown;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The guest in a disk: its volumes, its files, its operating system. Volumes are looked into at
 * once, the rest when it is asked for, once. Damage in the guest never throws: what it hides is
 * among the {@link #unknowns()}. Safe for any thread. The disk stays its owner's to close, after
 * the last use of the guest and its files.
 */
public final class Guest {

  /** What holds no files, or none of an operating system. */
  private static final Set<String> WITHOUT_SYSTEM =
      Set.of("swap", "swsuspend", "LVM2_member", "jbd", "vfat");

  private final PartitionTable table;
  private final List<GuestVolume> volumes;
  private @Nullable List<GuestRoot> roots;
  private @Nullable MountedView view;
  private @Nullable OperatingSystem os;

  private Guest(PartitionTable table, List<GuestVolume> volumes) {
    this.table = table;
    this.volumes = volumes;
  }

  /**
   * Looks into a disk.
   *
   * @throws io.diskwright.io.ImageException when the image does not yield the bytes of the
   *     partition table
   */
  public static Guest inspect(VirtualDisk disk) throws IOException {
    PartitionTable table = PartitionTable.read(disk);
    return new Guest(table, new GuestVolumes(disk, table).read());
  }

  /** A guest of these volumes. */
  public static Guest of(PartitionTable table, List<GuestVolume> volumes) {
    return new Guest(table, List.copyOf(volumes));
  }

  /** The disk's partition table. */
  public PartitionTable table() {
    return table;
  }

  /** All volumes, those in a volume group after the partitions. */
  public List<GuestVolume> volumes() {
    return volumes;
  }

  /** The only volume that a device name, {@code UUID=} or the like stands for. */
  public Optional<GuestVolume> volume(String spec) {
    String name = DeviceNames.canonical(spec);
    List<GuestVolume> named = volumes.stream().filter(v -> v.deviceNames().contains(name)).toList();
    return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
  }

  /**
   * The volumes that an operating system's root lies in. The first is the one that {@link #files()}
   * and {@link #os()} speak of: roots that mount themselves at {@code /} come before those whose
   * /etc/fstab mounts another volume there, which are copies; else the order is that of the
   * volumes.
   */
  public synchronized List<GuestRoot> roots() throws IOException {
    if (roots == null) {
      roots = findRoots();
    }
    return roots;
  }

  /** What the first root's /etc/fstab mounts; nothing when there is no root, or it is Windows. */
  public MountTable mounts() throws IOException {
    return view().map(MountedView::mounts).orElse(MountTable.EMPTY);
  }

  /**
   * The files as the guest's system sees them, its volumes mounted; without a root the only
   * filesystem there is; empty when there is none, or more than one.
   */
  public Optional<TreeFileSystem> files() throws IOException {
    Optional<MountedView> mounted = view();
    if (mounted.isPresent()) {
      return mounted.map(MountedView::files);
    }
    List<FileTree> trees =
        volumes.stream().map(GuestVolume::tree).flatMap(Optional::stream).toList();
    return trees.size() == 1 ? Optional.of(new TreeFileSystem(trees.getFirst())) : Optional.empty();
  }

  /** The operating system of the first root; empty when there is no root. */
  public synchronized Optional<OperatingSystem> os() throws IOException {
    Optional<MountedView> mounted = view();
    if (os == null && mounted.isPresent()) {
      MountedView found = mounted.get();
      os = Identification.identify(found.files().root(), found.root().family());
    }
    return Optional.ofNullable(os);
  }

  /**
   * What could not be told: volumes that may hold a system and are not read, mounts that are not
   * shown, and the operating system's own unknowns.
   */
  public List<Unknown> unknowns() throws IOException {
    List<Unknown> unknowns = new ArrayList<>();
    for (GuestVolume volume : volumes) {
      if (volume.tree().isEmpty() && !WITHOUT_SYSTEM.contains(volume.type()) && !isHelper(volume)) {
        unknowns.add(new Unknown(volume.name(), volume.why()));
      }
    }
    for (Mount mount : mounts().mounts()) {
      if (!mount.shown() && isOfSystem(mount.entry().file())) {
        unknowns.add(
            new Unknown(
                "mount " + mount.entry().file(), mount.entry().spec() + ": " + mount.reason()));
      }
    }
    os().ifPresent(system -> unknowns.addAll(system.unknowns()));
    return unknowns;
  }

  private static boolean isHelper(GuestVolume volume) {
    return volume.partition().map(PartitionRole::of).filter(PartitionRole::isHelper).isPresent();
  }

  /** Directories without which what is told of a system is not whole. */
  private static boolean isOfSystem(String path) {
    return List.of("/", "/boot", "/boot/efi", "/usr", "/var", "/etc", "/lib").contains(path);
  }

  private synchronized Optional<MountedView> view() throws IOException {
    List<GuestRoot> found = roots();
    if (view == null && !found.isEmpty()) {
      view = mount(found.getFirst());
    }
    return Optional.ofNullable(view);
  }

  private MountedView mount(GuestRoot root) throws IOException {
    List<ImpliedMount> implied = new ArrayList<>(OsTree.mounts(root, volumes));
    CoreOs.usr(volumes, table)
        .ifPresent(
            usr -> implied.add(new ImpliedMount(usr, "PARTLABEL=" + usr.partLabel(), "/usr")));
    return MountedView.of(root, volumes, implied);
  }

  private List<GuestRoot> findRoots() throws IOException {
    List<GuestRoot> found = new ArrayList<>();
    for (GuestVolume volume : volumes) {
      if (volume.tree().isPresent()) {
        Path top = new TreeFileSystem(volume.tree().get()).root();
        Optional<OsFamily> family = Identification.recognise(top);
        if (family.isPresent()) {
          found.add(GuestRoot.of(volume, family.get()));
        } else {
          found.addAll(OsTree.roots(volume, volumes));
        }
      }
    }
    if (found.isEmpty()) {
      Optional<GuestVolume> usr = CoreOs.usr(volumes, table);
      if (usr.isPresent()) {
        found.add(GuestRoot.of(CoreOs.rootFor(usr.get(), volumes), OsFamily.LINUX));
      }
    }
    return found.size() > 1 ? copiesLast(found) : List.copyOf(found);
  }

  private List<GuestRoot> copiesLast(List<GuestRoot> found) throws IOException {
    List<GuestRoot> own = new ArrayList<>();
    List<GuestRoot> copies = new ArrayList<>();
    for (GuestRoot root : found) {
      (mount(root).mountsItself() ? own : copies).add(root);
    }
    own.addAll(copies);
    return List.copyOf(own);
  }
}
