package io.diskwright.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.FileRange;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.Run;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

  private static final int BLOCK = 1 << 16;

  @TempDir private Path folder;

  private ByteSource spool(byte[] bytes) throws IOException {
    return Spool.spool(
        new ForwardSource("the image", new ByteArrayInputStream(bytes)),
        OpenOptions.defaults().withSpoolFolder(Optional.of(folder)),
        "a test needs it");
  }

  private static byte[] all(ByteSource source) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) source.size());
    source.read(0, buffer);
    return buffer.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 1 << 20, (1 << 20) + 1, 3_333_333})
  void theBytesComeBack(int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    try (ByteSource source = spool(bytes)) {
      assertThat(source.size()).isEqualTo(size);
      assertThat(all(source)).isEqualTo(bytes);
      assertThat(source.describe()).isEqualTo("the image");
    }
    try (ByteSource zeros = spool(new byte[size])) {
      assertThat(all(zeros)).isEqualTo(new byte[size]);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void zerosAreHoles() throws Exception {
    byte[] bytes = new byte[40 * BLOCK + 5];
    bytes[3 * BLOCK] = 1;
    bytes[20 * BLOCK - 1] = 1;
    bytes[20 * BLOCK] = 1;
    try (ByteSource source = spool(bytes)) {
      assertThat(all(source)).isEqualTo(bytes);
      assertThat(source.runAt(0, source.size())).isEqualTo(new Run(true, 3L * BLOCK));
      assertThat(source.runAt(5, 10)).isEqualTo(new Run(true, 10));
      assertThat(source.runAt(3 * BLOCK + 7, source.size() - 3 * BLOCK - 7))
          .isEqualTo(new Run(false, BLOCK - 7));
      assertThat(source.runAt(19 * BLOCK, 30 * BLOCK)).isEqualTo(new Run(false, 2L * BLOCK));
      assertThat(source.runAt(21 * BLOCK, 19 * BLOCK + 5))
          .isEqualTo(new Run(true, 19L * BLOCK + 5));
      FileRange range = Objects.requireNonNull(source.fileRange(19L * BLOCK, 100));
      assertThat(range.channel().size()).isEqualTo(bytes.length);
      assertThat(source.fileRange(bytes.length, 1)).isNull();
      assertThatThrownBy(() -> source.read(bytes.length, ByteBuffer.allocate(1)))
          .isInstanceOf(CorruptImage.class);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nobodyFindsTheFileAndNothingIsLeftOfIt() throws Exception {
    try (ByteSource source = spool(new byte[] {1, 2, 3})) {
      assertThat(folder).isEmptyDirectory();
      assertThat(all(source)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aStreamThatFailsLeavesNothing() {
    var closed = new boolean[1];
    var failing =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] target, int at, int length) throws IOException {
            throw new IOException("cable pulled");
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertThatThrownBy(() ->
            Spool.spool(
                new ForwardSource("x", failing),
                OpenOptions.defaults().withSpoolFolder(Optional.of(folder)),
                "a test needs it"))
        .hasMessage("cable pulled");
    assertThat(closed[0]).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  /** 8 MiB of zeros are free here; beyond, one other byte stands for 10,000. */
  @Test
  void whatHoldsLittleMoreThanZerosIsABomb() throws Exception {
    OpenOptions options = OpenOptions.defaults().withSpoolFolder(Optional.of(folder));
    byte[] bomb = new byte[9 << 20];
    assertThatThrownBy(() -> Spool.spool(stream(bomb), options, "why", 8 << 20))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("bytes of zeros and 0 others");
    assertThat(folder).isEmptyDirectory();
    bomb[5] = 1;
    try (ByteSource source = Spool.spool(stream(bomb), options, "why", 8 << 20)) {
      assertThat(source.size()).isEqualTo(bomb.length);
    }
  }

  private static ForwardSource stream(byte[] bytes) {
    return new ForwardSource("bomb", new ByteArrayInputStream(bytes));
  }

  @Test
  void aFolderThatIsNoneIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    for (Path bad : new Path[] {file, folder.resolve("missing")}) {
      assertThatThrownBy(() ->
              Spool.spool(
                  new ForwardSource("x", InputStream.nullInputStream()),
                  OpenOptions.defaults().withSpoolFolder(Optional.of(bad)),
                  "a test needs it"))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(bad + ": is not a folder; x is unpacked there");
    }
  }
}
