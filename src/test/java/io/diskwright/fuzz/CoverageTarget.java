package io.diskwright.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What Jazzer calls, guided by the branches that an input takes. */
public final class CoverageTarget {

  /** The system property with the folder where images are put, beside what they may name. */
  static final String FOLDER = "diskwright.fuzz.folder";

  private static final Path IMAGE = Path.of(System.getProperty(FOLDER, "."), "image");

  private CoverageTarget() {}

  /** One input; the name and the parameter are Jazzer's. */
  public static void fuzzerTestOneInput(byte[] packed) throws IOException {
    SparseFile.write(IMAGE, CompactImage.unpack(packed));
    boolean read = Exercise.run(IMAGE, new Random(Arrays.hashCode(packed)), false);
    if (!read && !Files.exists(IMAGE)) {
      throw new AssertionError("the source is gone");
    }
  }
}
