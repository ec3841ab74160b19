package io.diskwright.source.compressed;

import static io.diskwright.source.compressed.Streams.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignatureTest {

  private static final byte[] SKIPPABLE = bytes(0x5f, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4);

  private static Optional<CompressedFormat> of(byte[] head, ByteOrder order) {
    return CompressedFormat.of(new ByteView(ByteBuffer.wrap(head), order, "disk.img", "head", 0));
  }

  private static Optional<CompressedFormat> of(byte[] head) {
    Optional<CompressedFormat> found = of(head, ByteOrder.LITTLE_ENDIAN);
    assertThat(of(head, ByteOrder.BIG_ENDIAN)).isEqualTo(found);
    return found;
  }

  @ParameterizedTest
  @EnumSource
  void recognisesWhatItReads(CompressedFormat format) throws IOException {
    for (int size : new int[] {0, 1, 5000}) {
      byte[] file = Streams.encode(format, Streams.content(size, 1));
      assertThat(of(file)).contains(format);
      assertThat(of(Streams.concat(file, new byte[4096]))).contains(format);
    }
  }

  @Test
  void looksBehindSkippableFrames() throws IOException {
    for (var format : new CompressedFormat[] {CompressedFormat.ZSTD, CompressedFormat.LZ4}) {
      byte[] frame = Streams.encode(format, new byte[9]);
      assertThat(of(Streams.concat(SKIPPABLE, frame))).contains(format);
      assertThat(of(Streams.concat(SKIPPABLE, SKIPPABLE, frame))).contains(format);
    }
    // The head ends before the frame that tells.
    assertThat(of(Arrays.copyOf(SKIPPABLE, 8))).contains(CompressedFormat.ZSTD);
    byte[] large = bytes(0x50, 0x2a, 0x4d, 0x18, 255, 255, 255, 255, 1, 2);
    assertThat(of(large)).contains(CompressedFormat.ZSTD);
  }

  @Test
  void recognisesLegacyLz4SoThatItIsRefusedByName() {
    assertThat(of(bytes(0x02, 0x21, 0x4c, 0x18, 0, 0, 0, 0))).contains(CompressedFormat.LZ4);
  }

  @Test
  void takesNothingElse() throws IOException {
    byte[] text = "BZh9 is how a text may start".getBytes("US-ASCII");
    assertThat(of(text)).isEmpty();
    assertThat(of(new byte[512])).isEmpty();
    assertThat(of(Streams.content(512, 1))).isEmpty();
    for (CompressedFormat format : CompressedFormat.values()) {
      byte[] file = Streams.encode(format, new byte[0]);
      for (int length = 0; length < 3; length++) {
        assertThat(of(Arrays.copyOf(file, length))).isEmpty();
      }
      assertThat(of(Streams.concat(new byte[1], file))).isEmpty();
    }
  }
}
