package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The metadata item that names a differencing image's parent.
 *
 * @param linkages what the parent's DataWriteGuid may be: parent_linkage and, where there is one,
 *     parent_linkage2
 * @param paths the parent's paths, by their keys, in the order in which they are tried
 * @param offset where the item stands, in bytes from the start of the file
 */
record ParentLocator(List<UUID> linkages, Map<String, Value> paths, long offset) {

  static final String NAME = "parent locator";

  private static final UUID TYPE_VHDX = UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913");
  private static final int KEY_VALUE_COUNT_AT = 18;
  private static final int ENTRIES_AT = 20;
  private static final int ENTRY_SIZE = 12;
  static final String RELATIVE_PATH = "relative_path";

  private static final String LINKAGE = "parent_linkage";
  private static final String LINKAGE_2 = "parent_linkage2";
  private static final List<String> PATHS =
      List.of(RELATIVE_PATH, "volume_path", "absolute_win32_path");
  private static final Set<String> KNOWN =
      Set.of(LINKAGE, LINKAGE_2, PATHS.get(0), PATHS.get(1), PATHS.get(2));

  /** No known key is longer; hostile ones are not worth decoding. */
  private static final int MAX_KEY = 64;

  /**
   * A value of the locator: a path of the parent, or a GUID.
   *
   * @param text as it stands in the image; paths have backslashes
   * @param offset where it stands, in bytes from the start of the file
   */
  record Value(String text, long offset) {}

  static ParentLocator parse(ByteView view) throws ImageException {
    UUID type = Guid.parse(view, 0);
    if (!type.equals(TYPE_VHDX)) {
      throw view.unsupported("LocatorType", 0, Guid.text(type), Guid.text(TYPE_VHDX));
    }
    Map<String, Value> values = values(view);
    var linkages = new ArrayList<UUID>();
    linkages.add(
        linkage(view, values, LINKAGE)
            .orElseThrow(
                () -> view.corrupt("KeyValueCount", KEY_VALUE_COUNT_AT, "no " + LINKAGE, "one")));
    linkage(view, values, LINKAGE_2).ifPresent(linkages::add);
    var paths = new LinkedHashMap<String, Value>();
    for (String key : PATHS) {
      Value path = values.get(key);
      if (path != null) {
        paths.put(key, path);
      }
    }
    if (paths.isEmpty()) {
      throw view.corrupt(
          "KeyValueCount",
          KEY_VALUE_COUNT_AT,
          "no path of the parent",
          "at least one of " + String.join(", ", PATHS));
    }
    return new ParentLocator(
        List.copyOf(linkages), Collections.unmodifiableMap(paths), view.offset());
  }

  private static Map<String, Value> values(ByteView view) throws CorruptImage {
    var values = new LinkedHashMap<String, Value>();
    int count = view.u16(KEY_VALUE_COUNT_AT);
    for (int i = 0; i < count; i++) {
      int at = ENTRIES_AT + i * ENTRY_SIZE;
      int keyLength = view.u16(at + 8);
      if (keyLength == 0 || keyLength > MAX_KEY) {
        continue;
      }
      String key = text(view, "KeyOffset", at, keyLength);
      if (KNOWN.contains(key)) {
        String value = text(view, "ValueOffset", at + 4, view.u16(at + 10));
        long offset = view.offset() + view.u32(at + 4);
        if (values.put(key, new Value(value, offset)) != null) {
          throw view.corrupt("KeyOffset", at, key + " a second time", "each key once");
        }
      }
    }
    return values;
  }

  private static String text(ByteView view, String field, int at, int length) throws CorruptImage {
    long offset = view.u32(at);
    if (offset > view.length() || length > view.length() - offset || length % 2 != 0) {
      throw view.corrupt(
          field,
          at,
          length + " bytes from " + Fault.number(offset) + " on",
          "UTF-16 text inside the item's " + view.length() + " bytes");
    }
    return new String(view.bytes((int) offset, length), StandardCharsets.UTF_16LE);
  }

  private static Optional<UUID> linkage(ByteView view, Map<String, Value> values, String key)
      throws CorruptImage {
    Value value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    Optional<UUID> guid = Guid.parse(value.text());
    if (guid.isEmpty()) {
      throw view.corrupt(
          key, (int) (value.offset() - view.offset()), "'" + value.text() + "'", "a GUID");
    }
    return guid;
  }
}
