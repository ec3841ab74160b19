package io.diskwright.filesystem;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JDK's attribute views of a node; what would change something is refused. */
final class TreeViews {

  private static final String USER = "user.";

  private TreeViews() {}

  /** A node that is looked up when a view is read. */
  @FunctionalInterface
  interface Lookup {
    Node node() throws IOException;
  }

  static boolean supports(Class<? extends FileAttributeView> type) {
    return type == BasicFileAttributeView.class
        || type == FileOwnerAttributeView.class
        || type == PosixFileAttributeView.class
        || type == DosFileAttributeView.class
        || type == UserDefinedFileAttributeView.class;
  }

  static <V extends FileAttributeView> @Nullable V view(Lookup lookup, Class<V> type) {
    if (!supports(type)) {
      return null;
    }
    if (type == UserDefinedFileAttributeView.class) {
      return type.cast(new User(lookup));
    }
    return type.cast(type == DosFileAttributeView.class ? new Dos(lookup) : new Posix(lookup));
  }

  private record Posix(Lookup lookup) implements PosixFileAttributeView {
    @Override
    public String name() {
      return "posix";
    }

    @Override
    public TreeAttributes readAttributes() throws IOException {
      return TreeAttributes.of(lookup.node());
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setGroup(GroupPrincipal group) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created) {
      throw new ReadOnlyFileSystemException();
    }
  }

  private record Dos(Lookup lookup) implements DosFileAttributeView {
    @Override
    public String name() {
      return "dos";
    }

    @Override
    public TreeAttributes readAttributes() throws IOException {
      return TreeAttributes.of(lookup.node());
    }

    @Override
    public void setReadOnly(boolean value) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setHidden(boolean value) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setSystem(boolean value) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setArchive(boolean value) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created) {
      throw new ReadOnlyFileSystemException();
    }
  }

  /** The extended attributes of the {@code user} namespace, without that prefix, as in the JDK. */
  private record User(Lookup lookup) implements UserDefinedFileAttributeView {
    @Override
    public String name() {
      return "user";
    }

    @Override
    public List<String> list() throws IOException {
      return lookup.node().extendedAttributes().keySet().stream()
          .filter(name -> name.startsWith(USER))
          .map(name -> name.substring(USER.length()))
          .toList();
    }

    @Override
    public int size(String name) throws IOException {
      return Math.toIntExact(value(name).size());
    }

    @Override
    public int read(String name, ByteBuffer target) throws IOException {
      ByteSource value = value(name);
      if (value.size() > target.remaining()) {
        throw new IOException(
            "attribute '"
                + name
                + "' has "
                + value.size()
                + " bytes, the buffer room for "
                + target.remaining());
      }
      int length = (int) value.size();
      int limit = target.limit();
      target.limit(target.position() + length);
      try {
        value.read(0, target);
      } finally {
        target.limit(limit);
      }
      return length;
    }

    private ByteSource value(String name) throws IOException {
      ByteSource value = lookup.node().extendedAttributes().get(USER + name);
      if (value == null) {
        throw new NoSuchFileException(name, null, "no such attribute");
      }
      return value;
    }

    @Override
    public int write(String name, ByteBuffer source) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(String name) {
      throw new ReadOnlyFileSystemException();
    }
  }
}
