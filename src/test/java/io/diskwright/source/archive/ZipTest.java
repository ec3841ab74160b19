package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.archive.Archives.Way;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ZipTest {

  private static final byte[] DISK = text(200_000);
  private static final Consumer<TestZip.Fields> AS_IT_IS = f -> {};

  /** Something that can be packed. */
  private static byte[] text(int size) {
    byte[] bytes = disk(size);
    for (int i = 0; i < size; i++) {
      bytes[i] &= 3;
    }
    return bytes;
  }

  private static void refused(
      Way way, byte[] zip, Class<? extends ImageException> kind, String... words) {
    assertThatThrownBy(() -> way.read(zip)).isInstanceOf(kind).satisfies(Archives.says(words));
  }

  private static void isRead(byte[] zip) throws IOException {
    for (Way way : Way.values()) {
      assertThat(way.read(zip)).isEqualTo(DISK);
    }
  }

  @Test
  void storedDisksAreReadAtRandomAndChecked() throws Exception {
    byte[] zip = new TestZip().stored("t", DISK).stored("d/a.raw", DISK).end();
    isRead(zip);
    try (Content content = Way.RANDOM.open(zip, Archives.TAR, OpenOptions.defaults())) {
      assertThat(content.bytes()).isInstanceOf(Content.Whole.class);
      assertThat(content.wrapping().layers()).containsExactly("zip");
      assertThat(content.path()).isEqualTo(Archives.TAR.resolve("a.raw"));
    }
    zip[zip.length - 200]++;
    for (Way way : Way.values()) {
      refused(way, zip, CorruptImage.class, "CRC-32");
    }
  }

  @Test
  void packedDisksPassAndAreChecked() throws Exception {
    byte[] zip = new TestZip().deflated("a.raw", DISK).deflated("t", DISK).end("a comment");
    isRead(zip);
    try (Content content = Way.RANDOM.open(zip, Archives.TAR, OpenOptions.defaults())) {
      assertThat(content.bytes()).isInstanceOf(Content.Passing.class);
    }
    for (int at : new int[] {40, 2000, 20_000}) {
      byte[] damaged = zip.clone();
      damaged[at] ^= 0x10;
      for (Way way : Way.values()) {
        refused(way, damaged, CorruptImage.class);
      }
    }
  }

  @Test
  void everyMethodIsUnpacked() throws Exception {
    var bzip2 = new ByteArrayOutputStream();
    try (var out = new BZip2CompressorOutputStream(bzip2)) {
      out.write(DISK);
    }
    var xz = new ByteArrayOutputStream();
    try (var out = new XZOutputStream(xz, new LZMA2Options(1))) {
      out.write(DISK);
    }
    method(12, bzip2.toByteArray());
    method(95, xz.toByteArray());
    method(93, Zstd.compress(DISK));
    for (Way way : Way.values()) {
      byte[] lzma =
          new TestZip().add("a.raw", 14, DISK, DISK, AS_IT_IS, AS_IT_IS, new byte[0]).end();
      refused(way, lzma, UnsupportedFeature.class, "compression method at offset 0x8: found 14");
    }
  }

  private static void method(int method, byte[] packed) throws IOException {
    isRead(new TestZip().add("a.raw", method, DISK, packed, AS_IT_IS, AS_IT_IS, new byte[0]).end());
    byte[] damaged = packed.clone();
    damaged[packed.length / 2] ^= 0x55;
    byte[] longer = Arrays.copyOf(packed, packed.length + 10);
    byte[] shorter = Arrays.copyOf(packed, packed.length - 10);
    for (byte[] bad : List.of(damaged, longer, shorter)) {
      byte[] zip =
          new TestZip().add("a.raw", method, DISK, bad, AS_IT_IS, AS_IT_IS, new byte[0]).end();
      for (Way way : Way.values()) {
        refused(way, zip, CorruptImage.class, "'a.raw'");
      }
    }
  }

  @Test
  void sizesMayFollowPackedData() throws Exception {
    for (int numbers : new int[] {4, 8}) {
      for (boolean signature : new boolean[] {true, false}) {
        isRead(
            new TestZip()
                .streamed("t", DISK, numbers, signature)
                .streamed("a.raw", DISK, numbers, signature)
                .streamed("u", DISK, numbers, signature)
                .end());
      }
    }
    byte[] stored =
        new TestZip()
            .add("a.raw", 0, DISK, DISK, f -> f.flags |= 8, f -> f.flags |= 8, new byte[0])
            .end();
    assertThat(Way.RANDOM.read(stored)).isEqualTo(DISK);
    refused(
        Way.FORWARD, stored, UnsupportedFeature.class, "length only behind", "Save the archive");
  }

  @Test
  void sizesThatFollowMustBeThoseOfTheCentralDirectory() {
    byte[] packed = TestZip.deflate(DISK);
    byte[] descriptor =
        TestZip.le(12)
            .putInt((int) TestZip.crc(DISK))
            .putInt(packed.length)
            .putInt(DISK.length)
            .array();
    Consumer<TestZip.Fields> follow = f -> f.flags |= 8;
    List<Consumer<TestZip.Fields>> lies = List.of(f -> f.crc++, f -> f.size++, f -> f.packed--);
    for (Consumer<TestZip.Fields> lie : lies) {
      byte[] zip =
          new TestZip()
              .add("a.raw", 8, DISK, packed, follow, follow.andThen(lie), descriptor)
              .end();
      for (Way way : Way.values()) {
        refused(way, zip, CorruptImage.class);
      }
    }
    descriptor[0]++;
    byte[] zip = new TestZip().add("a.raw", 8, DISK, packed, follow, follow, descriptor).end();
    refused(Way.FORWARD, zip, CorruptImage.class, "zip data descriptor");
  }

  @Test
  void whatTheJdkWritesIsRead() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.setComment("PK\5\6 is what an end starts with");
      zip.putNextEntry(new ZipEntry("folder/"));
      zip.putNextEntry(new ZipEntry("folder/läse mich"));
      zip.write(1);
      zip.putNextEntry(new ZipEntry("folder/disk.img"));
      zip.write(DISK);
    }
    isRead(bytes.toByteArray());
  }

  @Test
  void anEmptyArchiveHasNoDisk() {
    for (Way way : Way.values()) {
      refused(way, new TestZip().end(), CorruptImage.class, "no disk among nothing");
    }
  }

  @Test
  void encryptedMembersAreRefusedOnlyWhenTheyAreTheDisk() throws Exception {
    Consumer<TestZip.Fields> encrypted = f -> f.flags |= 1;
    byte[] zip =
        new TestZip()
            .add("a.raw", 8, DISK, TestZip.deflate(DISK), encrypted, encrypted, new byte[0])
            .end();
    for (Way way : Way.values()) {
      refused(way, zip, UnsupportedFeature.class, "'a.raw', which is encrypted");
    }
    isRead(
        new TestZip()
            .add("t", 8, DISK, TestZip.deflate(DISK), encrypted, encrypted, new byte[0])
            .deflated("a.raw", DISK)
            .end());
  }

  @Test
  void linksAndFoldersAreNoDisks() {
    byte[] link =
        new TestZip()
            .add("a.raw", 0, DISK, DISK, AS_IT_IS, f -> f.attributes = 0xA1FFL << 16, new byte[0])
            .end();
    refused(Way.RANDOM, link, CorruptImage.class, "'a.raw' (symbolic link)");
    refused(Way.FORWARD, link, CorruptImage.class, "'a.raw' (symbolic link)");
  }

  @Test
  void headersThatContradictEachOtherAreRefused() {
    List<Consumer<TestZip.Fields>> lies =
        List.of(
            f -> f.crc++,
            f -> f.size++,
            f -> f.size--,
            f -> f.packed--,
            f -> f.method = 8,
            f -> f.name = "b.raw",
            f -> f.flags |= 1,
            f -> f.offset += 1);
    for (Consumer<TestZip.Fields> lie : lies) {
      byte[] central =
          new TestZip()
              .add("a.raw", 0, DISK, DISK, AS_IT_IS, lie, new byte[0])
              .stored("t", DISK)
              .end();
      byte[] local =
          new TestZip()
              .add("a.raw", 0, DISK, DISK, lie, AS_IT_IS, new byte[0])
              .stored("t", DISK)
              .end();
      byte[] both =
          new TestZip().add("a.raw", 0, DISK, DISK, lie, lie, new byte[0]).stored("t", DISK).end();
      for (Way way : Way.values()) {
        refused(way, central, ImageException.class);
        if (lies.indexOf(lie) < 7) {
          refused(way, local, ImageException.class);
        }
        if (lies.indexOf(lie) < 5) {
          refused(way, both, ImageException.class);
        }
      }
    }
  }

  @Test
  void membersThatOverlapAreRefused() {
    byte[] shared =
        new TestZip()
            .stored("a.raw", DISK)
            .add("b", 0, DISK, new byte[0], AS_IT_IS, f -> f.offset = 0, new byte[0])
            .end();
    refused(Way.RANDOM, shared, CorruptImage.class, "overlap");
    byte[] inside =
        new TestZip()
            .stored("a.raw", DISK)
            .add("b", 0, DISK, new byte[0], AS_IT_IS, f -> f.offset = 100, new byte[0])
            .end();
    refused(Way.RANDOM, inside, CorruptImage.class, "overlap");
    byte[] directory =
        new TestZip()
            .add("a.raw", 0, DISK, DISK, AS_IT_IS, f -> f.packed += 100, new byte[0])
            .end();
    refused(Way.RANDOM, directory, CorruptImage.class, "reach into the central directory");
    byte[] bomb =
        new TestZip()
            .add(
                "a.raw",
                8,
                DISK,
                TestZip.deflate(DISK),
                f -> f.size = 10,
                f -> f.size = 10,
                new byte[0])
            .end();
    for (Way way : Way.values()) {
      refused(way, shared, CorruptImage.class);
      refused(way, bomb, CorruptImage.class, "more than 10");
    }
  }

  @Test
  void theEndMustFitTheArchive() {
    for (Way way : Way.values()) {
      byte[] good = new TestZip().stored("a.raw", DISK).end();
      refused(way, Arrays.copyOf(good, good.length - 1), CorruptImage.class);
      refused(way, Arrays.copyOf(good, good.length - 60), CorruptImage.class);
      refused(way, Arrays.copyOf(good, 1000), CorruptImage.class);
      refused(way, Arrays.copyOf(good, good.length + 1), CorruptImage.class);
      refused(
          way,
          new TestZip().stored("a.raw", DISK).end("", 2, 2, 51, DISK.length + 35),
          CorruptImage.class);
    }
    refused(
        Way.RANDOM,
        new TestZip().stored("a.raw", DISK).end("", 1, 2, 51, DISK.length + 35),
        UnsupportedFeature.class,
        "several pieces");
    refused(
        Way.RANDOM,
        new TestZip().stored("a.raw", DISK).end("", 1, 1, 51, 7),
        CorruptImage.class,
        "offset of the central directory");
    // Two ends that both fit: which one counts depends on who reads it.
    byte[] two = new TestZip().stored("a.raw", DISK).end("PK\5\6" + "\0".repeat(18));
    refused(Way.RANDOM, two, CorruptImage.class, "another one in its comment");
  }

  @Test
  void aMemberThatTheCentralDirectoryDoesNotHaveIsRefused() {
    // Read once, a member that the central directory does not have must not be the disk.
    byte[] zip =
        new TestZip()
            .add("a.raw", 0, DISK, DISK, AS_IT_IS, f -> f.name = "x.raw", new byte[0])
            .end();
    refused(Way.FORWARD, zip, CorruptImage.class, "as in the central directory");
  }

  @Test
  void aMemberThatTheCentralDirectoryHidesIsNotPassedOver() throws Exception {
    byte[] hidden = Arrays.copyOf(new TestZip().stored("b.raw", disk(9)).end(), 30 + 5 + 9);
    int directory = 30 + 5 + DISK.length + hidden.length;
    for (int entries : new int[] {1, 2}) {
      byte[] zip =
          new TestZip()
              .add("a.raw", 0, DISK, DISK, AS_IT_IS, AS_IT_IS, hidden)
              .end("", entries, entries, 51, directory);
      refused(Way.FORWARD, zip, CorruptImage.class, "as many as there are");
      if (entries == 1) {
        assertThat(Way.RANDOM.read(zip)).isEqualTo(DISK); // nobody who lists it sees another
      } else {
        refused(Way.RANDOM, zip, CorruptImage.class);
      }
    }
  }

  @Test
  void namesThatLeadElsewhereAreRefused() {
    for (Way way : Way.values()) {
      for (String name : new String[] {"../a.raw", "/a.raw", "..\\a.raw", "x/../../a.raw"}) {
        refused(way, new TestZip().stored(name, DISK).end(), UnsafeReference.class, "member name");
      }
    }
  }

  @Test
  void packedNeighboursAreSpooled(@TempDir Path folder) throws Exception {
    byte[] zip = new TestZip().stored("a.raw", DISK).deflated("b", DISK).stored("c", DISK).end();
    var options = OpenOptions.defaults().withSpoolFolder(Optional.of(folder));
    try (Content content = Way.RANDOM.open(zip, Archives.TAR, options)) {
      for (String name : new String[] {"b", "c"}) {
        try (var source = content.surroundings().open(content.path(), "x", name, 0).source()) {
          assertThat(Archives.all(source)).isEqualTo(DISK);
          assertThat(source.describe()).isEqualTo("a[" + name + "]");
        }
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anOvfInAZipIsHeeded(Way way) throws Exception {
    byte[] zip =
        new TestZip()
            .deflated("vm/vm.ovf", TestOvf.of("disk.vmdk").getBytes(StandardCharsets.UTF_8))
            .streamed(
                "vm/vm.mf",
                TestOvf.line("SHA256", "disk.vmdk", DISK).getBytes(StandardCharsets.UTF_8),
                4,
                true)
            .streamed("vm/other.vmdk", DISK, 4, true)
            .deflated("vm/disk.vmdk", DISK)
            .end();
    assertThat(way.read(zip)).isEqualTo(DISK);
    byte[] wrong =
        new TestZip()
            .deflated("vm/vm.ovf", TestOvf.of("disk.vmdk").getBytes(StandardCharsets.UTF_8))
            .deflated(
                "vm/vm.mf",
                TestOvf.line("SHA256", "disk.vmdk", disk(1)).getBytes(StandardCharsets.UTF_8))
            .deflated("vm/disk.vmdk", DISK)
            .end();
    refused(way, wrong, CorruptImage.class, "SHA-256");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void oneOfSeveralIsChosen(Way way) throws Exception {
    byte[] zip =
        new TestZip().streamed("a.vmdk", text(7), 4, true).streamed("b.vmdk", DISK, 4, true).end();
    refused(way, zip, AmbiguousImage.class, "1: 'a.vmdk' (7 bytes)", "2: 'b.vmdk'");
    assertThat(way.read(zip, Archives.TAR, OpenOptions.defaults().withDisk(OptionalInt.of(2))))
        .isEqualTo(DISK);
  }

  @Test
  void aFailureOfTheSourceIsNotTheArchives() {
    byte[] zip =
        new TestZip()
            .add(
                "a.raw",
                12,
                DISK,
                new byte[] {'B', 'Z', 'h', '9'},
                f -> f.packed = 999_999,
                AS_IT_IS,
                new byte[0])
            .end();
    var failing =
        new SequenceInputStream(
            new ByteArrayInputStream(zip, 0, 36),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("cable pulled");
              }
            });
    assertThatThrownBy(() ->
            Archives.all(
                ArchiveFormat.ZIP.openForward(
                    new ForwardSource("a", failing), Archives.TAR, OpenOptions.defaults())))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("cable pulled");
  }
}
