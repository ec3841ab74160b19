package io.diskwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionOption;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.SizeChoice;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.format.Opened;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images as people hold them: compressed, in archives, in both; each to the disk it was made of.
 */
@Tag("interop")
class WrappedImagesInteropTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path folder;
  private Path disk;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void makeDisk() throws IOException {
    disk = folder.resolve("disk.raw");
    var random = new Random(11);
    byte[] piece = new byte[70_000];
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(12 * MIB);
      for (int at : new int[] {0, MIB - 512, 5 * MIB, 12 * MIB - piece.length}) {
        random.nextBytes(piece);
        Arrays.fill(piece, 20_000, 40_000, (byte) at);
        file.seek(at);
        file.write(piece);
      }
    }
  }

  private void shell(String script) throws Exception {
    Tool.run("bash", "-euc", "cd \"$1\"; " + script, "bash", folder.toString());
  }

  private OpenOptions options() {
    return OpenOptions.defaults().withNotices(notices::add).withSpoolFolder(Optional.of(folder));
  }

  private ConversionRequest request(Path source, OpenOptions options) {
    return ConversionRequest.of(source, folder.resolve("out.raw"))
        .withFormat(TargetFormat.RAW)
        .withSize(new SizeChoice.Keep())
        .withProfile(Profile.named("none"))
        .withOpen(options)
        .with(ConversionOption.REPLACE, true)
        .with(ConversionOption.VALIDATE, false);
  }

  private ConversionResult convert(String name, OpenOptions options) throws IOException {
    return new Conversion(request(folder.resolve(name), options), p -> {}, new Cancellation())
        .run();
  }

  /** By the way a conversion takes, from standard input, and at random places. */
  private ConversionResult assertHoldsTheDisk(String name) throws Exception {
    ConversionResult result = convert(name, options());
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).as(name).isEqualTo(-1);
    try (var input = Files.newInputStream(folder.resolve(name))) {
      new Conversion(request(Path.of("-"), options()).withInput(input), p -> {}, new Cancellation())
          .run();
    }
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).as("stdin " + name).isEqualTo(-1);
    try (DiskImage image = Formats.open(folder.resolve(name), options());
        DiskImage plain = Formats.open(disk, OpenOptions.defaults())) {
      assertThat(
              new io.diskwright.convert.Comparison(image, plain, new Cancellation())
                  .firstDifference())
          .as("at random " + name)
          .isEmpty();
      assertThat(image.size()).isEqualTo(plain.size());
      assertThat(image.info().wrappers()).isEqualTo(result.sourceInfo().wrappers());
    }
    Files.delete(folder.resolve("out.raw"));
    assertNoSpoolIsLeft();
    return result;
  }

  private void assertNoSpoolIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.startsWith("diskwright") || name.contains(".partial"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gz, gzip -k, false",
    "xz, xz -k, false",
    "xz, xz -k --block-size=64KiB, true",
    "zst, zstd -q, false",
    "bz2, bzip2 -k, false",
    "lz4, lz4 -q -k -m, false",
  })
  void compressed(String suffix, String tool, boolean atRandom) throws Exception {
    shell("qemu-img convert -O vpc -o subformat=fixed,force_size=on disk.raw disk.vhd");
    shell("qemu-img convert -O qcow2 disk.raw disk.qcow2");
    shell("qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw disk.vmdk");
    for (String image : List.of("disk.raw", "disk.vhd", "disk.qcow2", "disk.vmdk")) {
      shell(tool + " " + image);
    }
    String label = suffix.equals("gz") ? "gzip" : suffix.equals("bz2") ? "bzip2" : suffix;
    label = label.equals("zst") ? "zstd" : label;
    for (String image : List.of("disk.raw", "disk.vhd", "disk.qcow2", "disk.vmdk")) {
      ConversionResult result = assertHoldsTheDisk(image + "." + suffix);
      assertThat(result.sourceInfo().wrappers()).containsExactly(label);
    }
    // A file is unpacked only for what is read at many places, and not where the wrapper allows it.
    notices.clear();
    convert("disk.raw." + suffix, options());
    convert("disk.vhd." + suffix, options());
    convert("disk.vmdk." + suffix, options());
    assertThat(notices).isEmpty();
    convert("disk.qcow2." + suffix, options());
    assertThat(notices).hasSize(atRandom ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tar cf x disk.raw",
        "tar cSf x disk.raw",
        "tar czf x disk.raw",
        "tar cJf x disk.raw",
        "tar --format=ustar -cf x disk.raw",
        "mkdir d; cp disk.raw d/disk.img; echo hello > d/README; tar cf x d",
        "qemu-img convert -O qcow2 disk.raw disk.qcow2; tar czf x disk.qcow2",
        "qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw d.vmdk; tar cf - d.vmdk"
            + " | gzip > x",
        "zip -q x.zip disk.raw; mv x.zip x",
        "zip -q -0 x.zip disk.raw; mv x.zip x",
        "qemu-img convert -O qcow2 disk.raw disk.qcow2; zip -q x.zip disk.qcow2; mv x.zip x",
        "gzip -k disk.raw; tar cf x disk.raw.gz",
        "tar cf y disk.raw; xz -T1 --block-size=1MiB -c y > x",
      })
  void inArchives(String script) throws Exception {
    shell(script);
    ConversionResult result = assertHoldsTheDisk("x");
    assertThat(result.sourceInfo().wrappers()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip -q -r x.zip vm", "zip -q -0 -r x.zip vm", "tar cf x.tar vm"})
  void aSplitVmdkWithItsExtents(String script) throws Exception {
    shell(
        "mkdir vm; qemu-img convert -O vmdk -o subformat=twoGbMaxExtentSparse disk.raw vm/d.vmdk;"
            + script);
    String archive = script.contains("zip") ? "x.zip" : "x.tar";
    ConversionResult result = convert(archive, options());
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).isEqualTo(-1);
    assertThat(result.sourceInfo().externalFiles())
        .singleElement()
        .satisfies(f -> assertThat(f.path().toString()).contains(archive));
    assertNoSpoolIsLeft();
  }

  @Test
  void nothingOutsideAnArchiveIsNamedFromWithin() throws Exception {
    shell(
        "qemu-img create -q -f qcow2 -b disk.raw -F raw top.qcow2; tar cf x.tar top.qcow2;"
            + " zip -q x.zip top.qcow2");
    for (String archive : List.of("x.tar", "x.zip")) {
      assertThatThrownBy(() -> convert(archive, options()))
          .isInstanceOf(UnsafeReference.class)
          .hasMessageContaining("disk.raw");
    }
    shell("tar cf y.tar top.qcow2 disk.raw");
    convert("y.tar", options().withDisk(OptionalInt.of(1)));
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).isEqualTo(-1);
  }

  @Test
  void aBackingFileBesideACompressedImage() throws Exception {
    shell("qemu-img create -q -f qcow2 -b disk.raw -F raw top.qcow2; gzip top.qcow2");
    convert("top.qcow2.gz", options());
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).isEqualTo(-1);
  }

  private static final String OVF =
      """
      cat > vm.ovf <<'X'
      <?xml version="1.0"?>
      <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
          xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
        <References>FILES</References>
        <DiskSection><Info>disks</Info>DISKS</DiskSection>
      </Envelope>
      X
      """;

  private static String ovf(String files, String disks) {
    return OVF.replace("FILES", files).replace("DISKS", disks);
  }

  private static final String ONE_FILE = "<File ovf:id='f1' ovf:href='d.vmdk'/>";
  private static final String ONE_DISK =
      "<Disk ovf:diskId='d1' ovf:fileRef='f1' ovf:capacity='12'"
          + " ovf:capacityAllocationUnits='byte * 2^20'/>";

  private static Stream<String> ovas() {
    String vmdk = "qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw d.vmdk\n";
    String sparse = "qemu-img convert -O vmdk -o subformat=monolithicSparse disk.raw d.vmdk\n";
    String manifest =
        "for f in vm.ovf d.vmdk; do echo \"SHA256($f)= $(sha256sum < $f | cut -d' ' -f1)\";"
            + " done > vm.mf\n";
    return Stream.of(
        vmdk + ovf(ONE_FILE, ONE_DISK) + "tar cf x.ova vm.ovf d.vmdk",
        vmdk + ovf(ONE_FILE, ONE_DISK) + manifest + "tar cf x.ova vm.ovf vm.mf d.vmdk",
        vmdk + ovf(ONE_FILE, ONE_DISK) + manifest + "tar cf x.ova vm.ovf d.vmdk vm.mf",
        sparse + ovf(ONE_FILE, ONE_DISK) + manifest + "tar cf x.ova vm.ovf vm.mf d.vmdk",
        vmdk
            + "gzip -k d.vmdk\n"
            + ovf("<File ovf:id='f1' ovf:href='d.vmdk.gz' ovf:compression='gzip'/>", ONE_DISK)
            + "tar cf x.ova vm.ovf d.vmdk.gz",
        vmdk
            + "split -b 65536 -d -a 9 d.vmdk d.vmdk.\n"
            + ovf("<File ovf:id='f1' ovf:href='d.vmdk' ovf:chunkSize='65536'/>", ONE_DISK)
            + "tar cf x.ova vm.ovf d.vmdk.0*",
        vmdk + ovf(ONE_FILE, ONE_DISK) + "tar cf - vm.ovf d.vmdk | gzip > x.ova");
  }

  @ParameterizedTest
  @MethodSource("ovas")
  void openVirtualAppliances(String script) throws Exception {
    shell(script);
    assertHoldsTheDisk("x.ova");
  }

  @ParameterizedTest
  @ValueSource(strings = {"streamOptimized", "monolithicSparse"})
  void aManifestIsVerifiedBeforeTheOutputGetsItsName(String subformat) throws Exception {
    shell(
        "qemu-img convert -O vmdk -o subformat="
            + subformat
            + " disk.raw d.vmdk\n"
            + ovf(ONE_FILE, ONE_DISK)
            + "echo \"SHA256(d.vmdk)= $(echo other | sha256sum | cut -d' ' -f1)\" > vm.mf\n"
            + "tar cf x.ova vm.ovf vm.mf d.vmdk");
    assertThatThrownBy(() -> convert("x.ova", options()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("SHA-256")
        .hasMessageContaining("d.vmdk");
    assertThat(folder.resolve("out.raw")).doesNotExist();
    assertNoSpoolIsLeft();
  }

  @Test
  void aStreamInAnOvaIsReadOnce() throws Exception {
    shell(
        "qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw d.vmdk\n"
            + ovf(ONE_FILE, ONE_DISK)
            + "echo \"SHA1(d.vmdk)= $(sha1sum < d.vmdk | cut -d' ' -f1)\" > vm.mf\n"
            + "tar cf x.ova vm.ovf d.vmdk vm.mf");
    try (Opened opened = Formats.openForOnePass(folder.resolve("x.ova"), options())) {
      assertThat(opened).isInstanceOf(Opened.Once.class);
    }
  }

  @Test
  void oneOfSeveralDisks() throws Exception {
    shell(
        "qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw d.vmdk\n"
            + "qemu-img create -q -f raw e.raw 3M\n"
            + "qemu-img convert -O vmdk -o subformat=streamOptimized e.raw e.vmdk\n"
            + ovf(
                ONE_FILE + "<File ovf:id='f2' ovf:href='e.vmdk'/>",
                ONE_DISK + "<Disk ovf:diskId='d2' ovf:fileRef='f2' ovf:capacity='3145728'/>")
            + "tar cf x.ova vm.ovf d.vmdk e.vmdk");
    assertThatThrownBy(() -> convert("x.ova", options()))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("1: ")
        .hasMessageContaining("2: ")
        .hasMessageContaining("--disk");
    convert("x.ova", options().withDisk(OptionalInt.of(1)));
    assertThat(Files.mismatch(folder.resolve("out.raw"), disk)).isEqualTo(-1);
    assertThat(convert("x.ova", options().withDisk(OptionalInt.of(2))).virtualSize())
        .isEqualTo(3 * MIB);
  }

  @Test
  void aCapacityThatContradictsTheDiskIsRefused() throws Exception {
    shell(
        "qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw d.vmdk\n"
            + ovf(ONE_FILE, ONE_DISK.replace("'12'", "'13'"))
            + "tar cf x.ova vm.ovf d.vmdk");
    assertThatThrownBy(() -> convert("x.ova", options()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("the capacity in the OVF");
    assertThatThrownBy(() -> Formats.open(folder.resolve("x.ova"), options()).close())
        .isInstanceOf(CorruptImage.class);
  }

  @Test
  void aFileThatHoldsItselfEnds() throws Exception {
    shell("cp disk.raw a; for i in 1 2 3 4 5 6 7 8; do gzip -c a > b; mv b a; done");
    assertThatThrownBy(() -> convert("a", options()))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("wrappers");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void whatIsCutOffIsRefused(int fewer) throws Exception {
    shell("qemu-img convert -O qcow2 disk.raw disk.qcow2; gzip -k disk.raw disk.qcow2");
    for (String name : List.of("disk.raw.gz", "disk.qcow2.gz")) {
      Path file = folder.resolve(name);
      try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
        channel.truncate(Files.size(file) - fewer);
      }
      assertThatThrownBy(() -> convert(name, options())).isInstanceOf(CorruptImage.class);
      assertThat(folder.resolve("out.raw")).doesNotExist();
      assertNoSpoolIsLeft();
    }
  }
}
