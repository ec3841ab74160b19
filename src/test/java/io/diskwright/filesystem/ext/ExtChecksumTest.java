package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One bit changed in each structure that has a checksum. */
class ExtChecksumTest {

  private static final int I_BLOCK = 40;

  @Test
  void soundVolumesHaveNoProblems() throws Exception {
    for (String name : new String[] {"ext2", "plain", "summed"}) {
      TestVolume volume = TestVolume.of(name);
      assertThat(volume.check()).isEmpty();
      assertThat(volume.open().facts().problems()).isEmpty();
      assertThat(volume.content("file"))
          .hasSize(8000)
          .startsWith("content content".getBytes(StandardCharsets.UTF_8));
      assertThat(volume.node("fast").linkTarget()).isEqualTo("file");
      assertThat(volume.node("slow").linkTarget()).isEqualTo("x".repeat(100));
      assertThat(volume.node("directory").extendedAttributes()).hasSize(5);
    }
  }

  @Test
  void superblock() throws Exception {
    TestVolume volume = TestVolume.of("summed").flip(TestVolume.SUPERBLOCK + 0x78);
    assertThatThrownBy(volume::open)
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("s_checksum");
  }

  @Test
  void groupDescriptor() throws Exception {
    TestVolume volume = TestVolume.of("summed").flip(2048 + 12);
    assertThat(volume.open().facts().problems())
        .singleElement()
        .extracting(Problem::structure)
        .isEqualTo("group 0 descriptor bg_checksum");
  }

  @Test
  void inode() throws Exception {
    TestVolume volume = TestVolume.of("summed");
    volume.flip(volume.inode("file") + 16);
    assertThatThrownBy(() -> volume.node("file"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageMatching(".*inode \\d+ i_checksum.*");
    assertThat(volume.check()).isNotEmpty();
  }

  @Test
  void extentBlock() throws Exception {
    TestVolume volume = TestVolume.of("summed");
    long child = volume.u32(volume.inode("scattered") + I_BLOCK + 12 + 4) * TestVolume.BLOCK;
    volume.flip(child + 12 + 8);
    assertThatThrownBy(() -> volume.content("scattered"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("et_checksum");
  }

  @Test
  void directoryBlock() throws Exception {
    TestVolume volume = TestVolume.of("summed");
    volume.flip(volume.firstBlock("directory") + 24 + 9);
    assertThatThrownBy(() -> volume.node("directory/below"))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("det_checksum");
  }

  @Test
  void directoryIndex() throws Exception {
    TestVolume volume = TestVolume.of("summed");
    volume.flip(volume.firstBlock("many") + 40);
    assertThatThrownBy(() -> volume.node("many").entries().next())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("dt_checksum");
  }

  @Test
  void attributeBlock() throws Exception {
    TestVolume volume = TestVolume.of("summed");
    long block = volume.u32(volume.inode("directory/inner") + 104) * TestVolume.BLOCK;
    volume.flip(block + 1000);
    assertThatThrownBy(() -> volume.node("directory/inner").extendedAttributes())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("h_checksum");
  }

  @Test
  void bitmaps() throws Exception {
    for (int field : new int[] {0, 4}) {
      TestVolume volume = TestVolume.of("summed");
      volume.flip(volume.u32(2048 + field) * TestVolume.BLOCK);
      assertThat(volume.check())
          .anySatisfy(problem -> assertThat(problem.structure()).endsWith("bitmap checksum"));
    }
  }

  @Test
  void anIndexThatLeadsNowhereHidesNothing() throws Exception {
    TestVolume volume = TestVolume.of("plain");
    long root = volume.firstBlock("many");
    int count = volume.u16(root + 34);
    assertThat(count).isGreaterThan(2);
    for (int i = 1; i < count; i++) {
      volume.put32(root + 32 + 8L * i, 0xfffffff0L);
    }
    for (int i = 0; i < 120; i++) {
      assertThat(volume.node("many/" + "n".repeat(60) + "-" + i)).isNotNull();
    }
  }
}
