package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.TestDisk;
import io.diskwright.format.Formats;
import io.diskwright.io.HoleFinder;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.Native;
import io.diskwright.io.Run;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.Compression;
import io.diskwright.target.PartialFile;
import io.diskwright.target.Stamp;
import io.diskwright.target.Target;
import io.diskwright.target.TargetFormat;
import io.diskwright.target.Targets;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @TempDir private Path folder;

  /** A RAW image with pieces of random data between holes. */
  private Path raw(String name, long size) throws IOException {
    Path file = folder.resolve(name);
    var random = new Random(size);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
      for (long at = 0; at < size; at += Math.max(size / 7, 4096)) {
        byte[] piece = new byte[(int) Math.min(size - at, 1 + random.nextInt(300_000))];
        random.nextBytes(piece);
        out.seek(at);
        out.write(piece);
      }
    }
    return file;
  }

  private ConversionRequest request(Path source, String target) {
    return ConversionRequest.of(source, folder.resolve(target))
        .withProfile(Profile.named("none"))
        .with(ConversionOption.VALIDATE, false);
  }

  private static ConversionResult run(ConversionRequest request) throws IOException {
    return new Conversion(request, progress -> {}, new Cancellation()).run();
  }

  private void assertNothingLeft(String target) {
    assertThat(folder.resolve(target)).doesNotExist();
    assertThat(PartialFile.partialOf(folder.resolve(target))).doesNotExist();
  }

  private static void assertSameHead(Path whole, Path head) throws IOException {
    long length = Files.size(head);
    try (FileChannel a = FileChannel.open(whole);
        FileChannel b = FileChannel.open(head)) {
      ByteBuffer bufferA = ByteBuffer.allocate((int) MIB);
      ByteBuffer bufferB = ByteBuffer.allocate((int) MIB);
      for (long at = 0; at < length; at += MIB) {
        int count = (int) Math.min(MIB, length - at);
        a.read(bufferA.clear().limit(count), at);
        b.read(bufferB.clear().limit(count), at);
        assertThat(bufferA.flip().mismatch(bufferB.flip())).as("at %d", at).isEqualTo(-1);
      }
    }
  }

  @Test
  void growsToTheProfilesMinimumWithHoles() throws Exception {
    Path source = raw("disk.raw", 5 * MIB);
    ConversionResult result =
        run(
            ConversionRequest.of(source, folder.resolve("disk.vhd"))
                .withProfile(Profile.named("alibaba"))
                .with(ConversionOption.VALIDATE, false));
    Path vhd = folder.resolve("disk.vhd");
    assertThat(result.virtualSize()).isEqualTo(40 * GIB);
    assertThat(result.fileSize()).isEqualTo(40 * GIB + 512);
    assertThat(Files.size(vhd)).isEqualTo(40 * GIB + 512);
    assertThat(result.bytesWritten()).isLessThanOrEqualTo(5 * MIB);
    assertSameHead(vhd, source);
  }

  @Test
  void keepRoundsUpOnlyAsFarAsTheTargetDemands() throws Exception {
    Path source = raw("odd.raw", 3 * MIB + 777);
    var keep = new SizeChoice.Keep();
    assertThat(run(request(source, "a.raw").withFormat(TargetFormat.RAW).withSize(keep)).fileSize())
        .isEqualTo(3 * MIB + 777);
    assertThat(run(request(source, "a.vhd").withSize(keep)).virtualSize()).isEqualTo(4 * MIB);
    assertSameHead(folder.resolve("a.vhd"), source);
    assertThat(Files.mismatch(folder.resolve("a.raw"), source)).isEqualTo(-1);
  }

  @Test
  void anExactSizeIsExactOrRefused() throws Exception {
    Path source = raw("disk.raw", 5 * MIB);
    assertThat(run(request(source, "a.vhd").withSize(SizeChoice.parse("7M"))).virtualSize())
        .isEqualTo(7 * MIB);
    assertThatThrownBy(() -> run(request(source, "b.vhd").withSize(SizeChoice.parse("4M"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4194304 bytes (4 MiB) is smaller than the disk, 5242880 bytes");
    assertThatThrownBy(() -> run(request(source, "b.vhd").withSize(SizeChoice.parse("7000000"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7340032");
    assertNothingLeft("b.vhd");
  }

  @Test
  void aDiskAboveTheProfilesMaximumIsRefusedWithExactNumbers() throws Exception {
    var auto = new SizeChoice.Auto();
    var disk = new TestDisk().zeros(500 * GIB + 512, false);
    assertThatThrownBy(() ->
            Sizing.choose(
                disk.describe(), disk.size(), auto, Profile.named("alibaba"), TargetFormat.VHD))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("536870912512")
        .hasMessageContaining("536870912000");
    assertThat(
            Sizing.choose(
                disk.describe(), disk.size(), auto, Profile.named("none"), TargetFormat.VHD))
        .isEqualTo(500 * GIB + MIB);
    assertThat(
            Sizing.choose(
                disk.describe(), disk.size(), auto, Profile.named("gcp"), TargetFormat.RAW))
        .isEqualTo(501 * GIB);
  }

  @Test
  void aSourceWithoutDataCostsNothing() throws Exception {
    Path source = folder.resolve("empty.raw");
    try (var out = new RandomAccessFile(source.toFile(), "rw")) {
      out.setLength(64 * MIB);
    }
    run(request(source, "empty.raw.vhd"));
    assertThat(allocatedBytes(folder.resolve("empty.raw.vhd"))).isLessThan(MIB);
  }

  /** What the file takes of its filesystem, as far as this machine can tell: its extents' sum. */
  private static long allocatedBytes(Path file) throws IOException {
    long size = Files.size(file);
    var holes = HoleFinder.open(file, size);
    if (holes.isEmpty()) {
      return Native.linux() ? size : 0;
    }
    long stored = 0;
    try (HoleFinder finder = holes.get()) {
      for (long at = 0; at < size; ) {
        Run run = finder.runAt(at, size - at);
        stored += run.hole() ? 0 : run.length();
        at += run.length();
      }
    }
    return stored;
  }

  @Test
  void anExistingTargetIsReplacedOnlyWhenAsked() throws Exception {
    Path source = raw("disk.raw", MIB);
    Path target = Files.writeString(folder.resolve("a.vhd"), "precious");
    assertThatThrownBy(() -> run(request(source, "a.vhd")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("precious");
    run(request(source, "a.vhd").with(ConversionOption.REPLACE, true));
    assertThat(target).hasSize(MIB + 512);
  }

  @Test
  void theSourceIsNeverTheTarget() throws Exception {
    Path source = raw("disk.raw", MIB);
    Files.createSymbolicLink(folder.resolve("link.vhd"), source);
    for (String target : new String[] {"disk.raw", "link.vhd"}) {
      assertThatThrownBy(() -> run(request(source, target).with(ConversionOption.REPLACE, true)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("never overwritten");
    }
    assertThat(source).hasSize(MIB);
  }

  @Test
  void aFolderOrAForeignPartialIsNotWritten() throws Exception {
    Path source = raw("disk.raw", MIB);
    Files.createDirectory(folder.resolve("out"));
    assertThatThrownBy(() -> run(request(source, "out").with(ConversionOption.REPLACE, true)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("directory");
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "precious");
    Files.createSymbolicLink(folder.resolve("b.vhd.partial"), elsewhere);
    assertThatThrownBy(() -> run(request(source, "b.vhd")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("symbolic link");
    assertThat(elsewhere).hasContent("precious");
  }

  @Test
  void aLeftOverPartialIsStartedAnew() throws Exception {
    Path source = raw("disk.raw", MIB);
    byte[] rubbish = new byte[(int) (2 * MIB)];
    new Random(1).nextBytes(rubbish);
    Files.write(folder.resolve("a.raw.partial"), rubbish);
    run(request(source, "a.raw").withFormat(TargetFormat.RAW));
    assertThat(Files.mismatch(folder.resolve("a.raw"), source)).isEqualTo(-1);
    assertNothingLeftBesides("a.raw");
  }

  private Target target(String name) throws IOException {
    PartialFile file = PartialFile.open(folder.resolve(name), false);
    return Targets.inFile(
        file, TargetFormat.VHD, OptionalLong.empty(), Stamp.fresh(), Compression.NONE);
  }

  private void assertNothingLeftBesides(String target) {
    assertThat(PartialFile.partialOf(folder.resolve(target))).doesNotExist();
  }

  @Test
  void twoConversionsDoNotWriteOneTarget() throws Exception {
    Path source = raw("disk.raw", MIB);
    try (Target first = target("a.vhd")) {
      assertThatThrownBy(() -> run(request(source, "a.vhd")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("another conversion");
      assertThat(first.finish(MIB)).isEqualTo(MIB + 512);
      first.publish();
    }
    assertThat(folder.resolve("a.vhd")).hasSize(MIB + 512);
  }

  @Test
  void cancellationLeavesNothing() throws Exception {
    Path source = raw("disk.raw", 8 * MIB);
    var cancellation = new Cancellation();
    cancellation.request();
    assertThatThrownBy(() -> new Conversion(request(source, "a.vhd"), p -> {}, cancellation).run())
        .isInstanceOf(CancellationException.class);
    assertNothingLeft("a.vhd");
  }

  @Test
  void aSourceThatShrinksIsRefusedAndLeavesNothing() throws Exception {
    Path source = folder.resolve("disk.raw");
    byte[] bytes = new byte[(int) (32 * MIB)];
    new Random(2).nextBytes(bytes);
    Files.write(source, bytes);
    var cancellation = new Cancellation();
    try (DiskImage image = Formats.open(source, OpenOptions.defaults())) {
      try (Target target = target("a.vhd")) {
        var batches =
            new Batches(
                new ExtentCursor(image, 0, image.size())::next, "disk.raw", target, 0, false);
        truncate(source);
        assertThatThrownBy(() -> new Copier(batches, target, null, cancellation).run(2, d -> {}))
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("while it is read");
      }
    }
    assertNothingLeft("a.vhd");
  }

  private static void truncate(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(MIB);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aListenerThatFailsStopsTheConversion() throws Exception {
    Path source = raw("disk.raw", 8 * MIB);
    var conversion =
        new Conversion(
            request(source, "a.vhd"),
            progress -> {
              if (progress.phase() == Progress.Phase.COPYING) {
                throw new IllegalStateException("full");
              }
            },
            new Cancellation());
    assertThatThrownBy(conversion::run).isInstanceOf(IllegalStateException.class);
    assertNothingLeft("a.vhd");
  }

  @Test
  void progressEndsAtTheWhole() throws Exception {
    Path source = raw("disk.raw", 8 * MIB);
    List<Progress> events = new ArrayList<>();
    ConversionResult result =
        new Conversion(request(source, "a.vhd"), events::add, new Cancellation()).run();
    assertThat(events.getFirst().phase()).isEqualTo(Progress.Phase.PLANNING);
    assertThat(events.getLast())
        .isEqualTo(new Progress(Progress.Phase.DONE, result.bytesWritten(), result.bytesWritten()));
    assertThat(events).extracting(Progress::doneBytes).isSorted();
  }
}
