package io.diskwright.validate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything the validator says of one image.
 *
 * @param image the file as the user named it
 * @param format the container's format, empty when the image could not be opened
 * @param subformat the format's own word for its kind, empty when there is none
 * @param virtualSize bytes the guest sees, -1 when the image could not be opened
 * @param profile the profile's name
 * @param findings one for each rule of the catalogue, in its order
 * @param importParameters what to enter in the import dialog, as far as it is proven: strings and
 *     numbers, in reading order
 */
public record Validation(
    String image,
    String format,
    String subformat,
    long virtualSize,
    String profile,
    List<Finding> findings,
    Map<String, Object> importParameters) {

  /** Takes copies. */
  public Validation {
    findings = List.copyOf(findings);
    importParameters = Collections.unmodifiableMap(new LinkedHashMap<>(importParameters));
  }

  /** What the findings come to. */
  public Verdict verdict() {
    Verdict verdict = Verdict.PASS;
    for (Finding finding : findings) {
      if (finding.blocks()) {
        return Verdict.FAIL;
      }
      if (finding.status() == Status.UNKNOWN && finding.severity() == Severity.ERROR) {
        verdict = Verdict.UNKNOWN;
      }
    }
    return verdict;
  }
}
