package io.diskwright.guest.os;

/** The families of operating systems that are identified. */
public enum OsFamily {
  /** A Linux distribution. */
  LINUX("linux"),
  /** FreeBSD. */
  FREEBSD("freebsd"),
  /** Windows of the NT line. */
  WINDOWS("windows");

  private final String id;

  OsFamily(String id) {
    this.id = id;
  }

  /** The name for programs. */
  public String id() {
    return id;
  }
}
