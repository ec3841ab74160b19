package io.diskwright.source.archive;

import io.diskwright.io.Fault;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an archive says about one thing in it.
 *
 * @param index its place in the archive, from 0 on
 * @param name as the archive has it, without a leading {@code ./}; hostile until {@link #isInside}
 * @param kind what it is
 * @param size bytes of its content, unpacked
 * @param at where its header lies in the archive, in bytes
 */
record Member(int index, String name, Kind kind, long size, long at) {

  /** What a member is; only files have content that is read. */
  enum Kind {
    FILE("regular file"),
    DIRECTORY("directory"),
    SYMBOLIC_LINK("symbolic link"),
    HARD_LINK("hard link"),
    DEVICE("device or FIFO"),
    OTHER("member of an unknown type");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** The kind, for messages. */
    String words() {
      return words;
    }
  }

  private static final int MAX_SHOWN = 120;
  private static final Pattern DRIVE = Pattern.compile("^[A-Za-z]:.*", Pattern.DOTALL);
  private static final Pattern NO_ASCII = Pattern.compile("[^ -~]");
  private static final Pattern NO_FILE_NAME = Pattern.compile("[\\\\/:*?\"<>|\\p{Cntrl}]");

  Member {
    while (name.startsWith("./")) {
      name = name.substring(2);
    }
  }

  /** Whether it is a regular file. */
  boolean isFile() {
    return kind == Kind.FILE;
  }

  /** The name up to its last slash, that included; empty for none. */
  String folder() {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /** The name behind its last slash. */
  String plainName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The plain name in lower case, for looking at suffixes. */
  String lowerName() {
    return plainName().toLowerCase(Locale.ROOT);
  }

  /** Whether the name stays inside the folder into which the archive would be unpacked. */
  boolean isInside() {
    return !name.startsWith("/")
        && name.indexOf('\0') < 0
        && name.indexOf('\\') < 0
        && !DRIVE.matcher(name).matches()
        && !("/" + name + "/").contains("/../");
  }

  /** The plain name as every file system can hold it. */
  String fileName() {
    String name = NO_FILE_NAME.matcher(plainName()).replaceAll("_").strip();
    return name.isEmpty() || name.chars().allMatch(c -> c == '.') ? "member" : name;
  }

  /**
   * The path by which a file of an archive is known.
   *
   * @param archive the archive's path
   * @param fileName as {@link #fileName} gives it
   */
  static Path path(Path archive, String fileName) {
    try {
      return archive.resolve(fileName);
    } catch (InvalidPathException e) { // such as letters that the user's locale does not have
      return archive.resolve(NO_ASCII.matcher(fileName).replaceAll("_"));
    }
  }

  /** The name for messages, of bounded length. */
  String shown() {
    return shown(name);
  }

  /** Any hostile name for messages: on one line, of bounded length. */
  static String shown(String name) {
    String text = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "…" : name;
    return "'" + Fault.printable(text) + "'";
  }
}
