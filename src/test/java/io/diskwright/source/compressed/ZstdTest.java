package io.diskwright.source.compressed;

import static io.diskwright.source.compressed.Streams.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ZstdTest {

  private static final byte[] CONTENT = Streams.content(5000, 1);
  private static final byte[] SKIPPABLE = bytes(0x5c, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7);

  private static byte[] decode(byte[] file) throws IOException {
    return Streams.decode(CompressedFormat.ZSTD, file);
  }

  private static byte[] frame() throws IOException {
    return Streams.encode(CompressedFormat.ZSTD, CONTENT);
  }

  /** A frame whose header takes these bytes, with one empty last block. */
  private static byte[] withHeader(int... header) {
    return Streams.concat(bytes(0x28, 0xb5, 0x2f, 0xfd), bytes(header), bytes(1, 0, 0));
  }

  @Test
  void passesOverSkippableFrames() throws IOException {
    byte[] file = Streams.concat(SKIPPABLE, frame(), SKIPPABLE, SKIPPABLE, frame(), SKIPPABLE);
    assertThat(decode(file)).isEqualTo(Streams.concat(CONTENT, CONTENT));
    byte[] cut = Streams.concat(frame(), java.util.Arrays.copyOf(SKIPPABLE, 10));
    assertThatThrownBy(() -> decode(cut))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("skippable frame");
  }

  @Test
  void readsAWindowOf128MiBAndRefusesMore() throws IOException {
    assertThat(decode(withHeader(0, 27 - 10 << 3))).isEmpty();
    assertThatThrownBy(() -> decode(withHeader(0, 27 - 10 << 3 | 1)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("150994944");
    assertThatThrownBy(() -> decode(withHeader(0, 31 - 10 << 3)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("zstd frame header window at offset 0x5: found 2147483648");
    assertThatThrownBy(() -> decode(withHeader(0, 0xff)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("found 4123168604160"); // 3.75 TiB
    // Of a single segment the content is the window.
    assertThatThrownBy(() -> decode(withHeader(0xe0, 1, 0, 0, 8, 0, 0, 0, 0)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("134217729");
  }

  @Test
  void readsWhatLongMakes() throws IOException {
    byte[] content = Streams.content(3_000_000, 2);
    byte[] file =
        Streams.encode(content, sink -> new ZstdOutputStream(sink).setLong(27).setChecksum(true));
    assertThat(decode(file)).isEqualTo(content);
  }

  @Test
  void refusesAFrameThatNeedsADictionary() {
    try (var context = new ZstdCompressCtx()) {
      context.loadDict(Streams.content(5000, 2));
      // A dictionary without an id is missed only when something refers to it.
      byte[] frame = context.compress(Streams.content(5000, 2));
      assertThatThrownBy(() -> decode(frame)).isInstanceOf(CorruptImage.class);
    }
    assertThatThrownBy(() -> decode(withHeader(1, 0, 0xfe)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("zstd frame header Dictionary_ID at offset 0x6: found 254 (0xfe)");
    assertThatThrownBy(() -> decode(withHeader(3, 0, 0, 1, 0, 0)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("found 256 (0x100)");
    assertThatThrownBy(() -> decode(withHeader(8, 0)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("Reserved_bit");
  }

  @Test
  void refusesAContentSizeThatIsALie() throws IOException {
    byte[] frame = Zstd.compress(CONTENT); // states 5000 in 2 bytes from byte 5 on
    assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(5000);
    for (int bit = 0; bit < 8; bit++) {
      byte[] lie = Streams.flipped(frame, 5, bit);
      assertThatThrownBy(() -> decode(lie)).isInstanceOf(CorruptImage.class);
      byte[] two = Streams.concat(frame, lie);
      assertThatThrownBy(
              () -> {
                try (var whole =
                    CompressedFormat.ZSTD.whole(new MemorySource("disk.img", two)).orElseThrow()) {
                  whole.read(CONTENT.length, java.nio.ByteBuffer.allocate(10));
                }
              })
          .isInstanceOf(CorruptImage.class);
    }
  }

  @Test
  void refusesAWrongChecksum() throws IOException {
    byte[] frame = frame();
    assertThatThrownBy(() -> decode(Streams.flipped(frame, frame.length - 1, 0)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void namesNoLegacyFormats() {
    assertThatThrownBy(() -> decode(bytes(0x27, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0)))
        .isInstanceOf(ImageException.class);
  }
}
