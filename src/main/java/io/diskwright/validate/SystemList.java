package io.diskwright.validate;

import java.util.List;
import java.util.Optional;

/**
 * The operating systems an importer knows.
 *
 * @param name as profiles name it
 * @param source where it was taken from, for people
 */
public record SystemList(String name, String source, List<Entry> entries) {

  private static final String RESOURCE = "systems.json";

  /** Takes a copy of the list. */
  public SystemList {
    entries = List.copyOf(entries);
  }

  /**
   * One system.
   *
   * @param ids of os-release
   * @param platform the word of the importer's dialog
   * @param majors the versions; empty for all
   * @param exact versions with their minor part; empty for all
   * @param minimum the least version, empty for none
   * @param newerUnlisted whether the list is older than releases that came since
   */
  public record Entry(
      List<String> ids,
      String platform,
      List<Integer> majors,
      List<String> exact,
      String minimum,
      boolean newerUnlisted) {

    /** Takes copies of the lists. */
    public Entry {
      ids = List.copyOf(ids);
      majors = List.copyOf(majors);
      exact = List.copyOf(exact);
    }

    /** Whether a version is one of those listed. */
    public boolean has(String version) {
      int major = number(version, 0);
      return (majors.isEmpty() || majors.contains(major))
          && (exact.isEmpty()
              || exact.stream().anyMatch(e -> version.equals(e) || version.startsWith(e + ".")))
          && (minimum.isEmpty() || !isLess(version, minimum));
    }

    /** Whether a version is newer than all of a list that is older than it. */
    public boolean isOlderThan(String version) {
      return newerUnlisted && majors.stream().allMatch(m -> m < number(version, 0));
    }

    private static boolean isLess(String version, String other) {
      for (int i = 0; i < 3; i++) {
        int difference = Integer.compare(number(version, i), number(other, i));
        if (difference != 0) {
          return difference < 0;
        }
      }
      return false;
    }

    private static int number(String version, int place) {
      String[] parts = version.split("[.-]", place + 2);
      String part = place < parts.length ? parts[place] : "";
      boolean isNumber =
          !part.isEmpty() && part.length() < 9 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      return isNumber ? Integer.parseInt(part) : -1;
    }
  }

  /** The list with a name; empty when there is none. */
  public static Optional<SystemList> named(String name) {
    return Resource.load(RESOURCE).objects("lists").stream()
        .filter(l -> l.text("name").equals(name))
        .findFirst()
        .map(SystemList::of);
  }

  /** The entries for an os-release id. */
  public List<Entry> of(String id) {
    return entries.stream().filter(e -> e.ids().contains(id)).toList();
  }

  private static SystemList of(Resource data) {
    return new SystemList(
        data.text("name"),
        data.text("source"),
        data.objects("systems").stream()
            .map(s ->
                new Entry(
                    s.texts("ids"),
                    s.text("platform"),
                    s.numbersOr("majors").stream().map(Long::intValue).toList(),
                    s.textsOr("exact", List.of()),
                    s.textOr("minimum", ""),
                    s.textOr("newer", "").equals("unlisted")))
            .toList());
  }
}
