package io.diskwright.guest.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.Mount;
import io.diskwright.guest.Guest;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows by hives that hivex wrote. */
@Tag("interop")
@Tag("root")
class WindowsInteropTest {

  private static final String CONFIG = "Windows/System32/config";

  @TempDir Path folder;

  static List<WindowsRelease> releases() throws IOException {
    return WindowsRelease.all();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesReleases(WindowsRelease release) throws Exception {
    HiveBuilder.write(release, Files.createDirectories(folder.resolve(CONFIG)));
    OperatingSystem os = new GuestFolder(folder).identify();
    WindowsFacts windows = os.windows().orElseThrow();
    assertEquals(Optional.of(release.product()), windows.product());
    assertEquals(Optional.of(release.version()), os.version());
    assertEquals(Optional.of(release.name()), os.name());
    assertEquals(Optional.of(release.edition()), windows.edition());
    assertEquals(Optional.of(release.architecture()), os.architecture().map(Architecture::id));
    assertEquals("/Windows", windows.systemRoot());
    assertEquals(List.of(), os.unknowns());
  }

  @Test
  void findsItOnAnNtfsVolumeWhateverTheCase() throws Exception {
    Path hives = Files.createDirectories(folder.resolve("hives"));
    WindowsRelease release = releases().getLast();
    HiveBuilder.write(release, hives);
    Path volume = RawFile.create(folder.resolve("volume"), 63 << 20);
    Tool.run("mkntfs", "-q", "-Q", "-F", "-L", "System", volume.toString());
    try (Mount mount = Mount.of(volume, "ntfs-3g", "rw")) {
      Path config = Files.createDirectories(mount.point().resolve("WINDOWS/system32/Config"));
      Files.copy(hives.resolve("SOFTWARE"), config.resolve("Software"));
      Files.copy(hives.resolve("SYSTEM"), config.resolve("system"));
    }
    Path file = RawFile.create(folder.resolve("disk"), 64 << 20);
    Tool.runWithInput(
        "label: dos\nstart=2048, type=7, bootable\n", List.of("sfdisk", "-q", file.toString()));
    Tool.run("dd", "if=" + volume, "of=" + file, "bs=1M", "seek=1", "conv=notrunc", "status=none");
    try (VirtualDisk disk = RawFile.open(file)) {
      Guest guest = Guest.inspect(disk);
      OperatingSystem os = guest.os().orElseThrow();
      assertEquals("Windows Server 2025 Standard 10.0.26100.1742, x86_64", os.summary());
      assertEquals(Optional.of(release.version()), os.version());
      assertEquals(List.of(), guest.unknowns());
    }
  }

  @Test
  void tellsNothingFromAHiveThatIsNotWhole() throws Exception {
    Path config = Files.createDirectories(folder.resolve(CONFIG));
    HiveBuilder.write(releases().getLast(), config);
    try (var hive = new RandomAccessFile(config.resolve("SOFTWARE").toFile(), "rw")) {
      hive.seek(4);
      int sequence = hive.read();
      hive.seek(4);
      hive.write(sequence + 1);
      hive.seek(508);
      int checksum = hive.read();
      hive.seek(508);
      hive.write(checksum ^ sequence ^ sequence + 1);
    }
    OperatingSystem os = new GuestFolder(folder).identify();
    assertEquals(Optional.empty(), os.version());
    assertEquals(Optional.of("ServerNT"), os.windows().orElseThrow().productType());
    assertEquals(
        new Unknown(
            "/Windows/System32/config/SOFTWARE",
            "it was not written to the end, and no log completes it"),
        os.unknowns().getFirst());
    Files.delete(config.resolve("SOFTWARE"));
    assertEquals(
        "it is not there", new GuestFolder(folder).identify().unknowns().getFirst().reason());
  }

  @Test
  void saysWhatIsDamagedInAHive() throws Exception {
    Path config = Files.createDirectories(folder.resolve(CONFIG));
    HiveBuilder.write(releases().getLast(), config);
    byte[] system = Files.readAllBytes(config.resolve("SYSTEM"));
    System.arraycopy(new byte[] {'x', 'x'}, 0, system, 4096 + 0x24, 2);
    Files.write(config.resolve("SYSTEM"), system);
    OperatingSystem os = new GuestFolder(folder).identify();
    assertEquals(Optional.of("Windows Server 2025"), os.windows().orElseThrow().product());
    assertEquals("/Windows/System32/config/SYSTEM Select", os.unknowns().getFirst().what());
  }
}
