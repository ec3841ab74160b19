package io.diskwright.format.vmdk;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a descriptor that adds sectors to the disk: {@code RW 4192256 SPARSE "disk-s001.vmdk"}.
 * RDONLY reads as RW does.
 *
 * @param at where the line starts in its file, in bytes
 * @param sectors of the disk, at least 1
 * @param type how they are stored
 * @param name the extent's file, each byte of the descriptor as one char; empty for ZERO
 * @param offset sector of that file at which they start; 0 but for FLAT and VMFS
 */
record ExtentLine(long at, long sectors, Type type, String name, long offset) {

  /** How an extent is stored. */
  enum Type {
    /** Plain bytes of a file. */
    FLAT,
    /** FLAT on a VMware file system. */
    VMFS,
    /** A hosted sparse extent. */
    SPARSE,
    /** A sparse extent of older ESX. */
    VMFSSPARSE,
    /** One of newer ESX. */
    SESPARSE,
    /** Zeros without a file. */
    ZERO
  }

  private static final String STRUCTURE = "extent line";
  private static final int MAX_SHOWN = 200;
  private static final Pattern ACCESS =
      Pattern.compile(
          "(RW|RDONLY|NOACCESS)\\s++(?!=).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("(\\S+)\\s+(\\S+)\\s+([^\\s\"]+)(?:\\s*\"([^\"]*)\"(?:\\s+(\\S+))?)?");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");
  private static final Set<String> UNREAD = Set.of("VMFSRDM", "VMFSRAW", "VSANSPARSE");

  /**
   * Whether a line begins as an extent line does.
   *
   * @param line without blanks around it
   */
  static boolean isExtent(String line) {
    return ACCESS.matcher(line).matches();
  }

  /**
   * Reads a line for which {@link #isExtent} holds.
   *
   * @param source the descriptor's file, for messages
   * @param at where the line starts there, in bytes
   */
  static ExtentLine parse(String source, long at, String line) throws ImageException {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw corrupt(source, at, line, "access, sectors, type, \"name\" and offset");
    }
    if (matcher.group(1).equalsIgnoreCase("NOACCESS")) {
      throw new UnsupportedFeature(
          source,
          STRUCTURE,
          at,
          shown(line) + ", whose bytes may not be read",
          "access RW or RDONLY");
    }
    long sectors = number(source, at, line, matcher.group(2));
    if (sectors == 0) {
      throw corrupt(source, at, line, "at least 1 sector");
    }
    Type type = type(source, at, matcher.group(3));
    String name = Optional.ofNullable(matcher.group(4)).orElse("");
    if (name.isEmpty() == (type != Type.ZERO)) {
      throw corrupt(source, at, line, "a file's name, and none for ZERO");
    }
    String offset = matcher.group(5);
    if (offset == null && type == Type.FLAT) {
      throw corrupt(source, at, line, "an offset in sectors after the name");
    }
    long first = offset == null ? 0 : number(source, at, line, offset);
    if (first != 0 && type != Type.FLAT && type != Type.VMFS) {
      throw corrupt(source, at, line, "no offset for " + type);
    }
    return new ExtentLine(at, sectors, type, name, first);
  }

  private static Type type(String source, long at, String word) throws UnsupportedFeature {
    String upper = word.toUpperCase(Locale.ROOT);
    for (Type type : Type.values()) {
      if (type.name().equals(upper)) {
        return type;
      }
    }
    throw new UnsupportedFeature(
        source,
        STRUCTURE,
        at,
        (UNREAD.contains(upper) ? "extent type " : "unknown extent type ") + shown(word),
        "one of " + List.of(Type.values()),
        "Export or clone the disk with the VMware tool that made it");
  }

  private static long number(String source, long at, String line, String digits)
      throws ImageException {
    if (!DIGITS.matcher(digits).matches()) {
      throw corrupt(source, at, line, "a number of sectors instead of " + shown(digits));
    }
    // Nineteen digits may be more than a long holds, but never more than an unsigned one.
    long value = Long.parseUnsignedLong(digits);
    if (value < 0 || value > Sectors.MAX) {
      throw new LimitExceeded(
          source,
          STRUCTURE,
          at,
          Fault.number(value) + " sectors",
          "up to " + Fault.number(Sectors.MAX));
    }
    return value;
  }

  private static CorruptImage corrupt(String source, long at, String line, String allowed) {
    return new CorruptImage(source, STRUCTURE, at, shown(line), allowed);
  }

  /** A piece of the descriptor, quoted and short enough for a message. */
  static String shown(String text) {
    return "'" + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text) + "'";
  }
}
