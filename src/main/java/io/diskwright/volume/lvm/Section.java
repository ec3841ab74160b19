package io.diskwright.volume.lvm;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.List;
import java.util.Map;

/**
 * A section of LVM's text.
 *
 * @param source the name used in messages
 * @param path the section's, with slashes
 * @param values by name: sections, texts, whole numbers, and lists of both
 */
record Section(String source, String path, Map<String, Object> values) {

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** A section that must be there. */
  Section section(String name) throws CorruptImage {
    if (values.get(name) instanceof Section section) {
      return section;
    }
    throw wrong(name, "a section");
  }

  String text(String name) throws CorruptImage {
    if (values.get(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "a text");
  }

  /**
   * A whole number.
   *
   * @param least the least that is allowed
   * @param most the most that is allowed
   */
  long number(String name, long least, long most) throws CorruptImage {
    if (values.get(name) instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw wrong(name, least + " to " + most);
  }

  List<?> list(String name) throws CorruptImage {
    if (values.get(name) instanceof List<?> list) {
      return list;
    }
    throw wrong(name, "a list");
  }

  CorruptImage wrong(String name, String allowed) {
    Object value = values.get(name);
    String found =
        value == null ? "nothing" : value instanceof Section ? "a section" : value.toString();
    return new CorruptImage(
        source,
        "LVM text " + path + "/" + name,
        Fault.NOWHERE,
        found.substring(0, Math.min(80, found.length())),
        allowed);
  }
}
