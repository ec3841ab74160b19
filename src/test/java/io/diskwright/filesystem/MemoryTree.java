package io.diskwright.filesystem;

import io.diskwright.io.ByteSource;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A tree in memory, which may be put together as no honest filesystem is. */
public final class MemoryTree implements FileTree {

  private final MemoryNode root = new MemoryNode(FileKind.DIRECTORY, 2, new byte[0]);
  private long nextNumber = 10;
  private FilesystemFacts facts = soundFacts();
  private List<Problem> problems = List.of();

  /** A node; what it says of itself can be set. */
  public final class MemoryNode implements Node {

    private final FileKind kind;
    private final long number;
    private final byte[] content;
    private final Set<InodeFlag> flags = EnumSet.noneOf(InodeFlag.class);
    private long owner = 1000;
    private long group = 100;
    private final Map<String, MemoryNode> entries = new TreeMap<>();
    private OptionalLong parent = OptionalLong.empty();
    private int permissions = 0644;
    private long links = 1;

    private MemoryNode(FileKind kind, long number, byte[] content) {
      this.kind = kind;
      this.number = number;
      this.content = content;
    }

    /** Puts a node under a name here; a directory then says that this is its parent. */
    public MemoryNode put(String name, MemoryNode node) {
      entries.put(name, node);
      if (node.kind == FileKind.DIRECTORY) {
        node.parent = OptionalLong.of(number);
      }
      return node;
    }

    /** Puts a node under a name here and tells nobody. */
    public void sneak(String name, MemoryNode node) {
      entries.put(name, node);
    }

    /** Sets the lower twelve bits of its mode. */
    public MemoryNode permissions(int bits) {
      permissions = bits;
      return this;
    }

    /** Sets what {@code chattr} sets. */
    public MemoryNode flags(Set<InodeFlag> all) {
      flags.clear();
      flags.addAll(all);
      return this;
    }

    /** Sets who owns it. */
    public MemoryNode owner(long uid, long gid) {
      owner = uid;
      group = gid;
      return this;
    }

    /** Sets how many names it says it has. */
    public MemoryNode links(long count) {
      links = count;
      return this;
    }

    @Override
    public FileTree tree() {
      return MemoryTree.this;
    }

    @Override
    public long number() {
      return number;
    }

    @Override
    public NodeAttributes attributes() {
      var time = Instant.parse("2026-01-02T03:04:05.678Z");
      return new NodeAttributes(
          kind,
          permissions,
          owner,
          group,
          links,
          content.length,
          512,
          new NodeTimes(time, time, time, Optional.empty()),
          kind == FileKind.BLOCK_DEVICE ? 8 : 0,
          kind == FileKind.BLOCK_DEVICE ? 1 : 0,
          Set.copyOf(flags));
    }

    @Override
    public OptionalLong parentNumber() {
      return parent;
    }

    @Override
    public EntryCursor entries() {
      Iterator<Map.Entry<String, MemoryNode>> all = new ArrayList<>(entries.entrySet()).iterator();
      return () -> all.hasNext() ? new MemoryEntry(all.next()) : null;
    }

    @Override
    public Optional<Node> child(String name) {
      return Optional.ofNullable(entries.get(name));
    }

    @Override
    public ByteSource content() {
      return new MemorySource("node " + number, content);
    }

    @Override
    public String linkTarget() {
      return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, ByteSource> extendedAttributes() {
      return Map.of("user.x", content(), "security.selinux", content());
    }
  }

  private record MemoryEntry(String name, Node node) implements Entry {
    MemoryEntry(Map.Entry<String, MemoryNode> entry) {
      this(entry.getKey(), entry.getValue());
    }

    @Override
    public Optional<FileKind> kind() {
      return Optional.empty();
    }
  }

  /** A new node, which no directory holds yet. */
  public MemoryNode node(FileKind kind, String content) {
    return new MemoryNode(kind, nextNumber++, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A new file of any bytes. */
  public MemoryNode file(byte[] content) {
    return new MemoryNode(FileKind.REGULAR, nextNumber++, content.clone());
  }

  /** A new directory. */
  public MemoryNode directory() {
    return node(FileKind.DIRECTORY, "");
  }

  /** A new file. */
  public MemoryNode file(String content) {
    return node(FileKind.REGULAR, content);
  }

  /** A new symbolic link. */
  public MemoryNode link(String target) {
    return node(FileKind.SYMBOLIC_LINK, target);
  }

  @Override
  public String type() {
    return "memory";
  }

  @Override
  public String describe() {
    return "tree in memory";
  }

  @Override
  public MemoryNode root() {
    return root;
  }

  @Override
  public FilesystemFacts facts() {
    return facts;
  }

  /** Sets what it says of itself. */
  public MemoryTree facts(FilesystemFacts said) {
    facts = said;
    return this;
  }

  /** Sets what a walk finds. */
  public MemoryTree problems(List<Problem> found) {
    problems = List.copyOf(found);
    return this;
  }

  private static FilesystemFacts soundFacts() {
    return new FilesystemFacts(
        "memory",
        "",
        "",
        512,
        1 << 20,
        1 << 20,
        16,
        OptionalLong.empty(),
        OptionalLong.empty(),
        true,
        false,
        Recovery.NOT_NEEDED,
        0,
        List.of(),
        Map.of(),
        List.of());
  }

  @Override
  public void check(Consumer<Problem> found) throws IOException {
    problems.forEach(found);
  }
}
