package io.diskwright.filesystem;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FileTree} as a read-only {@code java.nio.file} file system, so that {@code
 * Files.readString}, {@code Files.walk} and every Java library work on a guest. Links are resolved
 * inside it and never lead out of it: {@code ..} above the root is the root. Safe for any thread.
 * Closing it does nothing; who opened the disk closes that, and nothing is read afterwards.
 *
 * <p>Attribute views: {@code basic}, {@code owner}, {@code posix}, {@code unix} (as the JDK's own
 * provider names them, and {@code unix:flags}, a set of {@link InodeFlag}), {@code dos}, {@code
 * user}.
 */
public final class TreeFileSystem extends FileSystem {

  /** As Linux: a path may lead through so many links. */
  private static final int MAX_LINKS = 40;

  private static final int CACHED_DIRECTORIES = 1024;

  private final FileTree tree;
  private final TreePath root = new TreePath(this, "/", null);
  private final Map<String, Located> directories =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Located> eldest) {
          return size() > CACHED_DIRECTORIES;
        }
      };

  /** A file system that shows this tree. */
  public TreeFileSystem(FileTree tree) {
    this.tree = tree;
  }

  /** The tree it shows. */
  public FileTree tree() {
    return tree;
  }

  /** The root directory. */
  public Path root() {
    return root;
  }

  /**
   * The node a path leads to.
   *
   * @param path of a {@code TreeFileSystem}
   * @param options with {@link LinkOption#NOFOLLOW_LINKS} a link that the path itself names is not
   *     followed
   */
  public static Node node(Path path, LinkOption... options) throws IOException {
    TreePath tree = TreePath.of(path);
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    return tree.getFileSystem().locate(tree, follow).node();
  }

  /**
   * Finds what a path leads to.
   *
   * @param follow whether a link that the path itself names is followed
   * @throws NoSuchFileException when there is no such name
   * @throws NotDirectoryException when something on the way is no directory
   * @throws FileSystemLoopException after too many links
   */
  Located locate(TreePath path, boolean follow) throws IOException {
    TreePath.Listed listed = path.listed();
    if (listed != null && !(follow && isLink(listed.located()))) {
      return listed.located();
    }
    String text = path.toAbsolutePath().toString();
    Located cached = cached(text);
    return cached != null ? cached : walk(text, follow);
  }

  private Located walk(String path, boolean follow) throws IOException {
    Located at = Located.root(tree.root());
    Deque<String> names = new ArrayDeque<>(TreePath.names(path));
    var literal = new StringBuilder();
    int links = 0;
    boolean mayCache = true;
    while (!names.isEmpty()) {
      String name = names.removeFirst();
      if (at.node().attributes().kind() != FileKind.DIRECTORY) {
        throw new NotDirectoryException(at.path());
      }
      if (name.equals("..")) {
        at = at.parent() == null ? at : at.parent();
        mayCache = false;
        continue;
      }
      Optional<Node> child = name.equals(".") ? Optional.of(at.node()) : at.node().child(name);
      if (child.isEmpty()) {
        throw new NoSuchFileException(path);
      }
      if (name.equals(".")) {
        continue;
      }
      Node node = child.get();
      if (node.attributes().kind() == FileKind.SYMBOLIC_LINK && (follow || !names.isEmpty())) {
        links++;
        if (links > MAX_LINKS) {
          throw new FileSystemLoopException(path);
        }
        String target = node.linkTarget();
        at = target.startsWith("/") ? Located.root(tree.root()) : at;
        List<String> steps = TreePath.names(target);
        for (int i = steps.size() - 1; i >= 0; i--) {
          names.addFirst(steps.get(i));
        }
        mayCache = false;
        continue;
      }
      at = at.child(name, node);
      if (mayCache && node.attributes().kind() == FileKind.DIRECTORY) {
        literal.append('/').append(name);
        remember(literal.toString(), at);
      }
    }
    return at;
  }

  private static boolean isLink(Located located) throws IOException {
    return located.node().attributes().kind() == FileKind.SYMBOLIC_LINK;
  }

  private @Nullable Located cached(String path) {
    synchronized (directories) {
      return directories.get(path);
    }
  }

  private void remember(String path, Located located) {
    synchronized (directories) {
      directories.put(path, located);
    }
  }

  @Override
  public FileSystemProvider provider() {
    return TreeProvider.INSTANCE;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(root);
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new TreeStore(tree));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return TreeAttributes.VIEWS;
  }

  @Override
  public Path getPath(String first, String... more) {
    var text = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : "/").append(part);
      }
    }
    if (text.indexOf("\0") >= 0) {
      throw new InvalidPathException(first, "NUL in a path");
    }
    return new TreePath(this, TreePath.normalizeSlashes(text.toString()), null);
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    if (syntaxAndPattern.startsWith("regex:")) {
      Pattern pattern = Pattern.compile(syntaxAndPattern.substring("regex:".length()));
      return path -> pattern.matcher(path.toString()).matches();
    }
    if (syntaxAndPattern.startsWith("glob:")) {
      // The default file system's globs match text; on Windows it would take a backslash for a
      // separator, which Globs does not.
      Pattern pattern = Globs.compile(syntaxAndPattern.substring("glob:".length()));
      return path -> pattern.matcher(path.toString()).matches();
    }
    throw new UnsupportedOperationException(syntaxAndPattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("users of a guest are numbers here");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("a read-only file system does not change");
  }
}
