package io.diskwright.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.ChildJvm;
import io.diskwright.cli.Main;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {

  @TempDir private Path folder;
  private Path target;
  private Path source;

  @BeforeEach
  void disk() throws Exception {
    target = folder.resolve("out.raw");
    source = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
  }

  private ChildJvm.Ran another() throws Exception {
    return ChildJvm.of(Main.class)
        .run("convert", "--to", "raw", "--profile", "none", "--progress", "none", source, target);
  }

  /** Closing any channel of a file gives up a process's lock on it. */
  @Test
  void staysLockedWhenAWriterIsClosed() throws Exception {
    try (PartialFile file = PartialFile.open(target, false);
        Target raw =
            Targets.inFile(
                file, TargetFormat.RAW, OptionalLong.of(4), Stamp.fresh(), Compression.NONE)) {
      try (Writer writer = raw.writer()) {
        writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 0);
      }
      ChildJvm.Ran ran = another();
      assertThat(ran.code()).as(ran.err()).isEqualTo(4);
      assertThat(ran.err()).contains("is being written by another conversion");
      assertThat(raw.finish(4)).isEqualTo(4);
      raw.publish();
    }
    assertThat(target).hasBinaryContent(new byte[] {1, 2, 3, 4});
  }

  @Test
  void isNotPublishedOnceAnotherRunHasTakenIt() throws Exception {
    try (PartialFile file = PartialFile.open(target, true)) {
      assertThat(file.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}))).isEqualTo(4);
      try (InputStream read = Files.newInputStream(file.path())) {
        assertThat(read.read()).isEqualTo(1);
      }
      ChildJvm.Ran ran = another();
      assertThat(ran.code()).as(ran.err()).isLessThan(2);
      assertThatThrownBy(file::publish)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is being written by another conversion");
    }
    assertThat(target).hasSize(1 << 20);
  }

  @Test
  void removesOnlyItsOwnFile() throws Exception {
    Path other;
    try (PartialFile file = PartialFile.open(target, false)) {
      Files.delete(file.path());
      other = Files.writeString(file.path(), "another's");
    }
    assertThat(other).hasContent("another's");
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    Files.createDirectory(PartialFile.partialOf(target));
    assertThatThrownBy(() -> PartialFile.open(target, false))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is no regular file; remove it");
  }
}
