package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.PartialFile;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {

  private static final int MIB = 1 << 20;
  private static final int SIZE = 48 * MIB;

  @TempDir private Path folder;
  private Path source;
  private Path target;

  @BeforeEach
  void disk() throws IOException {
    source = folder.resolve("disk.raw");
    target = folder.resolve("out.vhd");
    byte[] piece = new byte[3 * MIB + 512];
    var random = new Random(3);
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(SIZE);
      for (int at = 4096; at < SIZE - piece.length; at += 5 * MIB) {
        random.nextBytes(piece);
        file.seek(at);
        file.write(piece);
      }
    }
  }

  private ConversionRequest request() {
    return ConversionRequest.of(source, target)
        .withProfile(Profile.named("none"))
        .with(ConversionOption.VALIDATE, false);
  }

  /** Asks for a stop when so many bytes were handed out. */
  private Conversion conversion(ConversionRequest request, long stopAt) {
    var cancellation = new Cancellation();
    var taken = new AtomicLong();
    UnaryOperator<Batches.Extents> watched =
        extents ->
            () -> {
              if (taken.get() >= stopAt) {
                cancellation.request();
              }
              Extent extent = extents.next();
              taken.addAndGet(extent == null ? 0 : extent.length());
              return extent;
            };
    return new Conversion(
        request, p -> {}, cancellation, new Conversion.Journaling(0, Duration.ZERO, watched));
  }

  /** Runs until so many bytes are written; returns whether something was left to go on with. */
  private boolean interrupt(ConversionRequest request, long stopAt) throws IOException {
    try {
      conversion(request, stopAt).run();
      throw new AssertionError("was not interrupted");
    } catch (CancellationException e) {
      boolean kept = Files.exists(PartialFile.partialOf(target));
      assertThat(Files.exists(Journal.of(target))).isEqualTo(kept);
      assertThat(e.getMessage()).contains(kept ? "--resume goes on" : "is removed");
      assertThat(target).doesNotExist();
      return kept;
    }
  }

  private ConversionResult resume(ConversionRequest request) throws IOException {
    return conversion(request.with(ConversionOption.RESUME, true), Long.MAX_VALUE).run();
  }

  private void assertComplete() throws IOException {
    byte[] expected = Arrays.copyOf(Files.readAllBytes(source), SIZE);
    byte[] all = Files.readAllBytes(target);
    assertThat(all).hasSize(SIZE + 512);
    assertThat(Arrays.mismatch(Arrays.copyOf(all, SIZE), expected)).isEqualTo(-1);
    assertThat(PartialFile.partialOf(target)).doesNotExist();
    assertThat(Journal.of(target)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 12, 16, 20, 24})
  void goesOnWhereItWasInterrupted(int mebibytes) throws Exception {
    boolean kept = interrupt(request(), (long) mebibytes * MIB);
    ConversionResult result = resume(request().with(ConversionOption.DIGEST, true));
    assertComplete();
    assertThat(kept).isTrue();
    assertThat(result.resumedAt()).isPositive();
    Path again = folder.resolve("again.vhd");
    ConversionResult whole =
        new Conversion(
                ConversionRequest.of(source, again)
                    .withProfile(Profile.named("none"))
                    .with(ConversionOption.DIGEST, true),
                p -> {},
                new Cancellation())
            .run();
    assertThat(result.contentDigest()).isPresent().isEqualTo(whole.contentDigest());
  }

  @Test
  void keepsTheIdentifierAndTheTimeOfItsBeginning() throws Exception {
    assertThat(interrupt(request(), 20 * MIB)).isTrue();
    Journal.Left left = Journal.read(target).orElseThrow();
    resume(request());
    byte[] all = Files.readAllBytes(target);
    byte[] id = Arrays.copyOfRange(all, SIZE + 68, SIZE + 84);
    assertThat(ByteBuffer.wrap(id).getLong()).isEqualTo(left.stamp().id().getMostSignificantBits());
  }

  @Test
  void doesNotTrustWhatLiesBehindTheLastRecord() throws Exception {
    assertThat(interrupt(request(), 15 * MIB)).isTrue();
    long below = Journal.read(target).orElseThrow().durableBelow();
    assertThat(below).isPositive().isLessThan(SIZE);
    // What a crash left of writes that were not durable: zeros where data should be.
    try (var partial = new RandomAccessFile(PartialFile.partialOf(target).toFile(), "rw")) {
      partial.setLength(below);
    }
    Files.writeString(Journal.of(target), "{\"durableBelow\": 999", StandardOpenOption.APPEND);
    resume(request());
    assertComplete();
  }

  @Test
  void noticesAChangedSource() throws Exception {
    assertThat(interrupt(request(), 15 * MIB)).isTrue();
    Files.write(source, new byte[] {1}, StandardOpenOption.WRITE);
    assertThatThrownBy(() -> resume(request()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("source")
        .hasMessageContaining("run without --resume");
    assertThat(PartialFile.partialOf(target)).exists();
    conversion(request(), Long.MAX_VALUE).run();
    assertComplete();
  }

  @Test
  void noticesOtherSettings() throws Exception {
    assertThat(interrupt(request(), 15 * MIB)).isTrue();
    assertThatThrownBy(() -> resume(request().withSize(SizeChoice.parse("64M"))))
        .hasMessageContaining("virtualSize 50331648, now it is 67108864");
    assertThatThrownBy(
            () -> resume(request().withOpen(OpenOptions.defaults().withFormat(Optional.of("raw")))))
        .hasMessageContaining("from by content, now it is raw");
    assertThatThrownBy(() -> resume(request().withFormat(TargetFormat.RAW)))
        .hasMessageContaining("format fixed vhd, now it is raw");
  }

  @Test
  void beginsWhenTheJournalIsNoJournal() throws Exception {
    for (String journal : new String[] {"", "rubbish\n", "{}\n{\"durableBelow\": 99}\n", "[1]\n"}) {
      Files.deleteIfExists(target);
      Files.write(PartialFile.partialOf(target), new byte[MIB]);
      Files.write(Journal.of(target), journal.getBytes(StandardCharsets.UTF_8));
      assertThat(resume(request()).resumedAt()).isZero();
      assertComplete();
    }
  }

  @Test
  void beginsWhenThePartialFileIsGone() throws Exception {
    assertThat(interrupt(request(), 15 * MIB)).isTrue();
    Files.delete(PartialFile.partialOf(target));
    assertThat(resume(request()).resumedAt()).isZero();
    assertComplete();
  }

  @Test
  void verifiesWhatItResumed() throws Exception {
    assertThat(interrupt(request(), 15 * MIB)).isTrue();
    assertThat(resume(request().with(ConversionOption.VERIFY, true)).resumedAt()).isPositive();
    assertComplete();
  }

  @Test
  void aDynamicVhdGetsTheSameBlocksAgain() throws Exception {
    ConversionRequest request = request().withFormat(TargetFormat.DYNAMIC_VHD);
    assertThat(interrupt(request, 15 * MIB)).isTrue();
    ConversionResult result = resume(request.with(ConversionOption.VERIFY, true));
    assertThat(result.resumedAt()).isPositive();
    try (DiskImage a = Formats.open(source, OpenOptions.defaults());
        DiskImage b = Formats.open(target, OpenOptions.defaults())) {
      assertThat(new Comparison(a, b, new Cancellation()).firstDifference()).isEmpty();
      assertThat(b.size()).isEqualTo(a.size());
    }
  }

  @Test
  void aQcow2BeginsAgain() throws Exception {
    ConversionRequest request = request().withFormat(TargetFormat.QCOW2);
    assertThat(interrupt(request, 15 * MIB)).isFalse();
    assertThat(resume(request).resumedAt()).isZero();
  }
}
