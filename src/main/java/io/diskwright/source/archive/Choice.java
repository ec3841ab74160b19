package io.diskwright.source.archive;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The disk that was picked in an archive.
 *
 * @param name its file name, one that every file system can hold
 * @param parts the members whose contents, one behind the other, are the disk's; nearly always one
 * @param capacity the bytes of virtual disk that an OVF states
 * @param ovf whether an OVF named it
 * @param promises what a manifest says about members
 */
record Choice(
    String name,
    List<Member> parts,
    OptionalLong capacity,
    boolean ovf,
    Map<Member, List<Promise>> promises) {

  /** The member with which it starts. */
  Member first() {
    return parts.getFirst();
  }
}
