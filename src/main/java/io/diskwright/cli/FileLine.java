package io.diskwright.cli;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A line of {@code ls}. */
final class FileLine {

  private static final String PERMISSIONS = "rwxrwxrwx";

  private FileLine() {}

  /** A name as one line: no control character of a hostile one reaches the terminal. */
  static String name(String name) {
    return Fault.printable(name);
  }

  /** As {@code ls -l}, with numbers for owners and the time in UTC. */
  static String details(Path path, String name) throws IOException {
    Node node = TreeFileSystem.node(path, LinkOption.NOFOLLOW_LINKS);
    NodeAttributes a = node.attributes();
    boolean device = a.kind() == FileKind.CHARACTER_DEVICE || a.kind() == FileKind.BLOCK_DEVICE;
    String size = device ? a.deviceMajor() + ", " + a.deviceMinor() : Long.toString(a.size());
    String target = a.kind() == FileKind.SYMBOLIC_LINK ? " -> " + node.linkTarget() : "";
    return String.format(
        Locale.ROOT,
        "%s %3d %5d %5d %12s %s %s",
        mode(a),
        a.links(),
        a.uid(),
        a.gid(),
        size,
        a.times().modified().truncatedTo(ChronoUnit.SECONDS),
        name(name + target));
  }

  static String json(Path path) throws IOException {
    Node node = TreeFileSystem.node(path, LinkOption.NOFOLLOW_LINKS);
    NodeAttributes a = node.attributes();
    String target = a.kind() == FileKind.SYMBOLIC_LINK ? node.linkTarget() : "";
    return Json.line(json -> {
      json.writeStringProperty("path", path.toString());
      json.writeStringProperty("type", a.kind().title());
      json.writeStringProperty("mode", String.format(Locale.ROOT, "%04o", a.permissions()));
      json.writeNumberProperty("links", a.links());
      json.writeNumberProperty("uid", a.uid());
      json.writeNumberProperty("gid", a.gid());
      json.writeNumberProperty("size", a.size());
      json.writeStringProperty("modified", a.times().modified().toString());
      if (!target.isEmpty()) {
        json.writeStringProperty("target", target);
      }
      if (!a.flags().isEmpty()) {
        json.writeName("flags");
        json.writeStartArray();
        for (InodeFlag flag : a.flags()) {
          json.writeString(flag.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        json.writeEndArray();
      }
    });
  }

  private static String mode(NodeAttributes a) {
    var text = new StringBuilder().append(a.kind().letter());
    for (int i = 0; i < PERMISSIONS.length(); i++) {
      text.append((a.permissions() >> (8 - i) & 1) != 0 ? PERMISSIONS.charAt(i) : '-');
    }
    special(text, 3, a.permissions() & 04000, 's');
    special(text, 6, a.permissions() & 02000, 's');
    special(text, 9, a.permissions() & 01000, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int at, int bit, char letter) {
    if (bit != 0) {
      text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }
}
