package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.nio.charset.StandardCharsets;
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

  private static final String PARENT_CID = "parentcid";
  private static final String PARENT_HINT = "parentfilenamehint";
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

  /** The CID of what is written in the disk, if the descriptor gives one. */
  Optional<ContentId> contentId() throws CorruptImage {
    Value value = values.get("cid");
    return value == null ? Optional.empty() : Optional.of(ContentId.parse(source, "CID", value));
  }

  /** The CID of the disk this one is a delta of; empty when it is whole. */
  Optional<ContentId> parentId() throws CorruptImage {
    Value value = values.get(PARENT_CID);
    return value == null
        ? Optional.empty()
        : Optional.of(ContentId.parse(source, "parentCID", value))
            .filter(id -> !id.equals(ContentId.NONE));
  }

  /** The disk that this one reads from what it does not hold itself; empty when it is whole. */
  Optional<ParentReference> parent() throws ImageException {
    Optional<ContentId> id = parentId();
    String hint = text(PARENT_HINT).orElse("");
    if (id.isEmpty() && hint.isEmpty()) {
      return Optional.empty();
    }
    if (id.isEmpty()) {
      throw new CorruptImage(
          source,
          "descriptor parentFileNameHint",
          lineOf(PARENT_HINT),
          names().shown(hint) + ", though parentCID says that there is no parent",
          "a parentCID and a parentFileNameHint, or neither");
    }
    if (hint.isEmpty() || text("isnativesnapshot").orElse("").equalsIgnoreCase("yes")) {
      throw new UnsupportedFeature(
          source,
          "descriptor parentCID",
          lineOf(PARENT_CID),
          (hint.isEmpty() ? "a delta that does not name its parent" : "a storage array's snapshot")
              + ", which has the CID "
              + id.get(),
          "a delta with a parentFileNameHint, its blocks in its own extents",
          "Consolidate the snapshots or clone the disk with the tool that made it");
    }
    String name = names().decode("descriptor parentFileNameHint", lineOf(PARENT_HINT), hint);
    return Optional.of(
        new ParentReference(id.get(), lineOf(PARENT_CID), name, lineOf(PARENT_HINT)));
  }

  /** Refuses an encrypted disk. */
  void requirePlain() throws UnsupportedFeature {
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

  /** How its file names are decoded. */
  FileNames names() {
    return new FileNames(source, encoding());
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
