package io.diskwright.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.Filesystems;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.format.Formats;
import io.diskwright.io.ImageException;
import io.diskwright.source.OpenOptions;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Tool;
import io.diskwright.volume.Volumes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Volume groups made by the real {@code lvm}, which needs no device mapper for that. Where extents
 * lie it says itself, and the test puts the content there.
 */
@Tag("interop")
@Tag("root")
class LvmInteropTest {

  private static final long MIB = 1 << 20;
  private static final long FIRST_START = MIB;
  private static final long SECOND_START = 201 * MIB;
  private static final long LENGTH = 200 * MIB;
  private static final int STRIPE = 64 << 10;
  private static final long EXTENT = 4 * MIB;

  @TempDir private Path folder;

  private Path disk;
  private String first;
  private String second;

  @BeforeEach
  void attach() throws Exception {
    disk = folder.resolve("disk.raw");
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(402 * MIB);
    }
    Tool.runWithInput(
        "label: gpt\nstart=1MiB, size=200MiB, type=lvm\nsize=200MiB, type=lvm\n",
        List.of("sfdisk", "-q", disk.toString()));
    first = loop(FIRST_START);
    second = loop(SECOND_START);
    lvm("pvcreate", "-ff", "-y", first, second);
    lvm("vgcreate", "vg-test", first, second);
  }

  @AfterEach
  void detach() throws Exception {
    Tool.run("losetup", "-d", first);
    Tool.run("losetup", "-d", second);
  }

  private String loop(long start) throws Exception {
    return Tool.run(
            "losetup",
            "-f",
            "--show",
            "-o",
            "" + start,
            "--sizelimit",
            "" + LENGTH,
            disk.toString())
        .strip();
  }

  private String lvm(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("lvm", arguments[0], "--config"));
    command.add(
        "global{activation=0 locking_type=1} backup{backup=0 archive=0} devices{use_devicesfile=0"
            + " filter=[\"a|^"
            + first
            + "$|\",\"a|^"
            + second
            + "$|\",\"r|.*|\"]}");
    command.addAll(List.of(arguments).subList(1, arguments.length));
    return Tool.run(command.toArray(String[]::new));
  }

  private void create(String name, String size, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("lvcreate", "-an", "-Zn", "-Wn", "-n", name, "-L", size));
    arguments.addAll(List.of(more));
    arguments.add("vg-test");
    lvm(arguments.toArray(String[]::new));
  }

  /** An ext4 with a file that says whose it is, put where lvm says that the volume lies. */
  private void fill(String name, long size) throws Exception {
    Path content = folder.resolve(name + ".raw");
    Path files = Files.createDirectories(folder.resolve(name));
    Files.writeString(files.resolve("name"), name);
    Files.write(files.resolve("large"), new byte[(int) (20 * MIB)]);
    try (var file = new RandomAccessFile(content.toFile(), "rw")) {
      file.setLength(size);
    }
    Tool.run("mkfs.ext4", "-q", "-F", "-L", name, "-d", files.toString(), content.toString());
    String segments =
        lvm(
            "lvs",
            "--noheadings",
            "--units",
            "b",
            "--nosuffix",
            "-o",
            "seg_start,seg_pe_ranges",
            "vg-test/" + name);
    for (String line : segments.lines().filter(l -> l.contains("/dev/")).toList()) {
      String[] words = line.strip().split(" +");
      place(content, Long.parseLong(words[0]), List.of(words).subList(1, words.length));
    }
    Files.delete(content);
  }

  private void place(Path content, long start, List<String> ranges) throws IOException {
    try (var from = new RandomAccessFile(content.toFile(), "r");
        var to = new RandomAccessFile(disk.toFile(), "rw")) {
      int stripe = ranges.size() == 1 ? (int) EXTENT : STRIPE;
      long chunks = length(ranges.getFirst()) / stripe;
      byte[] chunk = new byte[stripe];
      from.seek(start);
      for (long i = 0; i < chunks; i++) {
        for (String range : ranges) {
          from.readFully(chunk);
          to.seek(offset(range) + i * stripe);
          to.write(chunk);
        }
      }
    }
  }

  /** A range is {@code /dev/loop2:25-49}; the extents start 1 MiB into the physical volume. */
  private long offset(String range) {
    long extent = Long.parseLong(range.replaceAll(".*:|-.*", ""));
    return (range.startsWith(first + ":") ? FIRST_START : SECOND_START) + MIB + extent * EXTENT;
  }

  private static long length(String range) {
    String[] ends = range.replaceAll(".*:", "").split("-");
    return (Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1) * EXTENT;
  }

  private boolean isTextSplit() throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "r")) {
      byte[] header = new byte[64];
      file.seek(FIRST_START + 4096);
      file.readFully(header);
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      return fields.getLong(40) + fields.getLong(48) > fields.getLong(32);
    }
  }

  private static LogicalVolume named(Map<String, LogicalVolume> volumes, String name) {
    return Objects.requireNonNull(volumes.get(name), name);
  }

  private Map<String, LogicalVolume> read(VirtualDisk image) throws IOException {
    return LogicalVolumes.of(image, Volumes.of(image, PartitionTable.read(image)))
        .volumes()
        .stream()
        .collect(Collectors.toMap(LogicalVolume::name, Function.identity()));
  }

  private static void assertHolds(LogicalVolume volume, String name, long size) throws IOException {
    assertThat(volume.refusal()).isEmpty();
    VirtualDisk whole = volume.disk().orElseThrow();
    assertThat(whole.size()).isEqualTo(size);
    assertThat(volume.content().orElseThrow().label()).isEqualTo(name);
    FileTree tree = Filesystems.open(whole, name, 0, whole.size()).orElseThrow();
    Path root = new TreeFileSystem(tree).root();
    assertThat(Files.readString(root.resolve("name"))).isEqualTo(name);
    assertThat(Files.size(root.resolve("large"))).isEqualTo(20 * MIB);
    tree.check(problem -> assertThat(problem).isNull());
  }

  @Test
  void linearAndStripedVolumesAreRead() throws Exception {
    create("linear", "60m");
    create("striped", "120m", "-i", "2", "-I", "64k");
    lvm("lvextend", "-L", "160m", "vg-test/linear");
    fill("linear", 160 * MIB);
    fill("striped", 120 * MIB);
    List<String> tags = new ArrayList<>(List.of("lvchange"));
    for (int i = 0; i < 40; i++) {
      // A long text soon goes round its ring of one MiB.
      tags.addAll(List.of("--addtag", i + "-" + "t".repeat(1000)));
    }
    tags.add("vg-test/linear");
    lvm(tags.toArray(String[]::new));
    for (int i = 0; !isTextSplit(); i++) {
      assertThat(i).as("changes until the text lies at both ends of its ring").isLessThan(100);
      lvm("lvchange", "--addtag", "tag" + i, "vg-test/linear");
    }
    try (DiskImage image = Formats.open(disk, OpenOptions.defaults())) {
      Map<String, LogicalVolume> volumes = read(image);
      assertThat(volumes).containsOnlyKeys("linear", "striped");
      assertHolds(named(volumes, "linear"), "linear", 160 * MIB);
      assertHolds(named(volumes, "striped"), "striped", 120 * MIB);
      String uuid = lvm("lvs", "--noheadings", "-o", "uuid", "vg-test/linear").strip();
      assertThat(uuid).endsWith(named(volumes, "linear").uuid());
    }
  }

  @Test
  void otherKindsAreRefusedByName() throws Exception {
    create("plain", "40m");
    create("nothing", "40m", "--type", "zero");
    try (DiskImage image = Formats.open(disk, OpenOptions.defaults())) {
      Map<String, LogicalVolume> volumes = read(image);
      assertThat(volumes).containsOnlyKeys("plain", "nothing");
      assertThat(named(volumes, "plain").refusal()).isEmpty();
      ImageException refusal = named(volumes, "nothing").refusal().orElseThrow();
      assertThat(refusal).hasMessageContaining("vg-test/nothing").hasMessageContaining("type zero");
    }
  }

  @Test
  void aVolumeOnAMissingDiskIsRefusedAndTheOthersAreRead() throws Exception {
    create("here", "40m", "--alloc", "anywhere");
    create("across", "240m");
    // The second physical volume loses its label, as if it lay on another disk.
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(SECOND_START);
      file.getChannel().write(ByteBuffer.allocate(4096));
    }
    try (DiskImage image = Formats.open(disk, OpenOptions.defaults())) {
      Map<String, LogicalVolume> volumes = read(image);
      assertThat(named(volumes, "here").refusal()).isEmpty();
      assertThat(named(volumes, "across").refusal().orElseThrow())
          .hasMessageContaining("not on this disk");
    }
  }
}
