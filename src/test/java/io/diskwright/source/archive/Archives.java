package io.diskwright.source.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.MemorySource;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowingConsumer;

/** Opens archives as the tool does, and sees to it that they are closed. */
final class Archives {

  static final Path TAR = Path.of("some", "a.tar");

  private Archives() {}

  /** Both ways to read an archive. */
  enum Way {
    RANDOM,
    FORWARD;

    Content open(byte[] archive, Path path, OpenOptions options) throws IOException {
      ArchiveFormat format =
          ArchiveFormat.of(
                  new MemorySource("head", archive)
                      .view("head", 0, Math.min(archive.length, 65536), ByteOrder.BIG_ENDIAN))
              .orElseThrow();
      return open(format, archive, path, options);
    }

    Content open(ArchiveFormat format, byte[] archive, Path path, OpenOptions options)
        throws IOException {
      return this == RANDOM
          ? format.open(new MemorySource("a", archive), path, options)
          : format.openForward(
              new ForwardSource("a", new ByteArrayInputStream(archive)), path, options);
    }

    /** All of the disk's bytes, checked as far as they can be. */
    byte[] read(byte[] archive, Path path, OpenOptions options) throws IOException {
      try (Content content = open(archive, path, options)) {
        return all(content);
      }
    }

    byte[] read(byte[] archive) throws IOException {
      return read(archive, TAR, OpenOptions.defaults());
    }
  }

  static byte[] all(Content content) throws IOException {
    byte[] result =
        switch (content.bytes()) {
          case Content.Whole whole -> all(whole.source());
          case Content.Passing passing -> all(passing.source());
        };
    content.wrapping().check().run(() -> false);
    return result;
  }

  static byte[] all(ByteSource source) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) source.size());
    source.read(0, buffer);
    return buffer.array();
  }

  static byte[] all(ForwardSource source) throws IOException {
    var result = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(7777);
    while (source.read(buffer.clear()) > 0) {
      result.write(buffer.array(), 0, buffer.position());
    }
    return result.toByteArray();
  }

  /** Whether a message has all these words. */
  static ThrowingConsumer<Throwable> says(String... words) {
    return e -> assertThat(List.of(words)).allMatch(String.valueOf(e.getMessage())::contains);
  }

  /** Bytes that are nothing in particular. */
  static byte[] disk(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** A source that knows whether it was closed. */
  static final class Watched implements ByteSource {
    private final MemorySource source;
    boolean closed;

    Watched(byte[] bytes) {
      this.source = new MemorySource("a", bytes);
    }

    @Override
    public long size() {
      return source.size();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      assertThat(closed).isFalse();
      source.read(offset, target);
    }

    @Override
    public String describe() {
      return "a";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** The same for what is read once. */
  static final class WatchedStream extends FilterInputStream {
    boolean closed;

    WatchedStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
