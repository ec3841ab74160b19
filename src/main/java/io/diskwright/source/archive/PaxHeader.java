package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An extended header of POSIX: what does not fit into the header before which it stands.
 *
 * @param view its bytes, for messages
 * @param records what it says, by keyword; the last of each
 * @param pairs the offsets and lengths of the first notation of sparse files, which repeats its
 *     keywords
 */
record PaxHeader(ByteView view, Map<String, String> records, List<String> pairs) {

  static final String NAME = "tar extended header";

  /** Bytes it may have: the sparse map of a large fragmented file stands in some. */
  static final int MAX_SIZE = 4 << 20;

  private static final int MAX_LENGTH_DIGITS = 8;
  private static final String SPARSE = "GNU.sparse.";

  /**
   * Reads an extended header.
   *
   * @throws CorruptImage when a record is none
   */
  static PaxHeader parse(ByteView view) throws ImageException {
    var records = new HashMap<String, String>();
    var pairs = new ArrayList<String>();
    for (int at = 0; at < view.length(); ) {
      int length = recordLength(view, at);
      byte[] bytes = view.bytes(at, length);
      String record = new String(bytes, StandardCharsets.UTF_8);
      int space = record.indexOf(' ');
      int equals = record.indexOf('=');
      if (equals < space + 2 || bytes[length - 1] != '\n') {
        throw view.corrupt("record", at, "no line of keyword=value", "one");
      }
      String keyword = record.substring(space + 1, equals);
      String value = record.substring(equals + 1, record.length() - 1);
      if (keyword.equals(SPARSE + "offset") || keyword.equals(SPARSE + "numbytes")) {
        pairs.add(value);
      } else if (value.isEmpty()) {
        records.remove(keyword); // which is how POSIX takes a record back
      } else {
        records.put(keyword, value);
      }
      at += length;
    }
    return new PaxHeader(view, records, pairs);
  }

  private static int recordLength(ByteView view, int at) throws CorruptImage {
    int length = 0;
    int digits = 0;
    for (int c = view.u8(at); c != ' '; c = view.u8(at + digits)) {
      if (c < '0' || c > '9' || digits == MAX_LENGTH_DIGITS) {
        throw view.corrupt("record length", at, "no decimal number", "one of up to 8 digits");
      }
      length = length * 10 + (c - '0');
      digits++;
    }
    if (length <= digits + 1 || length > view.length() - at) {
      throw view.corrupt(
          "record length",
          at,
          Fault.number(length),
          "inside the header's " + view.length() + " bytes");
    }
    return length;
  }

  /** Refuses what would change every later member: no writer of archives does that. */
  void checkGlobal() throws ImageException {
    for (String keyword : records.keySet()) {
      if (keyword.equals("path") || keyword.equals("size") || keyword.startsWith(SPARSE)) {
        throw view.unsupported(
            "keyword", 0, Member.shown(keyword) + " for all members", "it before each member");
      }
    }
    if (!pairs.isEmpty()) {
      throw view.unsupported("keyword", 0, "a sparse map for all members", "one before its member");
    }
  }

  /** The member's name, if it stands here. */
  Optional<String> path() {
    String name = records.get(SPARSE + "name");
    return Optional.ofNullable(name != null ? name : records.get("path"));
  }

  /** Bytes stored behind the member's header, if they stand here. */
  OptionalLong size() throws CorruptImage {
    return number("size");
  }

  /** Bytes of a sparse member with its zeros; empty when the member is not sparse. */
  OptionalLong sparseSize() throws ImageException {
    for (String keyword : records.keySet()) {
      if (keyword.equals("SCHILY.realsize") || keyword.equals("SCHILY.filetype")) {
        throw view.unsupported(
            "keyword", 0, keyword + ", a sparse file of star", "GNU's notations");
      }
    }
    OptionalLong size = number(SPARSE + "realsize");
    return size.isPresent() ? size : number(SPARSE + "size");
  }

  /** Whether the sparse map stands at the start of the member's data. */
  boolean mapIsInData() throws ImageException {
    String major = records.getOrDefault(SPARSE + "major", "0");
    String minor = records.getOrDefault(SPARSE + "minor", "0");
    if (major.equals("1") && minor.equals("0")) {
      return true;
    }
    if (!major.equals("0")) {
      throw view.unsupported(
          "sparse format", 0, Member.shown(major + "." + minor), "0.0, 0.1, 1.0");
    }
    return false;
  }

  /** Adds the stretches of a sparse map that stands here. */
  void addTo(SparseMapBuilder builder) throws ImageException {
    String map = records.get(SPARSE + "map");
    List<String> numbers = map == null ? pairs : List.of(map.split(",", -1));
    if (numbers.size() % 2 != 0) {
      throw view.corrupt("sparse map", 0, numbers.size() + " numbers", "pairs");
    }
    for (int i = 0; i < numbers.size(); i += 2) {
      builder.add(number("sparse map", numbers.get(i)), number("sparse map", numbers.get(i + 1)));
    }
  }

  private OptionalLong number(String keyword) throws CorruptImage {
    String value = records.get(keyword);
    return value == null ? OptionalLong.empty() : OptionalLong.of(number(keyword, value));
  }

  private long number(String keyword, String value) throws CorruptImage {
    return decimal(view, keyword, value);
  }

  /** A decimal number from 0 to 2^63 - 1. */
  static long decimal(ByteView view, String field, String value) throws CorruptImage {
    try {
      if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException e) {
      // above 2^63 - 1: refused below with what is no number at all
    }
    throw view.corrupt(field, 0, Member.shown(value), "a number from 0 to 2^63 - 1");
  }
}
