package io.diskwright.filesystem;

import java.util.Set;

/**
 * What a filesystem says of a node.
 *
 * @param permissions the lower twelve bits of {@code st_mode}, with set-user-id, set-group-id and
 *     sticky; what a mount shows by default where a filesystem does not keep them
 * @param uid the owner's number, 0 where a filesystem does not keep it
 * @param gid the group's number, 0 where a filesystem does not keep it
 * @param links how many names it has
 * @param size bytes of content as {@code st_size}, not negative
 * @param allocated bytes that are stored for it
 * @param deviceMajor of a device, else 0
 * @param deviceMinor of a device, else 0
 */
public record NodeAttributes(
    FileKind kind,
    int permissions,
    long uid,
    long gid,
    long links,
    long size,
    long allocated,
    NodeTimes times,
    int deviceMajor,
    int deviceMinor,
    Set<InodeFlag> flags) {

  /** {@code st_mode}: kind and permissions. */
  public int mode() {
    return kind.modeBits() | permissions;
  }

  /** {@code st_rdev} as glibc's {@code makedev} puts it together. */
  public long device() {
    long major = deviceMajor;
    long minor = deviceMinor;
    return (minor & 0xff)
        | (major & 0xfff) << 8
        | (minor & 0xffffff00L) << 12
        | (major & 0xfffff000L) << 32;
  }
}
