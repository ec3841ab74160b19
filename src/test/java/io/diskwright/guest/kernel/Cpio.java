package io.diskwright.guest.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Archives of cpio in the format newc, of files with these names and some zeros. */
public final class Cpio {

  private static final int SIZE = 100;

  private Cpio() {}

  /** An archive with its trailer. */
  public static byte[] of(String... names) {
    var out = new ByteArrayOutputStream();
    for (String name : names) {
      add(out, name, SIZE);
    }
    add(out, "TRAILER!!!", 0);
    return out.toByteArray();
  }

  private static void add(ByteArrayOutputStream out, String name, int size) {
    String header =
        String.format(
            Locale.ROOT,
            "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
            1,
            0100644,
            0,
            0,
            1,
            0,
            size,
            0,
            0,
            0,
            0,
            name.length() + 1,
            0);
    out.writeBytes((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
    pad(out);
    out.writeBytes(new byte[size]);
    pad(out);
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % 4 != 0) {
      out.write(0);
    }
  }
}
