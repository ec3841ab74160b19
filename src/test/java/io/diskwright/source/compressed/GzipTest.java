package io.diskwright.source.compressed;

import static io.diskwright.source.compressed.Streams.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipTest {

  private static final byte[] CONTENT = Streams.content(5000, 1);

  private static byte[] decode(byte[] file) throws IOException {
    return Streams.decode(CompressedFormat.GZIP, file);
  }

  private static byte[] member() throws IOException {
    return Streams.encode(CompressedFormat.GZIP, CONTENT);
  }

  /** A member with other header fields. */
  private static byte[] withHeader(byte[] header) throws IOException {
    byte[] member = member();
    return Streams.concat(header, Arrays.copyOfRange(member, 10, member.length));
  }

  @Test
  void passesOverTheZerosOfATape() throws IOException {
    for (int zeros : new int[] {1, 2, 511, 300_000}) {
      assertThat(decode(Streams.concat(member(), new byte[zeros]))).isEqualTo(CONTENT);
    }
  }

  @Test
  void refusesGarbageAndSaysWhere() throws IOException {
    byte[] member = member();
    assertThatThrownBy(() -> decode(Streams.concat(member, new byte[200_000], bytes(7))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(
            String.format("after the last gzip member at offset 0x%x", member.length + 200_000));
    assertThatThrownBy(() -> decode(Streams.concat(member, new byte[2], member)))
        .isInstanceOf(CorruptImage.class);
  }

  @Test
  void refusesAWrongChecksumOrSize() throws IOException {
    byte[] member = member();
    int trailer = member.length - 8;
    assertThatThrownBy(() -> decode(Streams.flipped(member, trailer, 0)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(String.format("gzip member trailer CRC32 at offset 0x%x", trailer));
    assertThatThrownBy(() -> decode(Streams.flipped(member, trailer + 4, 0)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("ISIZE")
        .hasMessageContaining("found 5001 (0x1389), allowed: the content's 5000 (0x1388)");
  }

  @Test
  void refusesAHeaderWithNothingBehindIt() {
    assertThatThrownBy(() -> decode(bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("gzip member data at offset 0xa: found the end of the file");
  }

  @Test
  void readsOptionalHeaderFields() throws IOException {
    byte[] name = new byte[200_000];
    Arrays.fill(name, 0, name.length - 1, (byte) 'n');
    byte[] fields =
        Streams.concat(
            bytes(0x1f, 0x8b, 8, 4 + 8 + 16, 1, 2, 3, 4, 0, 3),
            bytes(3, 0, 9, 9, 9),
            name,
            bytes('c', 0));
    assertThat(decode(withHeader(fields))).isEqualTo(CONTENT);

    byte[] checked = fields.clone();
    checked[3] |= 2;
    var crc = new CRC32();
    crc.update(checked);
    int low = (int) crc.getValue();
    assertThat(decode(withHeader(Streams.concat(checked, bytes(low, low >> 8)))))
        .isEqualTo(CONTENT);
    assertThatThrownBy(() -> decode(withHeader(Streams.concat(checked, bytes(low + 1, low >> 8)))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("CRC16");
  }

  @Test
  void refusesWhatNobodyDefined() throws IOException {
    byte[] method = withHeader(bytes(0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 3));
    assertThatThrownBy(() -> decode(method))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("gzip member header CM at offset 0x2: found 7");
    byte[] flags = withHeader(bytes(0x1f, 0x8b, 8, 0x20, 0, 0, 0, 0, 0, 3));
    assertThatThrownBy(() -> decode(flags))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("FLG");
  }

  @Test
  void aBombTakesTimeAndNoMemory() throws IOException {
    byte[] zeros = new byte[1 << 20];
    byte[] bomb =
        Streams.encode(
            new byte[0],
            sink -> {
              var stream = new GZIPOutputStream(sink);
              for (int i = 0; i < 256; i++) {
                stream.write(zeros);
              }
              return stream;
            });
    try (ForwardSource content = CompressedFormat.GZIP.forward(Streams.source(bomb))) {
      ByteBuffer target = ByteBuffer.allocate(1 << 20);
      while (content.read(target.clear()) > 0) {
        assertThat(target.position()).isEqualTo(1 << 20);
      }
      assertThat(content.position()).isEqualTo(256L << 20);
    }
  }
}
