package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What NetworkManager.conf(5) and its drop-ins say; the last value counts. */
final class NetworkManagerConfig {

  private final Sections sections;

  private NetworkManagerConfig(Sections sections) {
    this.sections = sections;
  }

  static NetworkManagerConfig read(GuestReader reader) throws IOException {
    List<String> paths = new ArrayList<>();
    add(reader, "usr/lib/NetworkManager/conf.d", paths);
    paths.add("etc/NetworkManager/NetworkManager.conf");
    add(reader, "etc/NetworkManager/conf.d", paths);
    var sections = Sections.parse("");
    for (String path : paths) {
      sections.add(reader.text(path).orElse(""));
    }
    return new NetworkManagerConfig(sections);
  }

  private static void add(GuestReader reader, String directory, List<String> paths)
      throws IOException {
    reader
        .names(directory, n -> n.endsWith(".conf"))
        .forEach(name -> paths.add(directory + "/" + name));
  }

  /** Whether it configures every wired card that has no profile. */
  boolean configuresByItself() {
    return sections.all("main", "no-auto-default").stream().noneMatch("*"::equals);
  }

  /** The DHCP client it is told to use; empty for its own. */
  String client() {
    String client = sections.last("main", "dhcp");
    return client.equals("internal") ? "" : client;
  }
}
