package io.diskwright.filesystem;

/**
 * What a filesystem says of a node beside its mode; the names follow {@code chattr} and Windows.
 */
public enum InodeFlag {
  /** Nobody may change it, not even root: {@code chattr +i}. */
  IMMUTABLE,
  /** It may only grow: {@code chattr +a}. */
  APPEND_ONLY,
  /** Backups leave it out: {@code chattr +d}. */
  NO_DUMP,
  /** Its access time is not kept. */
  NO_ATIME,
  /** Changes are written at once. */
  SYNCHRONOUS,
  /** Its content is encrypted: fscrypt, EFS. */
  ENCRYPTED,
  /** Its content is protected by fs-verity. */
  VERITY,
  /** Its content is compressed. */
  COMPRESSED,
  /** Names in this directory match whatever their case. */
  CASE_INSENSITIVE,
  /** Its content may be shared with other files. */
  REFLINK,
  /** It bypasses the page cache. */
  DIRECT_ACCESS,
  /** Windows: programs must not write it. */
  READ_ONLY,
  /** Windows: listings leave it out. */
  HIDDEN,
  /** Windows: it belongs to the system. */
  SYSTEM,
  /** Windows: it changed since the last backup. */
  ARCHIVE,
  /** Windows: parts that were never written take no room. */
  SPARSE,
  /** Windows: its content lies elsewhere. */
  OFFLINE,
  /** Windows: a reparse point. */
  REPARSE_POINT
}
