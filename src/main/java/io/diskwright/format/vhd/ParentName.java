package io.diskwright.format.vhd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image calls its parent.
 *
 * @param structure what holds the name, for messages
 * @param paths what to ask for instead, with slashes, the likelier first; the last is the file name
 *     alone, since whole chains are moved into one folder
 * @param offset where {@code structure} stands, in bytes from the start of the file
 */
record ParentName(String structure, List<String> paths, long offset) {

  /**
   * A URL's path and nothing else: Mac programs write a whole URL, XenServer puts a path after the
   * slashes without escaping anything.
   */
  private static final Pattern PLAIN_URL = Pattern.compile("file://(?:localhost(?=/))?([^%?#]+)");

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

  /**
   * A path on Windows. One that starts at a drive, a share or a root says where the parent was on
   * another machine and is not followed; its file name is.
   */
  static Optional<ParentName> ofWindows(String structure, String name, long offset) {
    String path = name.replace('\\', '/');
    boolean absolute = path.startsWith("/") || DRIVE.matcher(path).matches();
    return of(structure, path, absolute, offset);
  }

  /** A file URL; empty for one that is more than a path. */
  static Optional<ParentName> ofUrl(String structure, String url, long offset) {
    Matcher matcher = PLAIN_URL.matcher(url);
    return matcher.matches() ? of(structure, matcher.group(1), false, offset) : Optional.empty();
  }

  private static Optional<ParentName> of(
      String structure, String path, boolean absolute, long offset) {
    var paths = new ArrayList<String>();
    String plain = path.substring(path.lastIndexOf('/') + 1);
    if (absolute && DRIVE.matcher(plain).matches()) {
      plain = plain.substring(2);
    }
    if (plain.isEmpty() || plain.equals(".") || plain.equals("..")) {
      return Optional.empty();
    }
    String shortened = path.startsWith("./") ? path.substring(2) : path;
    if (!absolute && !shortened.equals(plain)) {
      paths.add(shortened);
    }
    paths.add(plain);
    return Optional.of(new ParentName(structure, List.copyOf(paths), offset));
  }

  /** The file name alone. */
  String plain() {
    return paths.getLast();
  }
}
