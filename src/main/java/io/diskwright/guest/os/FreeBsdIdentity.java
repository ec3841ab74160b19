package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts together what a FreeBSD guest is. */
final class FreeBsdIdentity {

  private static final int CHUNK = 1 << 20;
  private static final int OVERLAP = 64;

  private static final Pattern USERLAND =
      Pattern.compile("(?m)^USERLAND_VERSION=\"?(\\d{1,4}\\.\\d{1,4})(-[\\w.-]{1,40})?\"?");
  private static final Pattern BANNER =
      Pattern.compile("FreeBSD (\\d{1,4}\\.\\d{1,4})(-[\\w.-]{1,40})?");

  private final GuestReader reader;

  private FreeBsdIdentity(GuestReader reader) {
    this.reader = reader;
  }

  static OperatingSystem of(GuestReader reader) throws IOException {
    return new FreeBsdIdentity(reader).find();
  }

  private OperatingSystem find() throws IOException {
    Optional<String> release = userland();
    if (release.isEmpty()) {
      release = kernel();
    }
    if (release.isEmpty()) {
      release = motd();
    }
    if (release.isEmpty()) {
      reader.unknown("version", "neither /bin/freebsd-version nor the kernel tells it");
    }
    return new OperatingSystem(
        OsFamily.FREEBSD,
        Optional.of("freebsd"),
        List.of(),
        release.map(text -> text.contains("-") ? text.substring(0, text.indexOf('-')) : text),
        Optional.of(release.map(text -> "FreeBSD " + text).orElse("FreeBSD")),
        new ArchitectureFinder(reader).find(),
        List.of(),
        Optional.empty(),
        Optional.of(InitSystem.RC),
        Optional.empty(),
        reader.evidence(),
        reader.unknowns());
  }

  private Optional<String> userland() throws IOException {
    String path = "bin/freebsd-version";
    return release(path, USERLAND, reader.text(path).orElse(""));
  }

  /** The kernel holds {@code @(#)FreeBSD 12.1-RELEASE}, usually far from its start. */
  private Optional<String> kernel() throws IOException {
    String path = "boot/kernel/kernel";
    for (long offset = 0; offset < Limits.KERNEL_SEARCH; offset += CHUNK - OVERLAP) {
      Optional<ByteView> chunk = reader.bytes(path, offset, CHUNK);
      if (chunk.isEmpty()) {
        return Optional.empty();
      }
      byte[] bytes = chunk.get().bytes(0, chunk.get().length());
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int mark = text.indexOf("@(#)FreeBSD ");
      if (mark >= 0 && mark + OVERLAP <= text.length()) {
        return release(path, BANNER, text.substring(mark, mark + OVERLAP));
      }
      if (bytes.length < CHUNK) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<String> motd() throws IOException {
    String path = "etc/motd";
    return release(path, BANNER, reader.text(path).flatMap(t -> t.lines().findFirst()).orElse(""));
  }

  private Optional<String> release(String path, Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    reader.found("version", path, matcher.group());
    String suffix = matcher.group(2);
    return Optional.of(suffix == null ? matcher.group(1) : matcher.group(1) + suffix);
  }
}
