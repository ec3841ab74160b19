package io.diskwright.guest.network;

import java.util.List;
import java.util.Locale;

/**
 * The configuration of a network interface.
 *
 * @param backend that reads it
 * @param name of the interface; a pattern, or {@code *}, where it is for any
 * @param hardware the address of the card it is bound to, empty for any
 * @param dhcp whether it asks for an IPv4 address
 * @param addresses that are fixed, IPv4 and IPv6
 * @param ipv6 whether it asks for an IPv6 address
 * @param starts whether it is brought up at boot
 * @param where the file, and the line where that is known
 */
public record Interface(
    String backend,
    String name,
    String hardware,
    boolean dhcp,
    List<String> addresses,
    boolean ipv6,
    boolean starts,
    String where) {

  /** Takes a copy of the list. */
  public Interface {
    addresses = List.copyOf(addresses);
  }

  /** The fixed addresses of IPv6 that leave the link. */
  public List<String> ipv6Addresses() {
    return addresses.stream()
        .filter(a -> a.contains(":"))
        .filter(a -> !a.startsWith("::1") && !a.toLowerCase(Locale.ROOT).startsWith("fe80"))
        .toList();
  }

  /** The fixed addresses of IPv4. */
  public List<String> ipv4Addresses() {
    return addresses.stream().filter(a -> !a.contains(":")).toList();
  }

  /** Whether it is for any interface. */
  public boolean isForAny() {
    return name.contains("*") || name.isEmpty();
  }
}
