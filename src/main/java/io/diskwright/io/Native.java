package io.diskwright.io;

/** Whether the native ways may be taken; the pure-Java ways give the same bytes. */
public final class Native {

  private static final boolean ENABLED =
      !"false".equalsIgnoreCase(System.getProperty("diskwright.native"));

  private Native() {}

  /** False when switched off with {@code -Ddiskwright.native=false}. */
  public static boolean enabled() {
    return ENABLED;
  }

  /** Whether this is Linux with the native ways on. */
  public static boolean linux() {
    return ENABLED && System.getProperty("os.name", "").equals("Linux");
  }
}
