package io.diskwright.source;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * An image's own bytes, out of whatever they were wrapped in. Closing it, or the bytes alone,
 * closes every file behind them.
 *
 * @param path the file that holds them; inside an archive the archive's path with the member's name
 *     resolved against it, which no file system knows
 * @param bytes the image's bytes
 * @param surroundings what lies beside the image and may be named by it
 * @param wrapping what they were wrapped in
 */
public record Content(Path path, Bytes bytes, Surroundings surroundings, Wrapping wrapping)
    implements Closeable {

  /** Bytes of an image, and how they can be had. */
  public sealed interface Bytes extends Closeable {}

  /** Bytes that can be read at any offset, as often as one likes. */
  public record Whole(ByteSource source) implements Bytes {
    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  /** Bytes that come once and in order. */
  public record Passing(ForwardSource source) implements Bytes {
    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  /**
   * What an image was wrapped in.
   *
   * @param layers the wrappers, outermost first, as reports name them: {@code gzip}, {@code OVA};
   *     empty for none
   * @param capacity bytes of virtual disk that a wrapper (an OVF) says the image has
   * @param check of what a wrapper promises and reading {@link Whole} bytes does not verify
   */
  public record Wrapping(List<String> layers, OptionalLong capacity, Check check) {

    /** Not wrapped at all. */
    public static final Wrapping NONE = new Wrapping(List.of(), OptionalLong.empty(), Check.NONE);

    /** Takes a copy of the layers. */
    public Wrapping {
      layers = List.copyOf(layers);
    }
  }

  /** Verifies the image's bytes against what a wrapper promises, a manifest's digest for one. */
  public interface Check {

    /** Nothing to verify, or verified by reading. */
    Check NONE = cancelled -> {};

    /**
     * Reads what it must; may take as long as reading the whole image.
     *
     * @param cancelled asked often; when it says yes this returns early
     * @throws io.diskwright.io.CorruptImage when the bytes are not what was promised
     */
    void run(BooleanSupplier cancelled) throws IOException;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
