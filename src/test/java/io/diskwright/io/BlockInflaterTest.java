package io.diskwright.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockInflaterTest {

  static Stream<Named<Supplier<BlockInflater>>> inflaters() {
    return Stream.of(Named.of("JDK", JdkInflater::new), Named.of("native", NativeInflater::new));
  }

  private static byte[] block(int size) {
    var random = new Random(7);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i += 16) {
      Arrays.fill(bytes, i, Math.min(size, i + 16), (byte) random.nextInt(20));
    }
    return bytes;
  }

  private static ByteBuffer deflated(byte[] block, boolean raw, int tail) {
    var deflater = new Deflater(6, raw);
    deflater.setInput(block);
    deflater.finish();
    byte[] out = new byte[block.length * 2 + 64];
    int length = deflater.deflate(out);
    deflater.end();
    ByteBuffer direct = ByteBuffer.allocateDirect(length + tail);
    return direct.put(0, out, 0, length);
  }

  @Test
  void theNativeInflaterIsThereOnThisPlatform() {
    assertThat(BlockInflater.create())
        .isInstanceOf(Native.enabled() ? NativeInflater.class : JdkInflater.class);
  }

  @ParameterizedTest
  @MethodSource("inflaters")
  void inflatesRawStreamsWithBytesAfterThem(Supplier<BlockInflater> inflaters) throws Exception {
    byte[] block = block(65536);
    try (BlockInflater inflater = inflaters.get()) {
      for (int tail : new int[] {0, 1, 500}) {
        ByteBuffer out = ByteBuffer.allocateDirect(65536);
        assertThat(inflater.inflateRaw(deflated(block, true, tail), out)).isEqualTo(65536);
        byte[] result = new byte[65536];
        out.get(0, result);
        assertThat(result).isEqualTo(block);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inflaters")
  void refusesAStreamThatHoldsMoreThanItsBlock(Supplier<BlockInflater> inflaters) {
    try (BlockInflater inflater = inflaters.get()) {
      ByteBuffer out = ByteBuffer.allocateDirect(1000);
      assertThatThrownBy(() -> inflater.inflateRaw(deflated(block(65536), true, 0), out))
          .isInstanceOf(DataFormatException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("inflaters")
  void verifiesTheChecksumOfZlibStreams(Supplier<BlockInflater> inflaters) throws Exception {
    byte[] block = block(65536);
    try (BlockInflater inflater = inflaters.get()) {
      ByteBuffer good = deflated(block, false, 0);
      assertThat(inflater.inflateZlib(good, ByteBuffer.allocateDirect(65536))).isEqualTo(65536);
      ByteBuffer withTail = deflated(block, false, 20);
      assertThat(inflater.inflateZlib(withTail, ByteBuffer.allocateDirect(65536))).isEqualTo(65536);
      int last = good.limit() - 1;
      good.put(last, (byte) (good.get(last) ^ 1));
      assertThatThrownBy(() -> inflater.inflateZlib(good, ByteBuffer.allocateDirect(65536)))
          .isInstanceOf(DataFormatException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("inflaters")
  void aStreamCutAnywhereIsDamaged(Supplier<BlockInflater> inflaters) {
    ByteBuffer whole = deflated(block(4096), true, 0);
    try (BlockInflater inflater = inflaters.get()) {
      for (int length = 0; length < whole.limit() / 2; length += 7) {
        ByteBuffer cut = whole.slice(0, length);
        assertThatThrownBy(() -> inflater.inflateRaw(cut, ByteBuffer.allocateDirect(4096)))
            .isInstanceOf(DataFormatException.class);
      }
    }
  }
}
