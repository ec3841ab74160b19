package io.diskwright.guest.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows by the values of its registry. */
class WindowsIdentityTest {

  private static final String CURRENT = "Microsoft\\Windows NT\\CurrentVersion\\";

  @TempDir Path folder;

  static List<WindowsRelease> releases() throws IOException {
    return WindowsRelease.all();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesReleases(WindowsRelease release) throws IOException {
    OperatingSystem os = identify(software(release), system(release));
    WindowsFacts windows = os.windows().orElseThrow();
    assertEquals(Optional.of(release.product()), windows.product());
    assertEquals(Optional.of(release.version()), os.version());
    assertEquals(Optional.of(release.name()), os.name());
    assertEquals(Optional.of(release.edition()), windows.edition());
    assertEquals(Optional.of(release.architecture()), os.architecture().map(Architecture::id));
    assertEquals(2, windows.controlSet().orElseThrow());
    assertEquals(List.of(), os.unknowns());
  }

  @Test
  void asksTheInstallationTypeWhenTheSystemHiveSaysNothing() throws IOException {
    WindowsRelease release = release("Windows Server 2022");
    OperatingSystem os = identify(software(release), Map.of());
    assertEquals(Optional.of("Windows Server 2022"), os.windows().orElseThrow().product());
    assertEquals(List.of("architecture"), os.unknowns().stream().map(Unknown::what).toList());
  }

  @Test
  void doesNotGuessWhetherItIsAServer() throws IOException {
    Map<String, String> software = software(release("Windows Server 2022"));
    software.remove(CURRENT + "InstallationType");
    OperatingSystem os = identify(software, Map.of());
    assertEquals(Optional.empty(), os.windows().orElseThrow().product());
    assertEquals("product", os.unknowns().getFirst().what());
  }

  @Test
  void saysThatNothingIsKnownWithoutHives() throws IOException {
    OperatingSystem os = identify(Map.of(), Map.of());
    assertEquals(
        List.of("product", "version", "architecture"),
        os.unknowns().stream().map(Unknown::what).toList());
    assertEquals("windows", os.summary());
  }

  @Test
  void takesTheArchitectureFromTheKernelWhenTheRegistryHasNone() throws IOException {
    ByteBuffer program = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    program.putShort(0, (short) 0x5a4d).putInt(0x3c, 0x100);
    program.putInt(0x100, 0x4550).putShort(0x104, (short) 0x8664);
    new GuestFolder(folder).file("Windows/system32/NTOSKRNL.EXE", program.array());
    assertEquals(Optional.of(Architecture.X86_64), identify(Map.of(), Map.of()).architecture());
    program.putInt(0x3c, -1);
    new GuestFolder(folder).file("Windows/system32/NTOSKRNL.EXE", program.array());
    assertEquals(Optional.empty(), identify(Map.of(), Map.of()).architecture());
  }

  @Test
  void findsTheDirectoryWhateverItIsCalled() throws IOException {
    new GuestFolder(folder)
        .file(
            "BOOT.INI",
            "[operating systems]\r\n"
                + "multi(0)disk(0)rdisk(0)partition(1)\\WIN2K3=\"x\" /fastdetect\r\n")
        .file("Win2k3/system32/CONFIG/system", "");
    assertEquals(Optional.of("Win2k3"), WindowsRoot.find(new GuestReader(folder)));
    assertEquals(Optional.of(OsFamily.WINDOWS), Identification.recognise(folder));
    new GuestFolder(folder).file("WINNT/system32/config/SYSTEM", "");
    assertEquals(Optional.of("WINNT"), WindowsRoot.find(new GuestReader(folder)));
  }

  private OperatingSystem identify(Map<String, String> software, Map<String, String> system)
      throws IOException {
    return WindowsIdentity.of(
        new GuestReader(folder), "Windows", new Values(software), new Values(system));
  }

  private static WindowsRelease release(String product) throws IOException {
    return releases().stream().filter(r -> r.product().equals(product)).findFirst().orElseThrow();
  }

  private static Map<String, String> software(WindowsRelease release) {
    Map<String, String> values = new HashMap<>();
    release.software().forEach((name, value) -> values.put(CURRENT + name, value));
    return values;
  }

  private static Map<String, String> system(WindowsRelease release) {
    Map<String, String> values = new HashMap<>();
    values.put("Select\\Current", "#2");
    release
        .system()
        .forEach((name, value) ->
            values.put(
                "ControlSet002\\Control\\"
                    + (name.startsWith("Product")
                        ? "ProductOptions\\"
                        : "Session Manager\\Environment\\")
                    + name,
                value));
    return values;
  }

  /** A registry in memory; numbers start with a sign, texts of a list have commas between. */
  private record Values(Map<String, String> values) implements Registry {
    @Override
    public Optional<String> text(String key, String name) {
      return Optional.ofNullable(values.get(key + "\\" + name)).filter(v -> !v.startsWith("#"));
    }

    @Override
    public List<String> texts(String key, String name) {
      return text(key, name).map(value -> List.of(value.split(","))).orElse(List.of());
    }

    @Override
    public OptionalLong number(String key, String name) {
      String value = values.getOrDefault(key + "\\" + name, "");
      return value.startsWith("#")
          ? OptionalLong.of(Long.parseLong(value.substring(1)))
          : OptionalLong.empty();
    }
  }
}
