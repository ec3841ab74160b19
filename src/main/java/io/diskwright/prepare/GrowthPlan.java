package io.diskwright.prepare;

import io.diskwright.disk.Patch;
import java.util.List;

/**
 * What changes on a disk that is seen larger.
 *
 * @param newSize bytes
 * @param patches the changed bytes, in order, apart from each other and inside the new size
 * @param actions what was done or left, in sentences for the user
 */
public record GrowthPlan(long newSize, List<Patch> patches, List<String> actions) {

  /** Takes copies of the lists. */
  public GrowthPlan {
    patches = List.copyOf(patches);
    actions = List.copyOf(actions);
  }
}
