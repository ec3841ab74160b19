package io.diskwright.format.vmdk;

import io.diskwright.format.OpenContext;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What lies beside a VMDK, looked through only when a name in it is not there. */
final class Neighbours {

  private final OpenContext context;
  private @Nullable Map<String, List<String>> byName;

  Neighbours(OpenContext context) {
    this.context = context;
  }

  /** The one neighbour of that name in another case, when there is none of exactly that name. */
  Optional<String> otherCase(String name) throws IOException {
    List<String> found = byName().getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    return found.size() == 1 && !found.getFirst().equals(name)
        ? Optional.of(found.getFirst())
        : Optional.empty();
  }

  /** A neighbour elsewhere that is called as what a path names, in any case; for a hint. */
  Optional<String> namesake(String path) throws IOException {
    String plain = plainName(path);
    return byName().values().stream()
        .flatMap(List::stream)
        .filter(n -> plainName(n).equalsIgnoreCase(plain) && !n.equals(path))
        .min(Comparator.naturalOrder());
  }

  private Map<String, List<String>> byName() throws IOException {
    Map<String, List<String>> names = byName;
    if (names == null) {
      names = look().stream().collect(Collectors.groupingBy(n -> n.toLowerCase(Locale.ROOT)));
      byName = names;
    }
    return names;
  }

  private List<String> look() throws IOException {
    try {
      return context.neighbours();
    } catch (LimitExceeded e) {
      return List.of(); // too many to look through: the missing file is what must be told
    }
  }

  /** What follows the last separator of any system's paths. */
  static String plainName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }
}
