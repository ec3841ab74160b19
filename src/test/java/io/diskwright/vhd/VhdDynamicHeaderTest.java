package io.diskwright.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VhdDynamicHeaderTest {

  private static ByteBuffer header() {
    ByteBuffer header = ByteBuffer.allocate(1024);
    header.put("cxsparse".getBytes(StandardCharsets.US_ASCII));
    header.putLong(8, -1).putLong(16, 0x600).putInt(24, 0x10000);
    header.putInt(28, 20).putInt(32, 2 << 20).putInt(56, 86_400);
    header.putLong(40, 0x0011223344556677L).putLong(48, 0x8899aabbccddeeffL);
    header.put(64, "basé.vhd".getBytes(StandardCharsets.UTF_16BE));
    return header;
  }

  private static VhdDynamicHeader parse(ByteBuffer header) throws CorruptImage {
    return VhdDynamicHeader.parse(
        new ByteView(header.duplicate().clear(), ByteOrder.BIG_ENDIAN, "a.vhd", "header", 512));
  }

  private static ByteBuffer sealed(ByteBuffer header) {
    return header.putInt(36, (int) VhdChecksum.of(header.array(), 36));
  }

  @Test
  void readsEachField() throws Exception {
    VhdDynamicHeader header = parse(sealed(header()));
    assertThat(header)
        .isEqualTo(
            new VhdDynamicHeader(
                -1,
                0x600,
                0x10000,
                20,
                2 << 20,
                UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                86_400,
                "basé.vhd"));
    assertThat(header.parentTime()).isEqualTo(Instant.parse("2000-01-02T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, header cookie at offset 0x200",
    "3, header cookie at offset 0x200",
    "30, header checksum at offset 0x224",
    "1023, header checksum at offset 0x224",
  })
  void refusesDamage(int at, String message) {
    ByteBuffer header = sealed(header());
    header.put(at, (byte) 0x55);
    assertThatThrownBy(() -> parse(header))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnotherVersion() {
    ByteBuffer header = sealed(header().putInt(24, 0x20000));
    assertThatThrownBy(() -> parse(header))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("header header version at offset 0x218");
  }

  @Test
  void refusesAShortHeader() {
    ByteBuffer header = sealed(header()).clear().limit(1000);
    assertThatThrownBy(() ->
            VhdDynamicHeader.parse(
                new ByteView(header, ByteOrder.BIG_ENDIAN, "a.vhd", "header", 512)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("header at offset 0x200");
  }
}
