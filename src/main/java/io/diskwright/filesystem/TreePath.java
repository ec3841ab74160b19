package io.diskwright.filesystem;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path of a {@link TreeFileSystem}: names between slashes, compared as they are written. */
final class TreePath implements Path {

  private final TreeFileSystem fileSystem;
  private final String text;

  /** The entry it was listed as, which spares the way from the root; the disk does not change. */
  private final @Nullable Listed listed;

  private @Nullable List<String> names;

  TreePath(TreeFileSystem fileSystem, String text, @Nullable Listed listed) {
    this.fileSystem = fileSystem;
    this.text = text;
    this.listed = listed;
  }

  /** An entry of a directory; its node is read when it is asked for. */
  static final class Listed {

    private final Located directory;
    private final Entry entry;
    private volatile @Nullable Located located;

    Listed(Located directory, Entry entry) {
      this.directory = directory;
      this.entry = entry;
    }

    Located located() throws IOException {
      Located known = located;
      if (known == null) {
        known = directory.child(entry.name(), entry.node());
        located = known;
      }
      return known;
    }
  }

  static TreePath of(Path path) {
    if (path instanceof TreePath tree) {
      return tree;
    }
    throw new ProviderMismatchException(path.toString());
  }

  /** The names of a path in their order, without empty ones. */
  static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    int from = 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      if (end > from) {
        names.add(path.substring(from, end));
      }
      from = end + 1;
    }
    return names;
  }

  static String normalizeSlashes(String path) {
    if (!path.contains("//") && (path.length() < 2 || !path.endsWith("/"))) {
      return path;
    }
    return (path.startsWith("/") ? "/" : "") + String.join("/", names(path));
  }

  @Nullable Listed listed() {
    return listed;
  }

  private List<String> names() {
    List<String> list = names;
    if (list == null) {
      list = text.isEmpty() ? List.of("") : List.copyOf(names(text));
      names = list;
    }
    return list;
  }

  private TreePath with(boolean absolute, List<String> parts) {
    return new TreePath(fileSystem, (absolute ? "/" : "") + String.join("/", parts), null);
  }

  @Override
  public TreeFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return text.startsWith("/");
  }

  @Override
  public @Nullable Path getRoot() {
    return isAbsolute() ? fileSystem.root() : null;
  }

  @Override
  public @Nullable Path getFileName() {
    return names().isEmpty() ? null : with(false, List.of(names().getLast()));
  }

  @Override
  public @Nullable Path getParent() {
    int count = names().size();
    if (count == 0 || (count == 1 && !isAbsolute())) {
      return null;
    }
    return with(isAbsolute(), names().subList(0, count - 1));
  }

  @Override
  public int getNameCount() {
    return names().size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || beginIndex >= endIndex || endIndex > names().size()) {
      throw new IllegalArgumentException(beginIndex + " to " + endIndex);
    }
    return with(false, names().subList(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    if (!(other instanceof TreePath path)
        || path.fileSystem != fileSystem
        || path.isAbsolute() != isAbsolute()) {
      return false;
    }
    int count = path.names().size();
    return count <= names().size() && names().subList(0, count).equals(path.names());
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof TreePath path) || path.fileSystem != fileSystem) {
      return false;
    }
    if (path.isAbsolute()) {
      return equals(path);
    }
    int from = names().size() - path.names().size();
    return from >= 0 && names().subList(from, names().size()).equals(path.names());
  }

  @Override
  public Path normalize() {
    List<String> parts = new ArrayList<>();
    for (String name : names()) {
      if (name.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!name.equals(".") && !(name.equals("..") && isAbsolute())) {
        parts.add(name);
      }
    }
    return with(isAbsolute(), parts);
  }

  @Override
  public Path resolve(Path other) {
    TreePath path = of(other);
    if (path.isAbsolute() || text.isEmpty()) {
      return path;
    }
    return path.text.isEmpty() ? this : new TreePath(fileSystem, joined(path.text), null);
  }

  /** The path of an entry of this directory, which was just read. */
  TreePath resolveListed(Located directory, Entry entry) {
    String path = text.isEmpty() ? entry.name() : joined(entry.name());
    return new TreePath(fileSystem, path, new Listed(directory, entry));
  }

  private String joined(String relative) {
    return text.endsWith("/") ? text + relative : text + "/" + relative;
  }

  @Override
  public Path relativize(Path other) {
    TreePath path = of(other);
    if (path.isAbsolute() != isAbsolute()) {
      throw new IllegalArgumentException("one of '" + this + "' and '" + other + "' is absolute");
    }
    List<String> mine = text.isEmpty() ? List.of() : names();
    List<String> its = path.text.isEmpty() ? List.of() : path.names();
    int common = 0;
    while (common < mine.size()
        && common < its.size()
        && mine.get(common).equals(its.get(common))) {
      common++;
    }
    List<String> parts = new ArrayList<>();
    for (int i = common; i < mine.size(); i++) {
      parts.add("..");
    }
    parts.addAll(its.subList(common, its.size()));
    return with(false, parts);
  }

  @Override
  public URI toUri() {
    try {
      return new URI(TreeProvider.SCHEME, null, toAbsolutePath().toString(), null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public TreePath toAbsolutePath() {
    return isAbsolute() ? this : new TreePath(fileSystem, "/" + text, listed);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    Located located = fileSystem.locate(this, follow);
    return new TreePath(fileSystem, located.path(), null);
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("a read-only file system does not change");
  }

  @Override
  public int compareTo(Path other) {
    return text.compareTo(of(other).text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TreePath path
        && path.fileSystem == fileSystem
        && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(System.identityHashCode(fileSystem), text);
  }

  @Override
  public String toString() {
    return text;
  }
}
