package io.diskwright.guest;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.MemoryTree;
import io.diskwright.filesystem.MemoryTree.MemoryNode;
import io.diskwright.filesystem.Problem;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.VolumeContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A guest in memory for tests of rules: the files of its root and volumes beside it. Paths have no
 * leading slash; parents are made as they are needed and belong to root with mode 755.
 */
public final class TestGuest {

  /** The UUID of the root's filesystem. */
  public static final String ROOT_UUID = "11111111-2222-3333-4444-555555555555";

  private final Map<String, FileSpec> files = new TreeMap<>();
  private final Map<String, Set<InodeFlag>> flags = new HashMap<>();
  private final Map<String, Integer> modes = new HashMap<>();
  private final Map<String, Long> owners = new HashMap<>();
  private final List<GuestVolume> others = new ArrayList<>();
  private String rootType = "ext4";
  private @Nullable FilesystemFacts facts;
  private List<Problem> problems = List.of();

  private TestGuest() {}

  private record FileSpec(byte[] content, boolean isLink, boolean isDirectory) {}

  /** Without any file. */
  public static TestGuest empty() {
    return new TestGuest();
  }

  /** A Debian 12 as debootstrap leaves it, as far as its system is identified by it. */
  public static TestGuest debian() {
    return linux()
        .with(
            "etc/os-release",
            "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
        .with("etc/debian_version", "12.5\n")
        .with("etc/fstab", "UUID=" + ROOT_UUID + " / ext4 defaults 0 1\n")
        .link("sbin", "usr/sbin")
        .link("bin", "usr/bin")
        .link("lib", "usr/lib")
        .link("usr/sbin/init", "../lib/systemd/systemd")
        .program("usr/lib/systemd/systemd", 62);
  }

  /** A CentOS 7, as far as its system is identified by it. */
  public static TestGuest centos7() {
    return linux()
        .with(
            "etc/os-release",
            "ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\nPRETTY_NAME=\"CentOS Linux 7 (Core)\"\n")
        .with("etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n")
        .link("etc/redhat-release", "centos-release")
        .with("etc/fstab", "UUID=" + ROOT_UUID + " / xfs defaults 0 0\n")
        .rootType("xfs")
        .link("sbin", "usr/sbin")
        .link("bin", "usr/bin")
        .link("lib", "usr/lib")
        .link("usr/sbin/init", "../lib/systemd/systemd")
        .program("usr/lib/systemd/systemd", 62);
  }

  private static TestGuest linux() {
    return empty()
        .with("etc/hosts", "127.0.0.1 localhost\n")
        .program("usr/bin/bash", 62)
        .directory("usr/sbin")
        .directory("boot")
        .directory("var/lib")
        .directory("root");
  }

  /** Puts a text file there, in place of what was there. */
  public TestGuest with(String path, String text) {
    return with(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a file there, in place of what was there. */
  public TestGuest with(String path, byte[] content) {
    files.put(path, new FileSpec(content, false, false));
    return this;
  }

  /** Puts a symbolic link there. */
  public TestGuest link(String path, String target) {
    files.put(path, new FileSpec(target.getBytes(StandardCharsets.UTF_8), true, false));
    return this;
  }

  /** Puts an empty directory there. */
  public TestGuest directory(String path) {
    files.put(path, new FileSpec(new byte[0], false, true));
    return this;
  }

  /** Puts a 64-bit little-endian ELF program there, as far as its header goes, with mode 755. */
  public TestGuest program(String path, int machine) {
    ByteBuffer elf = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putShort(16, (short) 3).putShort(18, (short) machine);
    return with(path, elf.array()).mode(path, 0755);
  }

  /** Takes a file or an empty directory away. */
  public TestGuest without(String path) {
    files.remove(path);
    return this;
  }

  /** Sets the mode of what lies there. */
  public TestGuest mode(String path, int bits) {
    modes.put(path, bits);
    return this;
  }

  /** Sets the owner of what lies there, which is root else. */
  public TestGuest owner(String path, long uid) {
    owners.put(path, uid);
    return this;
  }

  /** Sets what {@code chattr} sets. */
  public TestGuest flags(String path, InodeFlag... all) {
    flags.put(path, Set.of(all));
    return this;
  }

  /** Sets the type of the root's filesystem. */
  public TestGuest rootType(String type) {
    rootType = type;
    return this;
  }

  /** Adds a volume beside the root, with these files: see {@link MemoryGuest#tree}. */
  public TestGuest volume(String type, String label, String uuid, Map<String, String> content) {
    others.add(
        volume(others.size() + 2, type, label, uuid, Optional.of(MemoryGuest.tree(content))));
    return this;
  }

  /** Adds an EFI system partition with these files. */
  public TestGuest esp(Map<String, String> content) {
    others.add(
        volume(
            others.size() + 2,
            "ef",
            "vfat",
            "",
            "E5B0-0001",
            Optional.of(MemoryGuest.tree(content))));
    return this;
  }

  /** Adds a volume beside the root whose filesystem is not read. */
  public TestGuest unread(String type, String label, String uuid) {
    others.add(volume(others.size() + 2, type, label, uuid, Optional.empty()));
    return this;
  }

  /** Sets what the root's filesystem says of itself. */
  public TestGuest facts(FilesystemFacts said) {
    facts = said;
    return this;
  }

  /** Sets what a walk of the root's filesystem finds. */
  public TestGuest problems(Problem... found) {
    problems = List.of(found);
    return this;
  }

  /** The guest. */
  public Guest build() {
    List<GuestVolume> volumes = new ArrayList<>();
    volumes.add(volume(1, rootType, "", ROOT_UUID, Optional.of(tree())));
    volumes.addAll(others);
    try {
      return Guest.of(
          PartitionTable.read(io.diskwright.validate.rule.TestImage.empty(1 << 20)), volumes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MemoryTree tree() {
    var tree = new MemoryTree().problems(problems);
    if (facts != null) {
      tree.facts(facts);
    }
    tree.root().owner(0, 0).permissions(0755);
    Map<String, MemoryNode> directories = new HashMap<>();
    files.forEach((path, spec) -> {
      int slash = path.lastIndexOf('/');
      MemoryNode parent = directory(tree, directories, slash < 0 ? "" : path.substring(0, slash));
      String name = path.substring(slash + 1);
      if (spec.isDirectory()) {
        directory(tree, directories, path);
      } else if (spec.isLink()) {
        parent.put(name, tree.link(new String(spec.content(), StandardCharsets.UTF_8)).owner(0, 0));
      } else {
        parent.put(name, dressed(path, tree.file(spec.content()), 0644));
      }
    });
    return tree;
  }

  private MemoryNode directory(MemoryTree tree, Map<String, MemoryNode> known, String path) {
    if (path.isEmpty()) {
      return tree.root();
    }
    MemoryNode found = known.get(path);
    if (found != null) {
      return found;
    }
    int slash = path.lastIndexOf('/');
    MemoryNode parent = directory(tree, known, slash < 0 ? "" : path.substring(0, slash));
    MemoryNode made = parent.put(path.substring(slash + 1), dressed(path, tree.directory(), 0755));
    known.put(path, made);
    return made;
  }

  private MemoryNode dressed(String path, MemoryNode node, int mode) {
    return node.owner(owners.getOrDefault(path, 0L), 0)
        .permissions(modes.getOrDefault(path, mode))
        .flags(flags.getOrDefault(path, Set.of()));
  }

  private static GuestVolume volume(
      int number, String type, String label, String uuid, Optional<MemoryTree> tree) {
    return volume(number, "83", type, label, uuid, tree);
  }

  private static GuestVolume volume(
      int number, String role, String type, String label, String uuid, Optional<MemoryTree> tree) {
    long length = 1L << 30;
    var partition =
        new Partition(
            number, number * length, length, role, number == 1, "", Partition.Kind.PRIMARY);
    var content = Optional.of(new VolumeContent(type, label, uuid));
    String partUuid = "deadbeef-0" + number;
    List<String> names = new ArrayList<>(DeviceNames.ofPartition(partition));
    names.addAll(DeviceNames.ofTags(content, partUuid, ""));
    return new GuestVolume(
        "partition " + number,
        Optional.of(partition),
        length,
        content,
        partUuid,
        "",
        names,
        tree.map(t -> t),
        Optional.empty());
  }
}
