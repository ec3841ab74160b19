package io.diskwright.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VhdGeometryTest {

  /** Sizes that qemu-img 7.2 rounded up to a geometry, and the geometry it wrote. */
  @ParameterizedTest
  @CsvSource({
    "1079296, 31, 4, 17",
    "5257216, 151, 4, 17",
    "34607104, 994, 4, 17",
    "68169728, 979, 8, 17",
    "104865792, 1004, 12, 17",
    "528482304, 1024, 16, 63",
    "1073995776, 2081, 16, 63",
    "2147991552, 4162, 16, 63",
    "8590417920, 16645, 16, 63",
    "34361303040, 16449, 16, 255",
    "42951106560, 20561, 16, 255",
    "107374632960, 51401, 16, 255",
    "136365219840, 65279, 16, 255",
    "137438953472, 65535, 16, 255",
    "2190433320960, 65535, 16, 255",
  })
  void agreesWithQemu(long bytes, int cylinders, int heads, int sectorsPerTrack) {
    assertThat(VhdGeometry.ofSize(bytes))
        .isEqualTo(new VhdGeometry(cylinders, heads, sectorsPerTrack));
  }

  /** Worked out by hand, on both sides of each step of the algorithm. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 4, 17",
    "512, 0, 4, 17",
    "1048576, 30, 4, 17",
    // 17 sectors a track: below 1024 cylinders of 16 heads
    "142606335, 1023, 16, 17",
    // from there on 31, then 63
    "142606336, 561, 16, 31",
    "260046847, 1023, 16, 31",
    "260046848, 503, 16, 63",
    // 65535*16*63 sectors
    "33822351359, 65534, 16, 63",
    "33822351360, 16191, 16, 255",
    "42949672960, 20560, 16, 255",
    "136365211648, 65278, 16, 255",
    "136899993599, 65534, 16, 255",
    "136899993600, 65535, 16, 255",
    "9223372036854775807, 65535, 16, 255",
  })
  void followsTheSpecification(long bytes, int cylinders, int heads, int sectorsPerTrack) {
    assertThat(VhdGeometry.ofSize(bytes))
        .isEqualTo(new VhdGeometry(cylinders, heads, sectorsPerTrack));
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 1 << 20, 142606336L, 260046848L, 1L << 30, 40L << 30, 1L << 41})
  void roundsDown(long bytes) {
    assertThat(VhdGeometry.ofSize(bytes).capacity()).isLessThanOrEqualTo(bytes);
  }

  @Test
  void itsCapacityIsInBytes() {
    assertThat(new VhdGeometry(20560, 16, 255).capacity()).isEqualTo(42_949_017_600L);
    assertThat(VhdGeometry.MAX.capacity()).isEqualTo(136_899_993_600L);
  }

  @Test
  void refusesWhatTheFooterCannotHold() {
    assertThatThrownBy(() -> new VhdGeometry(65536, 16, 255))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VhdGeometry.ofSize(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
