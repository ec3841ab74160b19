package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Reads the parts of a disk and compares them with what is promised.
 *
 * @param parts all that have promises
 */
record PromiseCheck(List<Part> parts) implements Content.Check {

  private static final int BUFFER = 1 << 20;

  /** Bytes, and what they should be. */
  record Part(ByteSource source, List<Promise> promises) {}

  @Override
  public void run(BooleanSupplier cancelled) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (Part part : parts) {
      var digester = new Digester(digests(part.promises()));
      for (long at = 0; at < part.source().size(); at += buffer.limit()) {
        if (cancelled.getAsBoolean()) {
          return;
        }
        buffer.clear().limit((int) Math.min(BUFFER, part.source().size() - at));
        part.source().read(at, buffer);
        digester.update(buffer.array(), 0, buffer.limit());
      }
      verify(part.promises(), digester, part.source().describe());
    }
  }

  /** Which digests promises need. */
  static EnumSet<Digest> digests(List<Promise> promises) {
    var result = EnumSet.noneOf(Digest.class);
    promises.forEach(p -> result.add(p.digest()));
    return result;
  }

  /** Compares what was computed with each promise. */
  static void verify(List<Promise> promises, Digester digester, String source) throws IOException {
    Map<Digest, String> found = digester.finish();
    for (Promise promise : promises) {
      promise.verify(found, source);
    }
  }
}
