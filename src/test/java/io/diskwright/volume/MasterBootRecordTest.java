package io.diskwright.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class MasterBootRecordTest {

  @Test
  void readsEachField() throws Exception {
    MasterBootRecord record =
        parse(
            new DiskBuilder(512)
                .text(0, "code")
                .u32(440, 0x89ABCDEFL)
                .entry(0, 1, 0x80, 0x83, 2048, 4096)
                .entry(0, 2, 0, 0x05, 0xFFFFFFF0L, 0xFFFFFFFFL));
    assertThat(record.bootCode().length()).isEqualTo(440);
    assertThat(record.bootCode().startsWith(0, "code")).isTrue();
    assertThat(record.diskSignature()).isEqualTo(0x89ABCDEFL);
    assertThat(record.signature55AA()).isTrue();
    assertThat(record.entries())
        .containsExactly(
            new MbrEntry(1, 0x80, 0x83, 2048, 4096),
            new MbrEntry(2, 0, 5, 0xFFFFFFF0L, 0xFFFFFFFFL),
            new MbrEntry(3, 0, 0, 0, 0),
            new MbrEntry(4, 0, 0, 0, 0));
    assertThat(record.entries().get(0).active()).isTrue();
    assertThat(record.entries().get(1).extended()).isTrue();
    assertThat(record.entries().get(1).endLba()).isEqualTo(0x1FFFFFFEFL);
    assertThat(record.entries().get(2).used()).isFalse();
  }

  @Test
  void tellsProtectiveFromHybridRecords() throws Exception {
    MasterBootRecord protective = parse(new DiskBuilder(512).entry(0, 1, 0, 0xEE, 1, 99));
    assertThat(protective.isProtective()).isTrue();
    assertThat(protective.isHybrid()).isFalse();
    MasterBootRecord hybrid =
        parse(new DiskBuilder(512).entry(0, 1, 0, 0x83, 64, 9).entry(0, 2, 0, 0xEE, 1, 63));
    assertThat(hybrid.isProtective()).isTrue();
    assertThat(hybrid.isHybrid()).isTrue();
    MasterBootRecord unsigned = parse(new DiskBuilder(512).entry(0, 1, 0, 0xEE, 1, 99).u8(510, 0));
    assertThat(unsigned.isProtective()).isFalse();
  }

  @Test
  void refusesLessThanASector() {
    assertThatThrownBy(() -> parse(new DiskBuilder(511))).isInstanceOf(CorruptImage.class);
  }

  static MasterBootRecord parse(DiskBuilder sector) throws CorruptImage {
    return MasterBootRecord.parse(
        new ByteView(ByteBuffer.wrap(sector.bytes()), ByteOrder.LITTLE_ENDIAN, "disk", "MBR", 0));
  }
}
