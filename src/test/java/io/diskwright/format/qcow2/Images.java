package io.diskwright.format.qcow2;

import com.github.luben.zstd.Zstd;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;

/** What the tests of this package share. */
final class Images {

  private Images() {}

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.of("qcow2"), ReferencePolicy.folder());
  }

  /** As {@link #open(Path)}, in the state that an internal snapshot kept. */
  static DiskImage open(Path file, String snapshot) throws IOException {
    return Formats.open(file, OpenOptions.defaults().withSnapshot(Optional.of(snapshot)));
  }

  static byte[] deflate(byte[] bytes) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length * 2 + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  static byte[] zstd(byte[] bytes) {
    return Zstd.compress(bytes);
  }
}
