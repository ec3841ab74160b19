package io.diskwright.guest.os;

/** What runs as the first process. */
public enum InitSystem {
  /** systemd. */
  SYSTEMD("systemd"),
  /** Upstart, of Ubuntu before 15.04 and RHEL 6. */
  UPSTART("upstart"),
  /** System V init with scripts in {@code /etc/init.d} or {@code /etc/rc.d}. */
  SYSV("sysv"),
  /** OpenRC, whatever starts it. */
  OPENRC("openrc"),
  /** The scripts of a BSD. */
  RC("rc"),
  /** BusyBox's init without OpenRC. */
  BUSYBOX("busybox");

  private final String id;

  InitSystem(String id) {
    this.id = id;
  }

  /** The name for programs and people. */
  public String id() {
    return id;
  }
}
