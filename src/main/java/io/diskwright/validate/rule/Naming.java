package io.diskwright.validate.rule;

import io.diskwright.io.Fault;
import io.diskwright.validate.Evidence;
import io.diskwright.volume.Volume;
import java.util.List;

/** How volumes are called in messages. Labels are the guest's, so they are shown escaped. */
final class Naming {

  private Naming() {}

  /** {@code partition 2}, or {@code the whole disk}. */
  static String of(Volume volume) {
    return volume.partition().map(p -> "partition " + p.number()).orElse("the whole disk");
  }

  /** Volumes as evidence: where they are and what is in them. */
  static List<Evidence> evidence(List<Volume> volumes, String expected) {
    return volumes.stream().map(v -> new Evidence(of(v), content(v), expected)).toList();
  }

  private static String content(Volume volume) {
    String size = ", " + Sizes.binary(volume.length());
    return volume
            .content()
            .map(c ->
                c.label().isEmpty() ? c.type() : c.type() + " '" + Fault.printable(c.label()) + "'")
            .orElse("nothing known")
        + size;
  }
}
