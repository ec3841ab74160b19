package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.PartialFile;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {

  private static final int MIB = 1 << 20;
  private static final int BLOCK = 65_536;

  @TempDir private Path folder;

  /** The definition, word by word. */
  private static String expected(byte[] disk) throws Exception {
    MessageDigest root = MessageDigest.getInstance("SHA-256");
    for (int block = 0; block * BLOCK < disk.length; block++) {
      byte[] bytes = Arrays.copyOfRange(disk, block * BLOCK, (block + 1) * BLOCK);
      if (!Arrays.equals(bytes, new byte[BLOCK])) {
        root.update(ByteBuffer.allocate(8).putLong(block).array());
        root.update(MessageDigest.getInstance("SHA-256").digest(bytes));
      }
    }
    root.update(ByteBuffer.allocate(8).putLong(disk.length).array());
    return "sha256-64k:" + HexFormat.of().formatHex(root.digest());
  }

  private byte[] disk(int size) {
    byte[] disk = new byte[size];
    var random = new Random(size);
    for (int at = 700; at < size - 200_000; at += 300_000 + random.nextInt(400_000)) {
      byte[] piece = new byte[1 + random.nextInt(150_000)];
      random.nextBytes(piece);
      System.arraycopy(piece, 0, disk, at, piece.length);
    }
    disk[size - 1] = 1;
    return disk;
  }

  private Path raw(byte[] disk) throws IOException {
    Path file = folder.resolve("disk.raw");
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(disk.length);
      for (int at = 0; at < disk.length; at += 4096) {
        int count = Math.min(4096, disk.length - at);
        if (!Arrays.equals(disk, at, at + count, new byte[4096], 0, count)) {
          out.seek(at);
          out.write(disk, at, count);
        }
      }
    }
    return file;
  }

  private static ConversionRequest request(Path source, Path target) {
    return ConversionRequest.of(source, target)
        .withProfile(Profile.named("none"))
        .withSize(new SizeChoice.Keep())
        .with(ConversionOption.VALIDATE, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_536, 65_537, 3 * MIB, 9 * MIB + 512, 20 * MIB})
  void isTheSameWhereverItIsComputed(int size) throws Exception {
    byte[] disk = disk(size);
    Path source = raw(disk);
    try (DiskImage image = Formats.open(source, OpenOptions.defaults())) {
      assertThat(ContentDigests.of(image, 2, new Cancellation())).isEqualTo(expected(disk));
    }
    Path target = folder.resolve("out.vhd");
    ConversionResult result =
        new Conversion(
                request(source, target).with(ConversionOption.DIGEST, true).withJobs(3),
                p -> {},
                new Cancellation())
            .run();
    byte[] grown = Arrays.copyOf(disk, Math.ceilDiv(size, MIB) * MIB);
    assertThat(result.contentDigest()).contains(expected(grown));
    try (DiskImage image = Formats.open(target, OpenOptions.defaults())) {
      assertThat(ContentDigests.of(image, 1, new Cancellation())).isEqualTo(expected(grown));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RAW", "VHD"})
  void aStreamGetsTheBytesThatAFileGets(TargetFormat format) throws Exception {
    byte[] disk = disk(11 * MIB);
    Path source = raw(disk);
    for (int jobs : new int[] {1, 2, 7}) {
      var stream = new ByteArrayOutputStream();
      ConversionResult result =
          new Conversion(
                  request(source, Path.of("-"))
                      .withFormat(format)
                      .withStream(stream)
                      .withJobs(jobs)
                      .with(ConversionOption.DIGEST, true),
                  p -> {},
                  new Cancellation())
              .run();
      byte[] written = stream.toByteArray();
      assertThat(result.fileSize()).isEqualTo(written.length);
      assertThat(written).hasSize(11 * MIB + (format == TargetFormat.VHD ? 512 : 0));
      assertThat(Arrays.mismatch(Arrays.copyOf(written, disk.length), disk)).isEqualTo(-1);
      assertThat(result.contentDigest()).contains(expected(disk));
    }
    assertThat(Path.of("-")).doesNotExist();
  }

  @Test
  void aStreamThatBreaksStopsTheConversion() throws Exception {
    Path source = raw(disk(30 * MIB));
    var stream =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            if (size() > 3 * MIB) {
              throw new java.io.UncheckedIOException(new IOException("Broken pipe"));
            }
            super.write(bytes, offset, length);
          }
        };
    var conversion =
        new Conversion(
            request(source, Path.of("-")).withStream(stream), p -> {}, new Cancellation());
    assertThatThrownBy(conversion::run).hasMessageContaining("Broken pipe");
  }

  @Test
  void verificationFindsAByteThatTheMediumChanged() throws Exception {
    byte[] disk = disk(6 * MIB);
    Path source = raw(disk);
    Path target = folder.resolve("out.vhd");
    var spoiled = new AtomicBoolean();
    var conversion =
        new Conversion(
            request(source, target).with(ConversionOption.VERIFY, true),
            progress -> {
              if (progress.phase() == Progress.Phase.SYNCING && !spoiled.getAndSet(true)) {
                spoil(PartialFile.partialOf(target));
              }
            },
            new Cancellation(),
            new Conversion.Journaling(Long.MAX_VALUE, Duration.ofDays(1), e -> e));
    assertThatThrownBy(conversion::run)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("does not read back as it was written");
    assertThat(Files.exists(target)).isFalse();
    assertThat(PartialFile.partialOf(target)).doesNotExist();
  }

  private static void spoil(Path file) {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(3 * MIB);
      out.write(0x55);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
