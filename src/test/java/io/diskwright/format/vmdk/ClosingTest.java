package io.diskwright.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No file stays open, as the kernel sees it. */
@EnabledOnOs(OS.LINUX)
class ClosingTest {

  @TempDir Path folder;

  @BeforeEach
  void extents() throws IOException {
    Files.write(folder.resolve("a-flat.vmdk"), new byte[4096]);
    Files.write(folder.resolve("b-flat.vmdk"), new byte[4096]);
  }

  private Path descriptor(String extents) throws IOException {
    return Files.writeString(
        folder.resolve("disk.vmdk"), SparseImage.descriptor("twoGbMaxExtentFlat", extents));
  }

  private List<String> openHere() throws IOException {
    var open = new ArrayList<String>();
    try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        try {
          Path target = Files.readSymbolicLink(link);
          if (target.startsWith(folder.toRealPath())) {
            open.add(target.getFileName().toString());
          }
        } catch (IOException e) {
          // The listing's own descriptor, closed by now.
        }
      }
    }
    return open;
  }

  @Test
  void aDeltaClosesItsParent() throws IOException {
    Files.writeString(
        folder.resolve("base.vmdk"),
        SparseImage.descriptor("custom", "RW 8 FLAT \"a-flat.vmdk\" 0\n"));
    Path file = descriptor("RW 8 FLAT \"b-flat.vmdk\" 0\nparentFileNameHint=\"base.vmdk\"\n");
    Files.writeString(file, Files.readString(file).replace("=ffffffff", "=0badcafe"));
    try (DiskImage disk = Disks.open(file)) {
      assertThat(disk.size()).isEqualTo(4096);
      assertThat(openHere()).contains("disk.vmdk", "base.vmdk", "a-flat.vmdk", "b-flat.vmdk");
    }
    assertThat(openHere()).isEmpty();
    Files.writeString(file, Files.readString(file).replace("parentCID=0badcafe", "parentCID=1"));
    assertThatThrownBy(() -> Disks.open(file)).isInstanceOf(CorruptImage.class);
    assertThat(openHere()).isEmpty();
  }

  @Test
  void closingTheImageClosesEveryFile() throws IOException {
    Path file = descriptor("RW 8 FLAT \"a-flat.vmdk\" 0\nRW 8 FLAT \"b-flat.vmdk\" 0\n");
    try (DiskImage disk = Disks.open(file)) {
      disk.read(0, ByteBuffer.allocate(8192));
      assertThat(openHere()).contains("disk.vmdk", "a-flat.vmdk", "b-flat.vmdk");
    }
    assertThat(openHere()).isEmpty();
  }

  @Test
  void aFailureToOpenClosesEveryFile() throws IOException {
    refuse("RW 8 FLAT \"a-flat.vmdk\" 0\nRW 9 FLAT \"b-flat.vmdk\" 0\n", CorruptImage.class);
    refuse("RW 8 FLAT \"a-flat.vmdk\" 0\nRW 8 SPARSE \"b-flat.vmdk\"\n", CorruptImage.class);
    refuse("RW 8 FLAT \"a-flat.vmdk\" 0\nRW 8 FLAT \"disk.vmdk\" 0\n", UnsafeReference.class);
    refuse("RW 8 FLAT \"a-flat.vmdk\" 0\nRW 8 FLAT \"c-flat.vmdk\" 0\n", UnsafeReference.class);
  }

  private void refuse(String extents, Class<? extends ImageException> kind) throws IOException {
    Path file = descriptor(extents);
    assertThatThrownBy(() -> Disks.open(file)).isInstanceOf(kind);
    assertThat(openHere()).isEmpty();
  }
}
