package io.diskwright.filesystem;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provider behind every {@link TreeFileSystem}; there is no registry of open ones. */
final class TreeProvider extends FileSystemProvider {

  static final String SCHEME = "diskwright";
  static final TreeProvider INSTANCE = new TreeProvider();

  private TreeProvider() {}

  private static Located locate(Path path, LinkOption... options) throws IOException {
    TreePath tree = TreePath.of(path);
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    return tree.getFileSystem().locate(tree, follow);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    throw new UnsupportedOperationException("open the disk and its volume first");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new FileSystemNotFoundException(uri.toString());
  }

  @Override
  public Path getPath(URI uri) {
    throw new FileSystemNotFoundException(uri.toString());
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    for (OpenOption option : options) {
      if (option != StandardOpenOption.READ && option != LinkOption.NOFOLLOW_LINKS) {
        throw new ReadOnlyFileSystemException();
      }
    }
    boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
    TreePath tree = TreePath.of(path);
    Node node = tree.getFileSystem().locate(tree, follow).node();
    FileKind kind = node.attributes().kind();
    if (kind != FileKind.REGULAR) {
      throw new FileSystemException(path.toString(), null, "no regular file but a " + kind.title());
    }
    return new ContentChannel(node.content());
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    Located located = locate(directory);
    if (located.node().attributes().kind() != FileKind.DIRECTORY) {
      throw new NotDirectoryException(directory.toString());
    }
    return new TreeDirectoryStream(TreePath.of(directory), located, filter);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    Node node = locate(link, LinkOption.NOFOLLOW_LINKS).node();
    if (node.attributes().kind() != FileKind.SYMBOLIC_LINK) {
      throw new NotLinkException(link.toString());
    }
    return new TreePath(TreePath.of(link).getFileSystem(), node.linkTarget(), null);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    if (path.equals(other)) {
      return true;
    }
    if (!(path instanceof TreePath) || !(other instanceof TreePath)) {
      return false;
    }
    Node node = locate(path).node();
    Node otherNode = locate(other).node();
    return node.tree() == otherNode.tree() && node.number() == otherNode.number();
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    Path name = path.getFileName();
    return (name != null && name.toString().startsWith("."))
        || locate(path).node().attributes().flags().contains(InodeFlag.HIDDEN);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return new TreeStore(locate(path).node().tree());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (Arrays.asList(modes).contains(AccessMode.WRITE)) {
      throw new AccessDeniedException(path.toString(), null, "a read-only file system");
    }
    locate(path);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return TreeViews.view(() -> locate(path, options).node(), type);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (!type.isAssignableFrom(TreeAttributes.class)) {
      throw new UnsupportedOperationException(type.getName());
    }
    return type.cast(TreeAttributes.of(locate(path, options).node()));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return TreeAttributes.of(locate(path, options).node()).named(attributes);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void delete(Path path) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }
}
