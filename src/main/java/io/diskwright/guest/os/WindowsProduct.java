package io.diskwright.guest.os;

import java.util.Map;

/** Which product a version of the NT kernel is. */
final class WindowsProduct {

  /** Windows 11 counts as Windows 10 in the registry's product name. */
  static final int WINDOWS_11 = 22000;

  private static final Map<Integer, String> SERVERS =
      Map.of(
          14393, "Windows Server 2016",
          17763, "Windows Server 2019",
          20348, "Windows Server 2022",
          26100, "Windows Server 2025");

  private WindowsProduct() {}

  /**
   * The product's name without its edition.
   *
   * @param server whether it is a server
   * @param productName as the registry has it, empty when it has none
   * @param displayVersion empty when there is none
   */
  static String of(
      int major, int minor, int build, boolean server, String productName, String displayVersion) {
    return switch (major * 10 + minor) {
      case 50 -> server ? "Windows 2000 Server" : "Windows 2000 Professional";
      case 51 -> "Windows XP";
      case 52 -> server ? server2003(productName) : "Windows XP";
      case 60 -> server ? "Windows Server 2008" : "Windows Vista";
      case 61 -> server ? "Windows Server 2008 R2" : "Windows 7";
      case 62 -> server ? "Windows Server 2012" : "Windows 8";
      case 63 -> server ? "Windows Server 2012 R2" : "Windows 8.1";
      case 100 -> server ? server10(build, productName, displayVersion) : client10(build);
      default -> "Windows NT " + major + "." + minor;
    };
  }

  private static String server2003(String productName) {
    return productName.contains("R2") ? "Windows Server 2003 R2" : "Windows Server 2003";
  }

  private static String client10(int build) {
    return build >= WINDOWS_11 ? "Windows 11" : "Windows 10";
  }

  /** The long-term releases have a year, the others their version; build 17763 was both. */
  private static String server10(int build, String productName, String displayVersion) {
    String longTerm = SERVERS.get(build);
    if (longTerm != null) {
      String year = longTerm.substring(longTerm.lastIndexOf(' ') + 1);
      if (productName.isEmpty() || productName.contains(year) || displayVersion.isEmpty()) {
        return longTerm;
      }
    }
    return displayVersion.isEmpty()
        ? "Windows Server"
        : "Windows Server, version " + displayVersion;
  }
}
