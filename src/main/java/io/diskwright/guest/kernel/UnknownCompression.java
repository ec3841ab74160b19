package io.diskwright.guest.kernel;

import java.io.IOException;
import java.util.HexFormat;

/** An archive is compressed in a way that is not read. */
public final class UnknownCompression extends IOException {

  private static final long serialVersionUID = 1L;

  UnknownCompression(byte[] magic) {
    super(
        "compressed in a way that is not known, it starts with " + HexFormat.of().formatHex(magic));
  }
}
