package io.diskwright.filesystem.xfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder as {@code mkfs.xfs -p} takes it, for filesystems that today's kernels do not mount any
 * more.
 */
final class Prototype {

  private Prototype() {}

  static String of(Path folder) throws IOException {
    var text = new StringBuilder("/dev/null\n0 0\n");
    text.append(mode(folder, 'd')).append('\n');
    directory(folder, text);
    return text.append("$\n").toString();
  }

  private static void directory(Path folder, StringBuilder text) throws IOException {
    List<Path> entries;
    try (Stream<Path> all = Files.list(folder)) {
      entries = all.sorted().toList();
    }
    for (Path entry : entries) {
      text.append(entry.getFileName()).append(' ');
      if (Files.isSymbolicLink(entry)) {
        text.append("l--777 0 0 ").append(Files.readSymbolicLink(entry)).append('\n');
      } else if (Files.isDirectory(entry)) {
        text.append(mode(entry, 'd')).append('\n');
        directory(entry, text);
        text.append("$\n");
      } else if (Files.isRegularFile(entry)) {
        text.append(mode(entry, '-')).append(' ').append(entry).append('\n');
      } else {
        special(entry, text);
      }
    }
  }

  private static void special(Path entry, StringBuilder text) throws IOException {
    int format = (int) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000;
    long device = (long) Files.getAttribute(entry, "unix:rdev", LinkOption.NOFOLLOW_LINKS);
    char kind = format == 0010000 ? 'p' : format == 0020000 ? 'c' : 'b';
    text.append(mode(entry, kind));
    if (kind != 'p') {
      long major = device >>> 8 & 0xfff;
      long minor = device & 0xff | device >>> 12 & 0xfff00;
      text.append(' ').append(major).append(' ').append(minor);
    }
    text.append('\n');
  }

  private static String mode(Path path, char kind) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    Object uid = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Object gid = Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    return String.format(
        Locale.ROOT,
        "%c%c%c%03o %s %s",
        kind,
        (mode & 04000) != 0 ? 'u' : '-',
        (mode & 02000) != 0 ? 'g' : '-',
        mode & 0777,
        uid,
        gid);
  }
}
