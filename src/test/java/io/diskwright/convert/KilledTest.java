package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.ChildJvm;
import io.diskwright.target.PartialFile;
import io.diskwright.target.TargetFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversions that are killed at whatever place they are when their journal has grown. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledTest {

  private static final int ISLANDS = 120;
  private static final int ISLAND = 1 << 18;
  private static final int SIZE = 2 * ISLANDS * ISLAND;

  @TempDir private Path folder;
  private Path source;
  private Path target;

  /** Islands of data, so that there are many extents. */
  @BeforeEach
  void disk() throws IOException {
    source = folder.resolve("disk.raw");
    target = folder.resolve("out.vhd");
    byte[] piece = new byte[ISLAND];
    var random = new Random(11);
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(SIZE);
      for (int i = 0; i < ISLANDS; i++) {
        random.nextBytes(piece);
        Arrays.fill(piece, ISLAND / 4, ISLAND, (byte) i);
        file.seek(2L * i * ISLAND);
        file.write(piece);
      }
    }
  }

  private Process started(Path image) throws IOException {
    return ChildJvm.of(SlowConversion.class)
        .with("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        .start(folder.resolve("stdout"), folder.resolve("stderr"), image, target);
  }

  /** Waits until the journal has so many lines. */
  private void awaitLines(Process process, int count) throws Exception {
    Path journal = Journal.of(target);
    while (process.isAlive() && (!Files.exists(journal) || lines(journal) < count)) {
      Thread.sleep(5);
    }
    assertThat(process.isAlive()).as(Files.readString(folder.resolve("stderr"))).isTrue();
  }

  private static long lines(Path journal) throws IOException {
    return new String(Files.readAllBytes(journal), StandardCharsets.UTF_8).lines().count();
  }

  private ConversionResult resume(Path image) throws IOException {
    var request = SlowConversion.request(image, target).with(ConversionOption.RESUME, true);
    return new Conversion(request, p -> {}, new Cancellation()).run();
  }

  private void assertWholeAndAlone() throws IOException {
    byte[] all = Files.readAllBytes(target);
    assertThat(all).hasSize(SIZE + 512);
    assertThat(Arrays.mismatch(all, Files.readAllBytes(source))).isEqualTo(SIZE);
    assertThat(PartialFile.partialOf(target)).doesNotExist();
    assertThat(Journal.of(target)).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"raw, 2", "raw, 4", "qcow2, 2", "qcow2, 5"})
  void isResumedToTheSameFile(String format, int lines) throws Exception {
    Path image = source;
    if (format.equals("qcow2")) {
      image = folder.resolve("disk.qcow2");
      var request = SlowConversion.request(source, image).withFormat(TargetFormat.QCOW2);
      assertThat(new Conversion(request, p -> {}, new Cancellation()).run().virtualSize())
          .isEqualTo(SIZE);
    }
    Process process = started(image);
    awaitLines(process, lines);
    process.destroyForcibly().waitFor();
    assertThat(target).doesNotExist();
    assertThat(resume(image).resumedAt()).isPositive();
    assertWholeAndAlone();
  }

  @Test
  void isResumedHoweverOftenItIsKilled() throws Exception {
    Process process = started(source);
    awaitLines(process, 2);
    process.destroyForcibly().waitFor();
    // Begins again, and is killed again.
    process = started(source);
    awaitLines(process, 3);
    process.destroyForcibly().waitFor();
    assertThat(resume(source).resumedAt()).isPositive();
    assertWholeAndAlone();
  }

  @Test
  void nobodyElseWritesMeanwhile() throws Exception {
    Process process = started(source);
    awaitLines(process, 2);
    assertThatThrownBy(() -> resume(source))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is being written by another conversion");
    assertThat(process.waitFor()).isZero();
    assertWholeAndAlone();
  }
}
