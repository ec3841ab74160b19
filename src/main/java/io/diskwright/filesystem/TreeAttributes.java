package io.diskwright.filesystem;

import java.io.IOException;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A node's attributes as the JDK names them. */
record TreeAttributes(Object fileKey, long number, NodeAttributes node)
    implements PosixFileAttributes, DosFileAttributes {

  static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "unix", "dos", "user");

  private static final Map<String, Function<TreeAttributes, Object>> BASIC =
      Map.ofEntries(
          Map.entry("lastModifiedTime", TreeAttributes::lastModifiedTime),
          Map.entry("lastAccessTime", TreeAttributes::lastAccessTime),
          Map.entry("creationTime", TreeAttributes::creationTime),
          Map.entry("size", TreeAttributes::size),
          Map.entry("isRegularFile", TreeAttributes::isRegularFile),
          Map.entry("isDirectory", TreeAttributes::isDirectory),
          Map.entry("isSymbolicLink", TreeAttributes::isSymbolicLink),
          Map.entry("isOther", TreeAttributes::isOther),
          Map.entry("fileKey", TreeAttributes::fileKey));

  private static final Map<String, Function<TreeAttributes, Object>> OWNER =
      Map.of("owner", TreeAttributes::owner);

  private static final Map<String, Function<TreeAttributes, Object>> POSIX =
      Map.of("permissions", TreeAttributes::permissions, "group", TreeAttributes::group);

  private static final Map<String, Function<TreeAttributes, Object>> UNIX =
      Map.of(
          "mode", a -> a.node.mode(),
          "ino", a -> a.number,
          "dev", a -> 0L,
          "rdev", a -> a.node.device(),
          "nlink", a -> (int) Math.min(Integer.MAX_VALUE, a.node.links()),
          "uid", a -> (int) a.node.uid(),
          "gid", a -> (int) a.node.gid(),
          "ctime", a -> FileTime.from(a.node.times().changed()),
          "flags", a -> a.node.flags());

  private static final Map<String, Function<TreeAttributes, Object>> DOS =
      Map.of(
          "readonly", TreeAttributes::isReadOnly,
          "hidden", TreeAttributes::isHidden,
          "system", TreeAttributes::isSystem,
          "archive", TreeAttributes::isArchive);

  /** What each view names; each but {@code owner} holds the basic ones too, as in the JDK. */
  private static final Map<String, List<Map<String, Function<TreeAttributes, Object>>>> BY_VIEW =
      Map.of(
          "basic", List.of(BASIC),
          "owner", List.of(OWNER),
          "posix", List.of(BASIC, OWNER, POSIX),
          "unix", List.of(BASIC, OWNER, POSIX, UNIX),
          "dos", List.of(BASIC, DOS));

  static TreeAttributes of(Node node) throws IOException {
    return new TreeAttributes(
        new FileKey(node.tree(), node.number()), node.number(), node.attributes());
  }

  /**
   * Attributes as {@code Files.readAttributes} asks for them: {@code unix:mode,uid} or {@code *}.
   */
  Map<String, Object> named(String attributes) {
    int colon = attributes.indexOf(':');
    String view = colon < 0 ? "basic" : attributes.substring(0, colon);
    List<Map<String, Function<TreeAttributes, Object>>> groups = BY_VIEW.get(view);
    if (groups == null) {
      throw new UnsupportedOperationException("view '" + view + "'");
    }
    Map<String, Function<TreeAttributes, Object>> all = new LinkedHashMap<>();
    groups.forEach(all::putAll);
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : attributes.substring(colon + 1).split(",", -1)) {
      if (name.equals("*")) {
        all.forEach((each, getter) -> values.put(each, getter.apply(this)));
      } else {
        Function<TreeAttributes, Object> getter = all.get(name);
        if (getter == null) {
          throw new IllegalArgumentException("'" + name + "' not recognized");
        }
        values.put(name, getter.apply(this));
      }
    }
    return values;
  }

  @Override
  public FileTime lastModifiedTime() {
    return FileTime.from(node.times().modified());
  }

  @Override
  public FileTime lastAccessTime() {
    return FileTime.from(node.times().accessed());
  }

  @Override
  public FileTime creationTime() {
    return FileTime.from(node.times().created().orElse(node.times().modified()));
  }

  @Override
  public boolean isRegularFile() {
    return node.kind() == FileKind.REGULAR;
  }

  @Override
  public boolean isDirectory() {
    return node.kind() == FileKind.DIRECTORY;
  }

  @Override
  public boolean isSymbolicLink() {
    return node.kind() == FileKind.SYMBOLIC_LINK;
  }

  @Override
  public boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }

  @Override
  public long size() {
    return node.size();
  }

  @Override
  public UserPrincipal owner() {
    return new NumberedPrincipal(node.uid());
  }

  @Override
  public GroupPrincipal group() {
    return new NumberedPrincipal(node.gid());
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    // The enumeration runs from the owner's read, the highest bit, to the others' execute.
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((node.permissions() >> (8 - permission.ordinal()) & 1) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  @Override
  public boolean isReadOnly() {
    return node.flags().contains(InodeFlag.READ_ONLY);
  }

  @Override
  public boolean isHidden() {
    return node.flags().contains(InodeFlag.HIDDEN);
  }

  @Override
  public boolean isArchive() {
    return node.flags().contains(InodeFlag.ARCHIVE);
  }

  @Override
  public boolean isSystem() {
    return node.flags().contains(InodeFlag.SYSTEM);
  }

  /** What tells files apart, across the filesystems of one view. */
  private record FileKey(FileTree tree, long number) {}

  /** A user or group of the guest, by number: its names are in files that may not be there. */
  private record NumberedPrincipal(long number) implements GroupPrincipal {
    @Override
    public String getName() {
      return Long.toString(number);
    }
  }
}
