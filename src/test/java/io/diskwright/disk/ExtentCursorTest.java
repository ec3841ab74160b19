package io.diskwright.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtentCursorTest {

  private static List<Extent> walk(VirtualDisk disk, long from, long to) throws IOException {
    var extents = new ArrayList<Extent>();
    var cursor = new ExtentCursor(disk, from, to);
    for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
      extents.add(extent);
    }
    return extents;
  }

  @Test
  void joinsNeighboursThatLieTogetherAndNoOthers() throws Exception {
    var source = new MemorySource("file", new byte[100]);
    var disk =
        new TestDisk()
            .zeros(10, false)
            .zeros(5, false)
            .zeros(5, true)
            .extent(new Extent.Data(20, 10, source, 0))
            .extent(new Extent.Data(30, 10, source, 10))
            .extent(new Extent.Data(40, 10, source, 30));
    assertThat(walk(disk, 0, 50))
        .containsExactly(
            new Extent.Zero(0, 15, false),
            new Extent.Zero(15, 5, true),
            new Extent.Data(20, 20, source, 0),
            new Extent.Data(40, 10, source, 30));
    assertThat(walk(disk, 12, 25))
        .containsExactly(
            new Extent.Zero(12, 3, false),
            new Extent.Zero(15, 5, true),
            new Extent.Data(20, 5, source, 0));
    assertThat(walk(disk, 50, 50)).isEmpty();
  }

  @Test
  void readsAcrossExtents() throws Exception {
    var disk = new TestDisk().data(new byte[] {1, 2, 3}).zeros(2, false).data(new byte[] {4, 5});
    ByteBuffer buffer = ByteBuffer.allocate(5);
    disk.read(1, buffer);
    assertThat(buffer.array()).containsExactly(2, 3, 0, 0, 4);
  }

  @Test
  void readingPastTheDiskIsABug() {
    var disk = new TestDisk().zeros(10, false);
    assertThatThrownBy(() -> disk.read(8, ByteBuffer.allocate(3)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new ExtentCursor(disk, 0, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void dataPastTheEndOfItsFileIsDamage() {
    var disk =
        new TestDisk().extent(new Extent.Data(0, 20, new MemorySource("short", new byte[19]), 0));
    assertThatThrownBy(() -> disk.extentAt(0, 20))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("short");
  }
}
