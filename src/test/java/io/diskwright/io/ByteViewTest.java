package io.diskwright.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteViewTest {

  private static final byte[] BYTES = {(byte) 0x81, 2, 3, 4, 5, 6, 7, (byte) 0x88, 'a', 0, 'b'};

  private static ByteView view(ByteOrder order) {
    return new ByteView(ByteBuffer.wrap(BYTES), order, "disk.img", "header", 0x200);
  }

  @Test
  void readsUnsignedNumbersInEitherOrder() throws Exception {
    assertThat(view(ByteOrder.BIG_ENDIAN).u8(0)).isEqualTo(0x81);
    assertThat(view(ByteOrder.BIG_ENDIAN).u16(0)).isEqualTo(0x8102);
    assertThat(view(ByteOrder.BIG_ENDIAN).u32(0)).isEqualTo(0x81020304L);
    assertThat(view(ByteOrder.LITTLE_ENDIAN).u32(4)).isEqualTo(0x88070605L);
    assertThat(view(ByteOrder.LITTLE_ENDIAN).u64(0)).isEqualTo(0x8807060504030281L);
  }

  @Test
  void textEndsAtItsFirstNul() throws Exception {
    assertThat(view(ByteOrder.BIG_ENDIAN).text(8, 3, StandardCharsets.US_ASCII)).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 8, 11, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void leavingItNamesTheStructureAndWhere(int at) {
    assertThatThrownBy(() -> view(ByteOrder.BIG_ENDIAN).u32(at))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("disk.img: header")
        .hasMessageContaining("11 bytes");
  }

  @Test
  void startsWithIsFalseWhereItDoesNotFit() {
    assertThat(view(ByteOrder.BIG_ENDIAN).startsWith(8, "a\0b")).isTrue();
    assertThat(view(ByteOrder.BIG_ENDIAN).startsWith(9, "\0bc")).isFalse();
    assertThat(view(ByteOrder.BIG_ENDIAN).startsWith(-1, "a")).isFalse();
  }

  @Test
  void hostileNamesCannotForgeALine() {
    var fault = new Fault("a\nb", "name", 16, "x\u001b[31m\u202ey", "letters", "Rename it");
    assertThat(fault.message())
        .isEqualTo(
            "a\\x0ab: name at offset 0x10: found x\\x1b[31m\\u202ey, allowed: letters. Rename it");
  }
}
