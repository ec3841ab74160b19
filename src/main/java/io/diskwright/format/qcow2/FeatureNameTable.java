package io.diskwright.format.qcow2;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names a writer gives its incompatible feature bits, so that a reader that does not know them
 * can say what it lacks.
 */
record FeatureNameTable(Map<Integer, String> incompatibleNames) {

  static final FeatureNameTable NONE = new FeatureNameTable(Map.of());

  private static final int ENTRY = 48;
  private static final int NAME = 46;
  private static final int INCOMPATIBLE = 0;

  static FeatureNameTable parse(ByteView view) throws CorruptImage {
    var names = new TreeMap<Integer, String>();
    for (int at = 0; view.length() - at >= ENTRY; at += ENTRY) {
      if (view.u8(at) == INCOMPATIBLE) {
        String name = view.text(at + 2, NAME, StandardCharsets.UTF_8);
        names.putIfAbsent(view.u8(at + 1), name); // 256 at most: the bit is one byte
      }
    }
    return new FeatureNameTable(names);
  }

  /** The name of an incompatible feature bit, as the writer chose it. */
  Optional<String> incompatible(int bit) {
    return Optional.ofNullable(incompatibleNames.get(bit));
  }
}
