package io.diskwright.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.Mount;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.Unknown;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest on a disk that sfdisk, the mkfs tools and the kernel made, with one volume damaged. */
@Tag("interop")
@Tag("root")
class GuestInteropTest {

  private static final long MIB = 1 << 20;
  private static final String ROOT_UUID = "11111111-2222-3333-4444-555555555555";

  @TempDir Path folder;

  private void volume(
      Path disk, long start, long size, String type, Map<String, String> files, String... mkfs)
      throws IOException, InterruptedException {
    Path volume = RawFile.create(folder.resolve("volume"), size * MIB);
    String[] command = Arrays.copyOf(mkfs, mkfs.length + 1);
    command[mkfs.length] = volume.toString();
    Tool.run(command);
    if (type.equals("vfat")) {
      fillWithMtools(volume, files);
    } else {
      fillThroughTheKernel(volume, type, files);
    }
    Tool.run(
        "dd",
        "if=" + volume,
        "of=" + disk,
        "bs=1M",
        "seek=" + start,
        "conv=notrunc,sparse",
        "status=none");
    Files.delete(volume);
  }

  private static void fillThroughTheKernel(Path volume, String type, Map<String, String> files)
      throws IOException, InterruptedException {
    try (Mount mount = Mount.of(volume, type, "loop")) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = mount.point().resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        if (file.getKey().endsWith("/")) {
          Files.createDirectories(path);
        } else if (file.getValue().startsWith("->")) {
          Files.createSymbolicLink(path, Path.of(file.getValue().substring(2)));
        } else {
          Files.writeString(path, file.getValue());
        }
      }
    }
  }

  private static void fillWithMtools(Path volume, Map<String, String> files)
      throws IOException, InterruptedException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      String path = "";
      for (Path directory : Objects.requireNonNull(Path.of(file.getKey()).getParent())) {
        path += "/" + directory;
        Tool.run("mmd", "-i", volume.toString(), "-D", "s", "::" + path);
      }
      Tool.runWithInput(
          file.getValue(), List.of("mcopy", "-i", volume.toString(), "-", "::/" + file.getKey()));
    }
  }

  @Test
  void putsTheVolumesOfARealDiskTogether() throws Exception {
    Path file = RawFile.create(folder.resolve("disk"), 1024 * MIB);
    Tool.runWithInput(
        """
        label: gpt
        start=2048, size=64MiB, type=U, name=ESP, uuid=aaaaaaaa-0000-0000-0000-000000000001
        size=300MiB, name=boot
        size=300MiB, name=damaged
        size=300MiB, name=root
        size=32MiB, name=mirror
        """,
        List.of("sfdisk", "-q", file.toString()));
    volume(file, 1, 64, "vfat", Map.of("EFI/debian/grub.cfg", "set x"), "mkfs.fat", "-n", "ESP");
    Map<String, String> boot = Map.of("vmlinuz-6.1.0-50-amd64", "", "efi/", "");
    volume(file, 65, 300, "xfs", boot, "mkfs.xfs", "-q", "-L", "boot");
    volume(file, 365, 300, "xfs", Map.of(), "mkfs.xfs", "-q");
    Map<String, String> root = new TreeMap<>();
    root.put("bin", "->usr/bin");
    root.put("usr/bin/env", "");
    root.put("usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    root.put("etc/os-release", "->/usr/lib/os-release");
    root.put("boot/", "");
    root.put(
        "etc/fstab",
        "UUID="
            + ROOT_UUID
            + " / xfs defaults 0 0\nPARTLABEL=boot /boot xfs defaults 0 0\n"
            + "PARTUUID=AAAAAAAA-0000-0000-0000-000000000001 /boot/efi vfat umask=0077 0 1\n");
    volume(file, 665, 300, "xfs", root, "mkfs.xfs", "-q", "-m", "uuid=" + ROOT_UUID);
    volume(file, 965, 32, "vfat", Map.of("a/b", "c"), "mkfs.fat");
    RawFile.patch(file, 997 * MIB - 0x10000, new byte[] {(byte) 0xfc, 0x4e, 0x2b, (byte) 0xa9});
    RawFile.patch(file, 365 * MIB + 108, new byte[] {'x'});

    try (VirtualDisk disk = RawFile.open(file)) {
      Guest guest = Guest.inspect(disk);
      assertEquals(
          List.of("vfat", "xfs", "xfs", "xfs", "linux_raid_member"),
          guest.volumes().stream().map(GuestVolume::type).toList());
      assertTrue(guest.volumes().get(2).refusal().isPresent());
      assertTrue(guest.volumes().getLast().tree().isEmpty());
      assertEquals(
          List.of("partition 4"), guest.roots().stream().map(r -> r.volume().name()).toList());
      assertTrue(guest.mounts().mounts().stream().allMatch(io.diskwright.guest.Mount::shown));
      Path top = guest.files().orElseThrow().root();
      assertEquals("set x", Files.readString(top.resolve("boot/efi/EFI/DEBIAN/GRUB.CFG")));
      OperatingSystem os = guest.os().orElseThrow();
      assertEquals(Optional.of("debian"), os.distribution());
      assertEquals("6.1.0-50-amd64", os.defaultKernel().orElseThrow().version());
      assertEquals(
          List.of("partition 3", "partition 5"),
          guest.unknowns().stream()
              .map(Unknown::what)
              .filter(what -> what.startsWith("partition"))
              .toList());
    }
  }
}
