package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Directories that lead back to themselves. */
class NtfsLoopTest {

  private final TestVolume volume = new TestVolume();

  @Test
  void refusesADirectoryThatIsReachedThroughAnother() throws IOException {
    long many = TestVolume.number("many");
    // The file in "target" becomes a second way to "many".
    volume.attribute(
        "target",
        Attribute.INDEX_ROOT,
        (record, at) -> {
          int header = at + record.getShort(at + 20) + 16;
          record.putLong(header + record.getInt(header), many);
        });
    Path root = new TreeFileSystem(volume.open()).root();
    assertThatThrownBy(() -> list(root.resolve("target/inside")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("directory " + many);
    assertThat(list(root.resolve("many"))).hasSize(120);
  }

  @Test
  void refusesADirectoryInItself() throws IOException {
    long target = TestVolume.number("target");
    volume.attribute(
        "target",
        Attribute.INDEX_ROOT,
        (record, at) -> {
          int header = at + record.getShort(at + 20) + 16;
          record.putLong(header + record.getInt(header), target);
        });
    volume.attribute(
        "target",
        Attribute.FILE_NAME,
        (record, at) -> record.putLong(at + record.getShort(at + 20), target));
    Path root = new TreeFileSystem(volume.open()).root();
    assertThatThrownBy(() -> list(root.resolve("target/inside")))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("directory " + target);
  }

  @Test
  void followsAJunctionInsideTheVolume() throws IOException {
    Path root = new TreeFileSystem(volume.open()).root();
    assertThat(Files.readString(root.resolve("junction/inside"))).isEqualTo("inside");
    assertThat(Files.isSymbolicLink(root.resolve("junction"))).isTrue();
    assertThat(Files.exists(root.resolve("link"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
