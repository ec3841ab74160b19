package io.diskwright.guest;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A filesystem with others mounted in it, as a running system sees them. A node says of which
 * filesystem it is; facts are those of the root's filesystem, a check walks all of them. As in a
 * kernel, a mount covers a directory, whatever path leads to it. Immutable.
 */
public final class MountedTree implements FileTree {

  private final FileTree base;
  private final Node root;
  private final Map<Key, Node> mounted;
  private final List<FileTree> trees;

  private MountedTree(FileTree base, Node root, Map<Key, Node> mounted, List<FileTree> trees) {
    this.base = base;
    this.root = root;
    this.mounted = mounted;
    this.trees = trees;
  }

  /** A directory that something is mounted on. */
  private record Key(FileTree tree, long number) {
    static Key of(Node node) {
      return new Key(node.tree(), node.number());
    }
  }

  /** A filesystem with nothing mounted in it. */
  public static MountedTree of(FileTree root) throws IOException {
    return at(root, root.root());
  }

  /** A directory of a filesystem as the root, as after {@code chroot}. */
  static MountedTree at(FileTree tree, Node directory) {
    return new MountedTree(tree, directory, Map.of(), List.of(tree));
  }

  /**
   * The view with one more filesystem in it.
   *
   * @param path of an existing directory of this view; links on the way are followed
   * @param tree one that is not in the view yet: mounted twice it would hold itself
   * @throws java.nio.file.FileSystemException when there is no such directory
   */
  public MountedTree with(String path, FileTree tree) throws IOException {
    if (trees.contains(tree)) {
      throw new IllegalArgumentException(tree.describe() + " is mounted already");
    }
    Node point = TreeFileSystem.node(new TreeFileSystem(this).getPath("/").resolve(path));
    if (point.attributes().kind() != FileKind.DIRECTORY) {
      throw new NotDirectoryException(path);
    }
    Map<Key, Node> more = new HashMap<>(mounted);
    more.put(Key.of(point), tree.root());
    List<FileTree> all = new ArrayList<>(trees);
    all.add(tree);
    return new MountedTree(base, root, Map.copyOf(more), List.copyOf(all));
  }

  /** The filesystems of the view, the root's first. */
  public List<FileTree> trees() {
    return trees;
  }

  @Override
  public String type() {
    return base.type();
  }

  @Override
  public String describe() {
    return base.describe();
  }

  @Override
  public Node root() {
    return seen(root, true);
  }

  @Override
  public FilesystemFacts facts() throws IOException {
    return base.facts();
  }

  @Override
  public void check(Consumer<Problem> problems) throws IOException {
    for (FileTree tree : trees) {
      tree.check(problems);
    }
  }

  /** A node as the view has it: covered by what is mounted on it. */
  private Node seen(Node node, boolean isRoot) {
    Node top = node;
    boolean topIsRoot = isRoot;
    for (Node over = mounted.get(Key.of(top)); over != null; over = mounted.get(Key.of(top))) {
      top = over;
      topIsRoot = true;
    }
    return new Seen(top, topIsRoot);
  }

  private final class Seen implements Node {

    private final Node node;
    private final boolean isRoot;

    private Seen(Node node, boolean isRoot) {
      this.node = node;
      this.isRoot = isRoot;
    }

    @Override
    public FileTree tree() {
      return node.tree();
    }

    @Override
    public long number() {
      return node.number();
    }

    @Override
    public NodeAttributes attributes() throws IOException {
      return node.attributes();
    }

    @Override
    public OptionalLong parentNumber() throws IOException {
      return isRoot ? OptionalLong.empty() : node.parentNumber();
    }

    @Override
    public EntryCursor entries() throws IOException {
      EntryCursor cursor = node.entries();
      return () -> {
        Entry entry = cursor.next();
        return entry == null ? null : new SeenEntry(entry);
      };
    }

    @Override
    public Optional<Node> child(String name) throws IOException {
      return node.child(name).map(child -> seen(child, false));
    }

    @Override
    public ByteSource content() throws IOException {
      return node.content();
    }

    @Override
    public String linkTarget() throws IOException {
      return node.linkTarget();
    }

    @Override
    public Map<String, ByteSource> extendedAttributes() throws IOException {
      return node.extendedAttributes();
    }
  }

  private final class SeenEntry implements Entry {

    private final Entry entry;

    private SeenEntry(Entry entry) {
      this.entry = entry;
    }

    @Override
    public String name() {
      return entry.name();
    }

    @Override
    public Optional<FileKind> kind() {
      return entry.kind();
    }

    @Override
    public Node node() throws IOException {
      return seen(entry.node(), false);
    }
  }
}
