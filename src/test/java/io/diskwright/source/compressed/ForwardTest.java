package io.diskwright.source.compressed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every kind of stream. */
class ForwardTest {

  private static final byte[] SMALL = Streams.content(700, 1);
  private static final byte[] OTHER = Streams.content(300, 2);

  @ParameterizedTest
  @EnumSource
  void readsContentOfAnySize(CompressedFormat format) throws IOException {
    for (int size : new int[] {0, 1, 65536, 3_000_001}) {
      byte[] content = Streams.content(size, size);
      assertThat(Streams.decode(format, Streams.encode(format, content))).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryMemberAndEmptyOnesToo(CompressedFormat format) throws IOException {
    byte[] file =
        Streams.concat(
            Streams.encode(format, new byte[0]),
            Streams.encode(format, SMALL),
            Streams.encode(format, new byte[0]),
            Streams.encode(format, OTHER));
    assertThat(Streams.decode(format, file)).isEqualTo(Streams.concat(SMALL, OTHER));
  }

  @ParameterizedTest
  @EnumSource
  void aFileCutAnywhereIsRefusedAtTheCut(CompressedFormat format) throws IOException {
    byte[] first = Streams.encode(format, SMALL);
    byte[] file = Streams.concat(first, Streams.encode(format, OTHER));
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      if (length == first.length) {
        assertThat(Streams.decode(format, cut)).isEqualTo(SMALL);
      } else {
        assertThatThrownBy(() -> Streams.decode(format, cut))
            .as("cut after %d of %d", length, file.length)
            .isInstanceOf(CorruptImage.class)
            .hasMessageStartingWith("disk.img: ")
            .hasMessageContaining(
                String.format("at offset 0x%x: found the end of the file", length))
            .hasMessageContaining(format.label());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsRefusedOrHarmless(CompressedFormat format) throws IOException {
    byte[] file = Streams.concat(Streams.encode(format, SMALL), Streams.encode(format, OTHER));
    byte[] content = Streams.concat(SMALL, OTHER);
    for (int at = 0; at < file.length; at++) {
      for (int bit = at % 3; bit < 8; bit += 3) {
        try {
          byte[] decoded = Streams.decode(format, Streams.flipped(file, at, bit));
          assertThat(decoded).as("bit %d of byte %d", bit, at).isEqualTo(content);
        } catch (ImageException e) {
          assertThat(e).hasMessageStartingWith("disk.img: ");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatFollowsTheLastMemberIsRefused(CompressedFormat format) throws IOException {
    byte[] file = Streams.encode(format, SMALL);
    for (byte[] garbage : new byte[][] {{1}, {0, 0, 0, 1}, "garbage".getBytes("US-ASCII"), SMALL}) {
      assertThatThrownBy(() -> Streams.decode(format, Streams.concat(file, garbage)))
          .isInstanceOf(CorruptImage.class);
    }
    // One of the next member's bytes is wrong: it must not be dropped as garbage.
    byte[] damaged = Streams.concat(file, Streams.flipped(Streams.encode(format, OTHER), 0, 3));
    assertThatThrownBy(() -> Streams.decode(format, damaged)).isInstanceOf(CorruptImage.class);
  }

  @ParameterizedTest
  @EnumSource
  void refusesAFileThatIsOfAnotherKind(CompressedFormat format) {
    for (byte[] file : new byte[][] {{}, new byte[512], Streams.content(512, 3)}) {
      assertThatThrownBy(() -> Streams.decode(format, file)).isInstanceOf(ImageException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsAStreamInsideAStream(CompressedFormat format) throws IOException {
    byte[] nested = Streams.encode(CompressedFormat.GZIP, Streams.encode(format, SMALL));
    try (ForwardSource outer = CompressedFormat.GZIP.forward(Streams.source(nested));
        ForwardSource inner = format.forward(outer)) {
      assertThat(inner.asStream().readAllBytes()).isEqualTo(SMALL);
      assertThat(inner.describe()).isEqualTo("disk.img[gzip][" + format.label() + "]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageOfTheOuterStreamIsNotBlamedOnTheInner(CompressedFormat format) throws IOException {
    byte[] nested = Streams.encode(CompressedFormat.GZIP, Streams.encode(format, SMALL));
    byte[] cut = Arrays.copyOf(nested, nested.length - 9);
    assertThatThrownBy(
            () -> {
              try (ForwardSource outer = CompressedFormat.GZIP.forward(Streams.source(cut));
                  ForwardSource inner = format.forward(outer)) {
                inner.asStream().readAllBytes();
              }
            })
        .isInstanceOf(CorruptImage.class)
        .hasMessageStartingWith("disk.img: gzip member data");
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfTheDeviceStaysWhatItIs(CompressedFormat format) throws IOException {
    byte[] file = Streams.encode(format, SMALL);
    var failure = new IOException("read error");
    for (int length = 0; length < file.length; length += 5) {
      InputStream good = new ByteArrayInputStream(file, 0, length);
      var failing = new ForwardSource("disk.img", new SequenceInputStream(good, failing(failure)));
      try (ForwardSource content = format.forward(failing)) {
        assertThatThrownBy(() -> content.asStream().readAllBytes()).isSameAs(failure);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedStreamStaysRefused(CompressedFormat format) throws IOException {
    byte[] file = Streams.encode(format, Streams.content(300_000, 4));
    byte[] cut = Arrays.copyOf(file, file.length - 1);
    try (ForwardSource content = format.forward(Streams.source(cut))) {
      ByteBuffer target = ByteBuffer.allocate(400_000);
      assertThatThrownBy(() -> content.read(target)).isInstanceOf(CorruptImage.class);
      assertThatThrownBy(() -> content.read(ByteBuffer.allocate(1)))
          .isInstanceOf(CorruptImage.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesWhatIsBeneathEvenWhenNothingWasRead(CompressedFormat format) throws IOException {
    for (int read : new int[] {0, 10}) {
      var closed = new AtomicBoolean();
      InputStream stream =
          new ByteArrayInputStream(Streams.encode(format, SMALL)) {
            @Override
            public void close() {
              closed.set(true);
            }
          };
      ForwardSource content = format.forward(new ForwardSource("disk.img", stream));
      assertThat(content.read(ByteBuffer.allocate(read))).isEqualTo(read);
      content.close();
      assertThat(closed).isTrue();
    }
  }

  @Test
  void readsASourceForwardAndClosesIt() throws IOException {
    byte[] content = Streams.content(200_000, 5);
    try (ForwardSource stream = ForwardSource.of(new MemorySource("disk.img", content))) {
      assertThat(stream.describe()).isEqualTo("disk.img");
      assertThat(stream.asStream().read()).isEqualTo(content[0] & 0xff);
      assertThat(stream.position()).isEqualTo(1);
      assertThat(stream.asStream().readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, 1, content.length));
      assertThat(stream.position()).isEqualTo(content.length);
      assertThat(stream.asStream().read()).isEqualTo(-1);
      assertThat(stream.position()).isEqualTo(content.length);
    }
  }

  private static InputStream failing(IOException failure) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw failure;
      }
    };
  }
}
