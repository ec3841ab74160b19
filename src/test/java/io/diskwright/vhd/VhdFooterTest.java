package io.diskwright.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VhdFooterTest {

  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final Instant TIME = Instant.parse("2026-11-23T00:00:00Z");
  private static final long SIZE = 40L << 30;

  private static ByteView view(byte[] bytes) {
    return new ByteView(ByteBuffer.wrap(bytes), ByteOrder.BIG_ENDIAN, "a.vhd", "footer", 40L << 30);
  }

  private static byte[] encoded() {
    return VhdFooter.fixed(SIZE, ID, TIME).encode();
  }

  @Test
  void writesEachFieldWhereTheSpecificationPutsIt() {
    byte[] bytes = encoded();
    ByteBuffer footer = ByteBuffer.wrap(bytes);
    assertThat(bytes).hasSize(512);
    assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("conectix");
    assertThat(footer.getInt(8)).isEqualTo(2);
    assertThat(footer.getInt(12)).isEqualTo(0x0001_0000);
    assertThat(footer.getLong(16)).isEqualTo(0xFFFF_FFFF_FFFF_FFFFL);
    assertThat(Integer.toUnsignedLong(footer.getInt(24)))
        .isEqualTo(TIME.getEpochSecond() - 946_684_800L);
    assertThat(new String(bytes, 28, 4, StandardCharsets.US_ASCII)).isEqualTo("win ");
    assertThat(footer.getInt(32)).isEqualTo(0x000a_0000);
    assertThat(new String(bytes, 36, 4, StandardCharsets.US_ASCII)).isEqualTo("Wi2k");
    assertThat(footer.getLong(40)).isEqualTo(SIZE);
    assertThat(footer.getLong(48)).isEqualTo(SIZE);
    assertThat(footer.getShort(56)).isEqualTo((short) 20560);
    assertThat(footer.get(58)).isEqualTo((byte) 16);
    assertThat(footer.get(59)).isEqualTo((byte) 255);
    assertThat(footer.getInt(60)).isEqualTo(2);
    assertThat(Arrays.copyOfRange(bytes, 68, 84))
        .asHexString()
        .isEqualToIgnoringCase("00112233445566778899aabbccddeeff");
    assertThat(Arrays.copyOfRange(bytes, 84, 512)).containsOnly(0);
  }

  @Test
  void itsChecksumIsTheComplementOfTheSumOfTheOtherBytes() {
    byte[] bytes = encoded();
    int stored = ByteBuffer.wrap(bytes).getInt(64);
    ByteBuffer.wrap(bytes).putInt(64, 0);
    int sum = 0;
    for (byte b : bytes) {
      sum += b & 0xFF;
    }
    assertThat(stored).isEqualTo(~sum);
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    VhdFooter written = VhdFooter.fixed(SIZE, ID, TIME);
    VhdFooter read = VhdFooter.parse(view(written.encode()));
    assertThat(read).isEqualTo(written);
    assertThat(read.time()).isEqualTo(TIME);
    assertThat(read.hasSoundChecksum()).isTrue();
  }

  @Test
  void readsTheLegacyFooterWithoutItsLastByte() throws Exception {
    assertThat(VhdFooter.parse(view(Arrays.copyOf(encoded(), 511))))
        .isEqualTo(VhdFooter.parse(view(encoded())));
    assertThatThrownBy(() -> VhdFooter.parse(view(Arrays.copyOf(encoded(), 510))))
        .isInstanceOf(CorruptImage.class);
  }

  /** Each byte of a footer counts, so none can be damaged unseen. */
  @Test
  void refusesAnyDamagedByte() {
    for (int i = 0; i < 512; i++) {
      byte[] bytes = encoded();
      bytes[i] ^= 0x10;
      assertThatThrownBy(() -> VhdFooter.parse(view(bytes)))
          .as("byte %d", i)
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("a.vhd: footer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,   footer cookie at offset 0xa00000000",
    "100, footer checksum at offset 0xa00000040",
  })
  void namesWhatIsWrong(int at, String message) {
    byte[] bytes = encoded();
    bytes[at] ^= 1;
    assertThatThrownBy(() -> VhdFooter.parse(view(bytes)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnotherVersion() {
    byte[] bytes = encoded();
    ByteBuffer.wrap(bytes).putInt(12, 0x0002_0000);
    ByteBuffer.wrap(bytes).putInt(64, (int) VhdChecksum.of(bytes, 64));
    assertThatThrownBy(() -> VhdFooter.parse(view(bytes)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("footer file format version at offset 0xa0000000c");
  }

  @Test
  void inspectionShowsBothChecksumsInsteadOfRefusing() throws Exception {
    byte[] bytes = encoded();
    bytes[200] = 7;
    VhdFooter footer = VhdFooter.inspect(view(bytes));
    assertThat(footer.hasSoundChecksum()).isFalse();
    assertThat(footer.storedChecksum() - footer.computedChecksum()).isEqualTo(7);
    assertThat(footer.reservedIsZero()).isFalse();
    assertThat(footer.currentSize()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -512, 511, 1000})
  void makesNoFooterOfASizeThatIsNotWholeSectors(long size) {
    assertThatThrownBy(() -> VhdFooter.fixed(size, ID, TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timesOutsideTheFieldBecomeItsEnds() {
    assertThat(VhdFooter.fixed(SIZE, ID, Instant.EPOCH).timeStamp()).isZero();
    assertThat(VhdFooter.fixed(SIZE, ID, Instant.MAX).timeStamp()).isEqualTo(0xFFFF_FFFFL);
  }
}
