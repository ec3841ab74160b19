package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A file that an OVF references.
 *
 * @param source the descriptor, for messages
 * @param id by which disks refer to it
 * @param href its name in the archive, possibly percent-encoded
 * @param compression {@code gzip}, {@code identity} or nothing
 * @param size bytes it has, if stated
 * @param chunkSize bytes of each of the members into which it is cut, if it is
 */
record OvfFile(
    String source,
    String id,
    String href,
    String compression,
    OptionalLong size,
    OptionalLong chunkSize) {

  private static final int CHUNK_DIGITS = 9;
  private static final int MAX_NAME = 4096;
  private static final String STRUCTURE = "OVF File href";

  /**
   * The names it may have in the archive, beside the descriptor: without its percent-encoding, and
   * as it stands where a writer forgot about that.
   *
   * @throws UnsafeReference when it is more than the plain name of a member
   */
  List<String> names() throws UnsafeReference {
    var names = new ArrayList<String>();
    names.add(plain(href.length() > MAX_NAME ? "" : decoded()));
    if (!names.contains(href)) {
      names.add(plain(href));
    }
    return names;
  }

  private String plain(String name) throws UnsafeReference {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')) {
      throw new UnsafeReference(
          source,
          STRUCTURE,
          Fault.NOWHERE,
          Member.shown(href),
          "the plain name of a file in the same archive",
          "Put the disk into the archive and its plain name into the descriptor");
    }
    return name;
  }

  private String decoded() throws UnsafeReference {
    var bytes = ByteBuffer.wrap(new byte[href.length() * 3]);
    for (int i = 0; i < href.length(); i++) {
      if (href.charAt(i) != '%') {
        int end = href.offsetByCodePoints(i, 1);
        bytes.put(href.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      } else if (i + 2 < href.length() && hex(i + 1) >= 0 && hex(i + 2) >= 0) {
        bytes.put((byte) (hex(i + 1) << 4 | hex(i + 2)));
        i += 2;
      } else {
        return href; // no percent-encoding at all
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return href;
    }
  }

  private int hex(int at) {
    char c = href.charAt(at);
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  /** The name of one of the members into which a file is cut. */
  static String chunk(String name, long number) {
    return String.format(Locale.ROOT, "%s.%0" + CHUNK_DIGITS + "d", name, number);
  }

  /**
   * Checks what was found against what is stated.
   *
   * @param parts the members that hold it, in order
   */
  void checkSize(List<Member> parts) throws CorruptImage {
    long total = 0;
    for (int i = 0; i < parts.size(); i++) {
      long own = parts.get(i).size();
      boolean last = i == parts.size() - 1;
      if (chunkSize.isPresent()
          && parts.size() > 1
          && (last ? own > chunkSize.getAsLong() : own != chunkSize.getAsLong())) {
        throw wrongSize(parts.get(i), own, chunkSize.getAsLong(), "chunkSize");
      }
      if (own > Long.MAX_VALUE - total) {
        throw wrongSize(parts.get(i), own, Long.MAX_VALUE - total, "size");
      }
      total += own;
    }
    if (size.isPresent() && size.getAsLong() != total) {
      throw wrongSize(parts.getFirst(), total, size.getAsLong(), "size");
    }
  }

  private CorruptImage wrongSize(Member member, long found, long stated, String attribute) {
    return new CorruptImage(
        source,
        "OVF File " + attribute,
        Fault.NOWHERE,
        Fault.number(found) + " bytes of " + member.shown() + " in the archive",
        Fault.number(stated) + " bytes, as it states",
        "The archive is incomplete or damaged; download or export it again");
  }
}
