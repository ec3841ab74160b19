package io.diskwright.guest.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Distributions by the files that they ship. */
class DistributionFinderTest {

  @TempDir Path folder;

  /** What a release ships and what it is. */
  record Release(String id, String version, String name, Map<String, String> files) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Release> releases() throws IOException {
    List<Release> releases = new ArrayList<>();
    try (var resource = DistributionFinderTest.class.getResourceAsStream("distributions.txt")) {
      String text =
          new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
      for (String section : text.substring(3).split("\n== ")) {
        String[] parts = section.split("\n@");
        String[] head = parts[0].split(" \\| ", 2);
        String[] identity = head[0].split(" ", 2);
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
          String[] file = parts[i].split("\n", 2);
          files.put(file[0].strip(), file.length > 1 ? file[1] + "\n" : "");
        }
        releases.add(new Release(identity[0], identity[1], head[1].strip(), files));
      }
    }
    return releases;
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesWhatARealReleaseShips(Release release) throws IOException {
    for (Map.Entry<String, String> file : release.files().entrySet()) {
      new GuestFolder(folder).file(file.getKey(), file.getValue());
    }
    var reader = new GuestReader(folder);
    Distribution found = new DistributionFinder(reader).find().orElseThrow();
    assertEquals(release.id(), found.id());
    assertEquals(release.version(), found.version());
    assertEquals(release.name(), found.name());
    assertEquals(List.of(), reader.unknowns());
    assertTrue(reader.evidence().stream().anyMatch(e -> e.fact().equals("distribution")));
  }

  @Test
  void keepsWhichFileSaidWhat() throws IOException {
    new GuestFolder(folder)
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("etc/debian_version", "12.5\n");
    var reader = new GuestReader(folder);
    new DistributionFinder(reader).find();
    assertEquals(
        List.of(
            new Evidence("distribution", "/etc/os-release", "ID=debian, VERSION_ID=12"),
            new Evidence("version", "/etc/debian_version", "12.5")),
        reader.evidence());
  }

  @Test
  void knowsNothingWithoutFiles() throws IOException {
    assertEquals(Optional.empty(), new DistributionFinder(new GuestReader(folder)).find());
  }

  @Test
  void readsNoTextThatIsTooLongAndSaysSo() throws IOException {
    Files.createDirectories(folder.resolve("etc"));
    try (var file = new RandomAccessFile(folder.resolve("etc/os-release").toFile(), "rw")) {
      file.write("ID=debian\n".getBytes(StandardCharsets.US_ASCII));
      file.setLength(1L << 30);
    }
    new GuestFolder(folder).file("etc/redhat-release", "CentOS release 6.10 (Final)\n");
    var reader = new GuestReader(folder);
    assertEquals("centos", new DistributionFinder(reader).find().orElseThrow().id());
    assertEquals("/etc/os-release", reader.unknowns().getFirst().what());
    assertTrue(reader.unknowns().getFirst().reason().startsWith("1073741824"));
  }

  @Test
  void goesOnAfterADirectoryOrALoopInPlaceOfAFile() throws IOException {
    new GuestFolder(folder)
        .directory("etc/os-release")
        .link("usr/lib/os-release", "os-release")
        .file("etc/debian_version", "6.0.10\n");
    var reader = new GuestReader(folder);
    assertEquals("6.0.10", new DistributionFinder(reader).find().orElseThrow().version());
    assertEquals(
        List.of("/etc/os-release", "/usr/lib/os-release"),
        reader.unknowns().stream().map(Unknown::what).toList());
  }

  @Test
  void showsNoControlCharactersAndNoEndlessNames() throws IOException {
    new GuestFolder(folder)
        .file("etc/os-release", "ID=x\nPRETTY_NAME=\"a\u001b[2Jb" + "c".repeat(4000) + "\"\n");
    Distribution found = new DistributionFinder(new GuestReader(folder)).find().orElseThrow();
    assertTrue(found.name().startsWith("a\\x1b[2Jbccc"));
    assertEquals(Limits.VALUE + 1, found.name().length());
  }

  @Test
  void takesNoTimeForLinesThatHurtPatterns() throws IOException {
    new GuestFolder(folder)
        .file("etc/os-release", "ID=debian\n" + " ".repeat(1 << 20) + "=\n")
        .file("etc/debian_version", "1" + ".1".repeat(1 << 20))
        .file("etc/redhat-release", "x release".repeat(1 << 17));
    assertEquals(
        "debian", new DistributionFinder(new GuestReader(folder)).find().orElseThrow().id());
    Files.delete(folder.resolve("etc/os-release"));
    assertTrue(new DistributionFinder(new GuestReader(folder)).find().isPresent());
  }
}
