package io.diskwright.source.compressed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

class XzTest {

  private static final byte[] CONTENT = Streams.content(5000, 1);

  private static byte[] decode(byte[] file) throws IOException {
    return Streams.decode(CompressedFormat.XZ, file);
  }

  private static byte[] stream(int check) throws IOException {
    return Streams.encode(CONTENT, sink -> new XZOutputStream(sink, new LZMA2Options(0), check));
  }

  /**
   * The file with another dictionary in the header of its first block, of 12 bytes like the file's.
   */
  static byte[] withDictionary(byte[] original, int code) {
    byte[] file = original.clone();
    assertThat(file[14]).isEqualTo((byte) 0x21); // LZMA2
    file[16] = (byte) code;
    var crc = new CRC32();
    crc.update(file, 12, 8);
    for (int i = 0; i < 4; i++) {
      file[20 + i] = (byte) (crc.getValue() >> 8 * i);
    }
    return file;
  }

  @Test
  void verifiesEveryKindOfCheck() throws IOException {
    for (int check : new int[] {XZ.CHECK_CRC32, XZ.CHECK_CRC64, XZ.CHECK_SHA256}) {
      byte[] file = stream(check);
      assertThat(decode(file)).isEqualTo(CONTENT);
      int checkEnd = file.length - 12 - 12; // before the index of one block and the footer
      assertThatThrownBy(() -> decode(Streams.flipped(file, checkEnd - 1, 0)))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("Integrity check");
    }
    assertThat(decode(stream(XZ.CHECK_NONE))).isEqualTo(CONTENT);
  }

  @Test
  void readsFilteredStreams() throws IOException {
    FilterOptions[] filters = {new X86Options(), new LZMA2Options(0)};
    assertThat(decode(Streams.encode(CONTENT, sink -> new XZOutputStream(sink, filters))))
        .isEqualTo(CONTENT);
  }

  @Test
  void refusesAnUnknownCheckByName() throws IOException {
    byte[] file = stream(XZ.CHECK_CRC32);
    file[7] = 2; // reserved, of 4 bytes like CRC32
    var crc = new CRC32();
    crc.update(file, 6, 2);
    for (int i = 0; i < 4; i++) {
      file[8 + i] = (byte) (crc.getValue() >> 8 * i);
    }
    assertThatThrownBy(() -> decode(file)).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void passesOverStreamPadding() throws IOException {
    byte[] file = stream(XZ.CHECK_CRC64);
    assertThat(decode(Streams.concat(file, new byte[8], file, new byte[4])))
        .isEqualTo(Streams.concat(CONTENT, CONTENT));
    assertThatThrownBy(() -> decode(Streams.concat(file, new byte[5])))
        .isInstanceOf(CorruptImage.class);
  }

  @Test
  void readsADictionaryOf128MiBAndRefusesMore() throws IOException {
    byte[] file = stream(XZ.CHECK_CRC64);
    assertThat(decode(withDictionary(file, 30))).isEqualTo(CONTENT); // 128 MiB
    assertThatThrownBy(() -> decode(withDictionary(file, 31)))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("disk.img: xz stream at offset ")
        .hasMessageContaining("a dictionary that takes 193 MiB to decode, allowed: up to 129 MiB");
    assertThatThrownBy(() -> decode(withDictionary(file, 37))).isInstanceOf(LimitExceeded.class);
    // What the library cannot hold in an array.
    assertThatThrownBy(() -> decode(withDictionary(file, 40)))
        .isInstanceOf(UnsupportedFeature.class);
  }
}
