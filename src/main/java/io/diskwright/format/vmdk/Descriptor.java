package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that describes a disk, a file of its own or embedded in a sparse extent. Every line is
 * understood or the descriptor is refused: a line passed over would shift the rest of the disk.
 *
 * @param source the file it is in
 * @param at where it starts there, in bytes
 * @param values by key in lower case, each byte as one char
 * @param extentLines as they stand, in the order of the disk
 */
record Descriptor(String source, long at, Map<String, Value> values, List<Value> extentLines) {

  /** The most bytes a descriptor may have: 62 TiB in pieces of 2 GiB need half of it. */
  static final int MAX_LENGTH = 4 << 20;

  private static final int MAX_EXTENTS = 1 << 16;

  /** The mark some Windows editors put before UTF-8, each byte as one char. */
  static final String BOM = "\u00ef\u00bb\u00bf";

  /** The key every descriptor has. */
  static final String CREATE_TYPE = "createtype";

  private static final String NO_PARENT = "ffffffff";
  private static final Pattern KEY_VALUE =
      Pattern.compile("([^\\s=\"]+)\\s*=\\s*(.*)", Pattern.DOTALL);

  /**
   * A value without its quotes, or a whole line.
   *
   * @param at where its line starts in the file, in bytes
   */
  record Value(String text, long at) {}

  /** Reads the text up to its first NUL. */
  static Descriptor parse(ByteView view) throws ImageException {
    String text = view.text(0, view.length(), StandardCharsets.ISO_8859_1);
    var values = new LinkedHashMap<String, Value>();
    var extents = new ArrayList<Value>();
    int start = text.startsWith(BOM) ? BOM.length() : 0;
    while (start < text.length()) {
      int end = endOfLine(text, start);
      String line = text.substring(start, end).strip();
      long at = view.offset() + start;
      if (ExtentLine.isExtent(line)) {
        if (extents.size() == MAX_EXTENTS) {
          throw new LimitExceeded(
              view.source(), "descriptor", at, "more extents", "up to " + MAX_EXTENTS);
        }
        extents.add(new Value(line, at));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        put(values, view.source(), at, line);
      }
      start = end + 1;
    }
    return new Descriptor(view.source(), view.offset(), Map.copyOf(values), List.copyOf(extents));
  }

  /** Where the line that starts at {@code start} ends, exclusive. */
  static int endOfLine(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private static void put(Map<String, Value> values, String source, long at, String line)
      throws CorruptImage {
    Matcher matcher = KEY_VALUE.matcher(line);
    if (!matcher.matches()) {
      throw new CorruptImage(
          source,
          "descriptor line",
          at,
          ExtentLine.shown(line),
          "a comment, key=value, or an extent of access RW, RDONLY or NOACCESS");
    }
    String key = matcher.group(1).toLowerCase(Locale.ROOT);
    var value = new Value(unquoted(matcher.group(2)), at);
    Value before = values.putIfAbsent(key, value);
    if (before != null && !before.text.equals(value.text) && !key.startsWith("ddb.")) {
      throw new CorruptImage(
          source,
          "descriptor line",
          at,
          ExtentLine.shown(line) + ", after " + ExtentLine.shown(before.text),
          "one value for a key");
    }
  }

  private static String unquoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  /** Whether nothing is written in it, as in the space some tools reserve in an extent. */
  boolean isBlank() {
    return values.isEmpty() && extentLines.isEmpty();
  }

  /** A value as text, if the key (in lower case) is there. */
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(v -> v.text);
  }

  /** Whether it is the disk of a snapshot, which reads what it does not hold from a parent. */
  boolean isDelta() {
    return !text("parentcid").orElse(NO_PARENT).equalsIgnoreCase(NO_PARENT)
        || !text("parentfilenamehint").orElse("").isEmpty();
  }

  /** Refuses what is not the whole disk or may not be readable. */
  void requireWhole() throws UnsupportedFeature {
    String parent = text("parentcid").orElse(NO_PARENT);
    String hint = text("parentfilenamehint").orElse("");
    if (!parent.equalsIgnoreCase(NO_PARENT) || !hint.isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "descriptor parentCID",
          lineOf(parent.equalsIgnoreCase(NO_PARENT) ? "parentfilenamehint" : "parentcid"),
          "a delta of the parent "
              + (hint.isEmpty() ? "with CID " + ExtentLine.shown(parent) : readable(hint)),
          "parentCID " + NO_PARENT + " and no parentFileNameHint",
          "Consolidate the snapshots or clone the disk with the tool that made it");
    }
    for (Map.Entry<String, Value> entry : values.entrySet()) {
      if (speaksOfEncryption(entry.getKey(), entry.getValue().text)) {
        throw new UnsupportedFeature(
            source,
            "descriptor " + ExtentLine.shown(entry.getKey()),
            entry.getValue().at,
            "an encrypted disk",
            "a disk that is not encrypted",
            "Decrypt the machine with the tool that encrypted it");
      }
    }
  }

  private long lineOf(String key) {
    Value value = values.get(key);
    return value == null ? at : value.at;
  }

  /** A file name for a message, decoded as well as it goes. */
  private String readable(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    Charset charset = Charset.forName(encoding().orElse("UTF-8"), StandardCharsets.UTF_8);
    return ExtentLine.shown(new String(bytes, charset));
  }

  /** The encoding the descriptor says it is in. */
  Optional<String> encoding() {
    return text("encoding").or(() -> text("ddb.encoding"));
  }

  private static boolean speaksOfEncryption(String key, String value) {
    return key.contains("encrypt")
        || key.contains("keysafe")
        || value.startsWith("vmware:key")
        || key.equals("ddb.iofilters") && value.toLowerCase(Locale.ROOT).contains("crypt");
  }

  /** The kind of disk. */
  CreateType createType() throws ImageException {
    Value value = values.get(CREATE_TYPE);
    if (value == null) {
      throw new CorruptImage(
          source, "descriptor createType", at, "none", "one of " + CreateType.words());
    }
    Optional<CreateType> type = CreateType.of(value.text);
    if (type.isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "descriptor createType",
          value.at,
          ExtentLine.shown(value.text),
          "one of " + CreateType.words(),
          "Export or clone the disk with the VMware tool that made it");
    }
    return type.get();
  }

  /**
   * The name of a line's file, decoded as the descriptor says, or as UTF-8 when it does not say.
   *
   * @throws UnsupportedFeature when the name needs an encoding that this machine does not have
   * @throws CorruptImage when the name is not in that encoding
   */
  String fileName(ExtentLine line) throws ImageException {
    byte[] bytes = line.name().getBytes(StandardCharsets.ISO_8859_1);
    Optional<String> encoding = encoding();
    if (line.name().chars().allMatch(c -> c < 0x80)) {
      return line.name();
    }
    try {
      return charset(encoding.orElse("UTF-8"), line)
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CorruptImage(
          source,
          "extent line",
          line.at(),
          "a name that is not in " + encoding.orElse("UTF-8"),
          encoding.isPresent() ? "names in the descriptor's encoding" : "an encoding= line",
          "Add or correct the descriptor's encoding=\"…\" line, or rename the extents in ASCII");
    }
  }

  private Charset charset(String name, ExtentLine line) throws UnsupportedFeature {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new UnsupportedFeature(
          source,
          "descriptor encoding",
          line.at(),
          ExtentLine.shown(name) + ", which this machine cannot decode",
          "UTF-8, or another encoding known here",
          "Rewrite the descriptor in UTF-8 with encoding=\"UTF-8\"");
    }
  }

  /**
   * The extents in the order of the disk.
   *
   * @return at least one; their sectors sum up to no more than {@link Sectors#MAX}
   */
  List<ExtentLine> extents() throws ImageException {
    var extents = new ArrayList<ExtentLine>();
    long sum = 0;
    for (Value value : extentLines) {
      ExtentLine line = ExtentLine.parse(source, value.at, value.text);
      if (line.sectors() > Sectors.MAX - sum) {
        throw new LimitExceeded(
            source,
            "extent line",
            line.at(),
            "a disk of more than " + Fault.number(Sectors.MAX) + " sectors",
            "up to that");
      }
      sum += line.sectors();
      extents.add(line);
    }
    if (extents.isEmpty()) {
      throw new CorruptImage(source, "descriptor", at, "no extent line", "at least one");
    }
    return extents;
  }
}
