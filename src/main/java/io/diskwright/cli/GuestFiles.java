package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestVolume;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where {@code ls}, {@code cat} and {@code copy-out} look. */
final class GuestFiles {

  private GuestFiles() {}

  /**
   * The root directory of what was named: a volume, the guest, or the only filesystem there is.
   *
   * @throws IllegalArgumentException when the disk has no such volume, or several and none is named
   * @throws io.diskwright.io.ImageException when the volume's filesystem is not read
   */
  static Path open(DiskImage disk, ImageArgument named) throws IOException {
    Guest guest = Guest.inspect(disk);
    if (named.partition().isPresent()) {
      return new TreeFileSystem(tree(volume(guest, named), named)).root();
    }
    Optional<TreeFileSystem> files = guest.files();
    if (files.isPresent()) {
      return files.get().root();
    }
    List<GuestVolume> candidates =
        guest.volumes().stream()
            .filter(v -> v.tree().isPresent() || v.refusal().isPresent())
            .toList();
    if (candidates.size() > 1) {
      throw new IllegalArgumentException(
          named.image()
              + ": none of its filesystems is a system's root; name one as IMAGE:PARTITION: "
              + candidates.stream().map(GuestFiles::argument).collect(Collectors.joining(", ")));
    }
    if (candidates.isEmpty()) {
      throw unread(named, guest.volumes().isEmpty() ? "nothing" : contents(guest.volumes()));
    }
    return new TreeFileSystem(tree(candidates.getFirst(), named)).root();
  }

  private static GuestVolume volume(Guest guest, ImageArgument named) {
    String wanted = named.partition().orElseThrow();
    for (GuestVolume volume : guest.volumes()) {
      if (argument(volume).equals(wanted)) {
        return volume;
      }
    }
    throw new IllegalArgumentException(
        named.image()
            + ": no partition '"
            + wanted
            + "'; there are: "
            + guest.volumes().stream().map(GuestFiles::argument).collect(Collectors.joining(", ")));
  }

  /** What names a volume on the command line: a partition's number, or VG/LV. */
  private static String argument(GuestVolume volume) {
    return volume
        .partition()
        .map(partition -> Integer.toString(partition.number()))
        .orElse(volume.name());
  }

  private static FileTree tree(GuestVolume volume, ImageArgument named) throws IOException {
    if (volume.refusal().isPresent()) {
      throw volume.refusal().get();
    }
    return volume.tree().orElseThrow(() -> unread(named, volume.name() + ": " + volume.why()));
  }

  private static String contents(List<GuestVolume> volumes) {
    return volumes.stream()
        .map(volume -> volume.name() + ": " + volume.why())
        .collect(Collectors.joining("; "));
  }

  private static UnsupportedFeature unread(ImageArgument named, String found) {
    return new UnsupportedFeature(
        named.image().toString(),
        "filesystems",
        Fault.NOWHERE,
        found,
        "ext2, ext3, ext4, XFS, NTFS or FAT",
        "See what lies in it with diskwright info");
  }
}
