package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.target.PartialFile;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import io.diskwright.vhd.VhdFooter;
import io.diskwright.volume.DiskBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that come once and in order: standard input, and what is inside compressed files. */
class StreamConversionTest {

  private static final int MIB = 1 << 20;
  private static final long GROWN = 16L * MIB;

  @TempDir private Path folder;

  /** Random islands, and zeros that are stored, in a disk whose size is no multiple of anything. */
  private static byte[] disk(int size) {
    byte[] disk = new byte[size];
    var random = new Random(size);
    for (int at = 1000; at < size - 200_000; at += 200_000 + random.nextInt(900_000)) {
      byte[] piece = new byte[1 + random.nextInt(150_000)];
      random.nextBytes(piece);
      System.arraycopy(piece, 0, disk, at, piece.length);
    }
    disk[size - 1] = 1;
    return disk;
  }

  private static byte[] withFooter(byte[] disk) {
    byte[] footer =
        VhdFooter.fixed(disk.length, new UUID(1, 2), Instant.parse("2020-01-01T00:00:00Z"))
            .encode();
    byte[] all = Arrays.copyOf(disk, disk.length + footer.length);
    System.arraycopy(footer, 0, all, disk.length, footer.length);
    return all;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** Gives a few bytes at a time, as a pipe does. */
  private static InputStream pipe(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 4099));
      }
    };
  }

  private ConversionRequest request(byte[] input) {
    return ConversionRequest.of(Path.of("-"), folder.resolve("out.raw"))
        .withInput(pipe(input))
        .withFormat(TargetFormat.RAW)
        .withProfile(Profile.named("none"))
        .withSize(new SizeChoice.Keep())
        .with(ConversionOption.VALIDATE, false);
  }

  private static ConversionResult run(ConversionRequest request) throws IOException {
    return new Conversion(request, p -> {}, new Cancellation()).run();
  }

  private static byte[] toBytes(ConversionRequest request) throws IOException {
    var stream = new ByteArrayOutputStream();
    run(request.withStream(stream));
    return stream.toByteArray();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {513, 512 + MIB, MIB, 5 * MIB + 1, 9 * MIB + 512})
  void aRawStreamIsTheDisk(int size) throws Exception {
    byte[] disk = disk(Math.max(size, 300_000));
    ConversionResult result =
        run(request(disk).with(ConversionOption.DIGEST, true).with(ConversionOption.VERIFY, true));
    assertThat(Files.readAllBytes(folder.resolve("out.raw"))).isEqualTo(disk);
    assertThat(result.sourceInfo().format()).isEqualTo("raw");
    assertThat(result.virtualSize()).isEqualTo(disk.length);
    ConversionRequest fromFile =
        ConversionRequest.of(folder.resolve("out.raw"), folder.resolve("again.raw"))
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep())
            .with(ConversionOption.DIGEST, true)
            .with(ConversionOption.VALIDATE, false);
    assertThat(result.contentDigest()).isPresent().isEqualTo(run(fromFile).contentDigest());
  }

  @ParameterizedTest
  @ValueSource(ints = {512, MIB - 512, MIB, MIB + 512, 3 * MIB + 1024})
  void theFooterOfAFixedVhdIsNoPartOfTheDisk(int size) throws Exception {
    byte[] disk = size < 300_000 ? new byte[size] : disk(size);
    ConversionResult result = run(request(withFooter(disk)));
    assertThat(Files.readAllBytes(folder.resolve("out.raw"))).isEqualTo(disk);
    assertThat(result.sourceInfo().format()).isEqualTo("vhd");
    assertThat(result.sourceInfo().subformat()).isEqualTo("fixed");
  }

  @Test
  void aFooterIsDiskWhenTheUserSaysRaw() throws Exception {
    byte[] all = withFooter(disk(MIB));
    ConversionRequest request = request(all);
    run(request.withOpen(request.open().withFormat(Optional.of("raw"))));
    assertThat(Files.readAllBytes(folder.resolve("out.raw"))).isEqualTo(all);
  }

  @Test
  void aStreamWithoutFooterIsRefusedWhenTheUserSaysVhd() throws Exception {
    ConversionRequest request = request(disk(MIB));
    assertThatThrownBy(() -> run(request.withOpen(request.open().withFormat(Optional.of("vhd")))))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("standard input: footer");
    assertNothingLeft();
  }

  @Test
  void aFooterForAnotherLengthIsRefused() throws Exception {
    byte[] all = withFooter(disk(2 * MIB));
    byte[] cut = Arrays.copyOfRange(all, MIB, all.length);
    assertThatThrownBy(() -> run(request(cut)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("current size")
        .hasMessageContaining("2097152");
    byte[] longer = withFooter(disk(MIB));
    byte[] padded = new byte[longer.length + 512];
    System.arraycopy(longer, 0, padded, 0, MIB);
    System.arraycopy(longer, MIB, padded, MIB + 512, 512);
    assertThatThrownBy(() -> run(request(padded)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("current size");
    assertNothingLeft();
  }

  @Test
  void aDamagedFooterIsNoDisk() throws Exception {
    byte[] all = withFooter(disk(MIB));
    all[all.length - 512 + 40] ^= 1;
    assertThatThrownBy(() -> run(request(all)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("checksum");
    assertNothingLeft();
  }

  @Test
  void anEmptyStreamIsRefused() {
    assertThatThrownBy(() -> run(request(new byte[0])))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("standard input")
        .hasMessageContaining("empty");
  }

  @ParameterizedTest
  @EnumSource(
      value = TargetFormat.class,
      names = {"RAW", "VHD"})
  void fromStreamToStream(TargetFormat format) throws Exception {
    byte[] disk = disk(7 * MIB);
    byte[] written = toBytes(request(gzip(disk)).withFormat(format).withJobs(4));
    assertThat(Arrays.copyOf(written, disk.length)).isEqualTo(disk);
    assertThat(written.length - disk.length).isEqualTo(format == TargetFormat.VHD ? 512 : 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = TargetFormat.class,
      names = {"DYNAMIC_VHD", "QCOW2"})
  void intoContainersWithTables(TargetFormat format) throws Exception {
    byte[] disk = disk(3 * MIB);
    Path container = folder.resolve("out");
    run(
        ConversionRequest.of(Path.of("-"), container)
            .withInput(pipe(gzip(disk)))
            .withFormat(format)
            .withProfile(Profile.named("none"))
            .with(ConversionOption.VALIDATE, false));
    ConversionRequest back =
        ConversionRequest.of(container, folder.resolve("back.raw"))
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep())
            .with(ConversionOption.VALIDATE, false);
    run(back);
    assertThat(Files.readAllBytes(folder.resolve("back.raw"))).isEqualTo(disk);
  }

  /** A disk whose GPT must follow its new end, and the same converted from a file. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thePartitionTableFollows(boolean toStream) throws Exception {
    DiskBuilder disk = new DiskBuilder(4 * MIB).gpt().gptEntry(1, 2048, 4095, 0, "root");
    disk.checksums();
    disk.fill(MIB, 5000, 7);
    Path file = Files.write(folder.resolve("disk.raw"), disk.bytes());
    Path expected = folder.resolve("expected.raw");
    var grown = new SizeChoice.Exactly(GROWN);
    run(
        ConversionRequest.of(file, expected)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(grown)
            .with(ConversionOption.VALIDATE, false));
    var notices = new ArrayList<String>();
    ConversionRequest request = request(gzip(disk.bytes())).withSize(grown);
    request =
        request.withOpen(
            request.open().withNotices(notices::add).withSpoolFolder(Optional.of(folder)));
    if (toStream) {
      assertThat(toBytes(request)).isEqualTo(Files.readAllBytes(expected));
      assertThat(notices).singleElement().asString().contains("partition table");
    } else {
      run(request.with(ConversionOption.DIGEST, true).with(ConversionOption.VERIFY, true));
      assertThat(Files.readAllBytes(folder.resolve("out.raw")))
          .isEqualTo(Files.readAllBytes(expected));
      assertThat(notices).isEmpty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(f -> f.toString().contains("diskwright-"))).isEmpty();
    }
  }

  @Test
  void anMbrDiskGrowsFromStreamToStreamWithoutAFile() throws Exception {
    DiskBuilder disk = new DiskBuilder(4 * MIB).entry(0, 1, 0x80, 0x83, 2048, 2048);
    disk.fill(3 * MIB, 5000, 7);
    var notices = new ArrayList<String>();
    ConversionRequest request =
        request(disk.bytes()).withSize(new SizeChoice.Exactly(GROWN)).withFormat(TargetFormat.VHD);
    byte[] written = toBytes(request.withOpen(request.open().withNotices(notices::add)));
    assertThat(written).hasSize((int) GROWN + 512);
    assertThat(Arrays.copyOf(written, 4 * MIB)).isEqualTo(disk.bytes());
    assertThat(Arrays.copyOfRange(written, 4 * MIB, (int) GROWN))
        .isEqualTo(new byte[(int) GROWN - 4 * MIB]);
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.99})
  void aTruncatedStreamLeavesNothing(double part) throws Exception {
    byte[] whole = gzip(disk(6 * MIB));
    byte[] cut = Arrays.copyOf(whole, (int) (whole.length * part));
    assertThatThrownBy(() -> run(request(cut))).isInstanceOf(CorruptImage.class);
    assertNothingLeft();
  }

  @Test
  void whatComesInADamagedFileIsNotPublished() throws Exception {
    byte[] bytes = gzip(disk(6 * MIB));
    bytes[bytes.length - 6] ^= 0x10; // the CRC, read when every byte of the disk is written
    Path file = Files.write(folder.resolve("disk.raw.gz"), bytes);
    Path target = folder.resolve("out.raw");
    ConversionRequest request =
        ConversionRequest.of(file, target)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep());
    assertThatThrownBy(() -> run(request))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("disk.raw.gz");
    assertThat(target).doesNotExist();
    assertThat(PartialFile.partialOf(target)).doesNotExist();
  }

  @Test
  void aNameThatPromisesAFooterIsHeldToIt() throws Exception {
    Path file = Files.write(folder.resolve("disk.vhd.gz"), gzip(disk(MIB)));
    ConversionRequest request =
        ConversionRequest.of(file, folder.resolve("out.raw"))
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep());
    assertThatThrownBy(() -> run(request))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("no footer");
    assertThat(folder.resolve("out.raw")).doesNotExist();
  }

  @Test
  void aCompressedFileIsGoneOnWith() throws Exception {
    byte[] disk = disk(24 * MIB);
    Path file = Files.write(folder.resolve("disk.raw.gz"), gzip(disk));
    Path target = folder.resolve("out.raw");
    ConversionRequest request =
        ConversionRequest.of(file, target)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep())
            .with(ConversionOption.VALIDATE, false);
    var cancellation = new Cancellation();
    var taken = new AtomicLong();
    var interrupted =
        new Conversion(
            request,
            p -> {},
            cancellation,
            new Conversion.Journaling(
                0,
                Duration.ZERO,
                extents ->
                    () -> {
                      if (taken.addAndGet(MIB) > 17L * MIB) {
                        cancellation.request();
                      }
                      return extents.next();
                    }));
    assertThatThrownBy(interrupted::run)
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("--resume goes on");
    ConversionResult result =
        run(request.with(ConversionOption.RESUME, true).with(ConversionOption.DIGEST, true));
    assertThat(result.resumedAt()).isPositive();
    assertThat(Files.readAllBytes(target)).isEqualTo(disk);
    Path again = folder.resolve("again.raw");
    ConversionRequest once =
        ConversionRequest.of(file, again)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep())
            .with(ConversionOption.DIGEST, true);
    assertThat(result.contentDigest()).isPresent().isEqualTo(run(once).contentDigest());
  }

  /** Zeros without end, of which no file holds more than a few bytes. */
  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        Arrays.fill(target, offset, offset + length, (byte) 0);
        return length;
      }
    };
  }

  @Test
  void aDiskThatHasNoEndIsRefusedWhenItIsTooLarge() throws Exception {
    ConversionRequest request = request(new byte[0]).withInput(endless());
    assertThatThrownBy(() -> run(request.withSize(new SizeChoice.Exactly(8 * MIB))))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("more than 8388608 bytes (8 MiB)");
    assertNothingLeft();
  }

  /** A medium that fails in the middle is no damaged image: the failure comes through as it is. */
  @Test
  void aReadErrorInTheMiddleIsTheEnvironments() throws Exception {
    var failure = new IOException("Input/output error");
    var broken =
        new SequenceInputStream(
            new ByteArrayInputStream(disk(3 * MIB)),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw failure;
              }
            });
    assertThatThrownBy(() -> run(request(new byte[0]).withInput(broken))).isSameAs(failure);
    assertNothingLeft();
  }

  /** When everything is written, the GPT has moved already, and only the name is still missing. */
  @Test
  void aDiskWhoseTableHasMovedAlreadyIsGoneOnWith() throws Exception {
    DiskBuilder disk = new DiskBuilder(4 * MIB).gpt().gptEntry(1, 2048, 4095, 0, "root");
    disk.checksums().fill(MIB, 5000, 7);
    Path file = Files.write(folder.resolve("disk.raw.gz"), gzip(disk.bytes()));
    Path target = folder.resolve("out.raw");
    ConversionRequest request =
        ConversionRequest.of(file, target)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Exactly(GROWN))
            .with(ConversionOption.VALIDATE, false);
    Path expected = folder.resolve("expected.raw");
    run(
        ConversionRequest.of(file, expected)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Exactly(GROWN))
            .with(ConversionOption.VALIDATE, false));
    var inTheWay =
        new Conversion(
            request,
            progress -> {
              if (progress.phase() == Progress.Phase.SYNCING) {
                create(target);
              }
            },
            new Cancellation(),
            new Conversion.Journaling(0, Duration.ZERO, UnaryOperator.identity()));
    assertThatThrownBy(inTheWay::run)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("--resume goes on");
    Files.delete(target);

    ConversionResult result =
        run(
            request
                .with(ConversionOption.RESUME, true)
                .with(ConversionOption.DIGEST, true)
                .with(ConversionOption.VERIFY, true));

    assertThat(result.resumedAt()).isPositive();
    assertThat(Files.mismatch(target, expected)).isEqualTo(-1);
  }

  private static void create(Path file) {
    try {
      Files.writeString(file, "somebody else's");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theHeadOfASmallDiskIsAllThereIs() throws Exception {
    byte[] tiny = ByteBuffer.allocate(700).put(new byte[] {1, 2, 3}).array();
    ConversionRequest request = request(tiny).withSize(new SizeChoice.Auto());
    byte[] written = toBytes(request.withFormat(TargetFormat.VHD));
    assertThat(written).hasSize(MIB + 512).startsWith(1, 2, 3, 0);
  }
}
