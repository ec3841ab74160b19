package io.diskwright.volume;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds partitions that share sectors. */
final class Overlaps {

  private Overlaps() {}

  /** Adds a problem for each partition that starts before an earlier one has ended. */
  static void report(String structure, List<Partition> partitions, List<TableProblem> problems) {
    List<Partition> sorted = new ArrayList<>(partitions);
    sorted.sort(Comparator.comparingLong(Partition::start));
    Partition furthest = null;
    for (Partition partition : sorted) {
      if (furthest != null && partition.start() - furthest.start() < furthest.length()) {
        problems.add(
            new TableProblem(
                true,
                structure + " partition " + partition.number(),
                partition.start(),
                "a start inside partition " + furthest.number(),
                "partitions that do not overlap"));
      }
      if (furthest == null
          || partition.start() + partition.length() > furthest.start() + furthest.length()) {
        furthest = partition;
      }
    }
  }
}
