package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.archive.Archives.Way;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

  private static final Path OVA = Path.of("vm.ova");
  private static final byte[] DISK = disk(3_000_000);
  private static final String OVF = TestOvf.of("disk.vmdk");

  private static byte[] before(String manifest) {
    return new TestTar().file("vm.ovf", OVF).file("vm.mf", manifest).file("disk.vmdk", DISK).end();
  }

  private static byte[] behind(String manifest) {
    return new TestTar().file("vm.ovf", OVF).file("disk.vmdk", DISK).file("vm.mf", manifest).end();
  }

  private static void isRead(String manifest) throws Exception {
    for (Way way : Way.values()) {
      for (byte[] ova : List.of(before(manifest), behind(manifest))) {
        assertThat(way.read(ova, OVA, OpenOptions.defaults())).isEqualTo(DISK);
      }
    }
  }

  private static void isRefused(
      String manifest, Class<? extends ImageException> kind, String... words) {
    for (Way way : Way.values()) {
      for (byte[] ova : List.of(before(manifest), behind(manifest))) {
        assertThatThrownBy(() -> way.read(ova, OVA, OpenOptions.defaults()))
            .isInstanceOf(kind)
            .satisfies(Archives.says(words));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1", "SHA256", "SHA512"})
  void rightDigestsAreRightInEveryOrder(String digest) throws Exception {
    isRead(TestOvf.line(digest, "vm.ovf", OVF) + TestOvf.line(digest, "disk.vmdk", DISK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1", "SHA256", "SHA512"})
  void wrongDigestsAreRefusedWithBoth(String digest) throws Exception {
    String disk = TestOvf.line(digest, "disk.vmdk", DISK);
    String other = TestOvf.line(digest, "disk.vmdk", disk(5));
    isRefused(
        other,
        CorruptImage.class,
        "a[disk.vmdk]",
        disk.substring(disk.length() - 20).strip(),
        other.substring(other.length() - 20).strip(),
        "'vm.mf'");
    isRefused(
        disk + TestOvf.line(digest, "vm.ovf", OVF + " "),
        CorruptImage.class,
        "a[vm.ovf]",
        "'vm.mf'");
  }

  @Test
  void everySpellingIsRead() throws Exception {
    String line = TestOvf.line("SHA256", "disk.vmdk", DISK);
    isRead(line.replace("(", " ("));
    isRead(line.replace(")= ", ")="));
    isRead(line.replace(")= ", ") = "));
    isRead("\r\n" + line.strip() + "\r\n\r\n");
    isRead(line.strip());
    isRead(
        line.substring(0, 7)
            + line.substring(7).toUpperCase(Locale.ROOT).replace("DISK.VMDK", "disk.vmdk"));
    isRead("");
  }

  @Test
  void whatIsNotUnderstoodIsRefused() throws Exception {
    String line = TestOvf.line("SHA256", "disk.vmdk", DISK);
    isRefused(line + "garbage\n", CorruptImage.class, "manifest line 2", "'garbage'");
    isRefused("\u0000\u0001", CorruptImage.class, "manifest line 1");
    isRefused(line.replace("SHA256", "MD5"), UnsupportedFeature.class, "'MD5'");
    isRefused(line.replace("SHA256", "SHA1"), CorruptImage.class, "64 hexadecimal digits");
    isRefused(line + line, CorruptImage.class, "again");
    isRefused(
        line.replace("disk.vmdk", "other.vmdk"),
        CorruptImage.class,
        "'other.vmdk', which is not in the archive");
  }

  @Test
  void theManifestIsTheOneNamedLikeTheDescriptorOrTheOnlyOne() throws Exception {
    String good = TestOvf.line("SHA256", "disk.vmdk", DISK);
    String bad = TestOvf.line("SHA256", "disk.vmdk", disk(3));
    for (Way way : Way.values()) {
      byte[] named = with("vm.mf", good, "other.mf", bad, "x/vm.mf", bad);
      assertThat(way.read(named, OVA, OpenOptions.defaults())).isEqualTo(DISK);
      byte[] only = with("other.mf", bad, "x/vm.mf", good, "y", "y");
      assertThatThrownBy(() -> way.read(only, OVA, OpenOptions.defaults()))
          .isInstanceOf(CorruptImage.class)
          .hasMessageContaining("'other.mf'");
      byte[] two = with("a.mf", good, "b.mf", good, "y", "y");
      assertThatThrownBy(() -> way.read(two, OVA, OpenOptions.defaults()))
          .isInstanceOf(AmbiguousImage.class)
          .hasMessageContaining("'a.mf', 'b.mf'");
    }
  }

  private static byte[] with(String... files) {
    var tar = new TestTar().file("vm.ovf", OVF).file(files[0], files[1]).file("disk.vmdk", DISK);
    return tar.file(files[2], files[3]).file(files[4], files[5]).end();
  }

  @Test
  void otherFilesThatPassAreVerifiedToo() throws Exception {
    String manifest = TestOvf.line("SHA256", "vm.nvram", "right");
    byte[] ova =
        new TestTar()
            .file("vm.ovf", OVF)
            .file("disk.vmdk", DISK)
            .file("vm.nvram", "wrong")
            .file("vm.mf", manifest)
            .end();
    assertThatThrownBy(() -> Way.FORWARD.read(ova, OVA, OpenOptions.defaults()))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("a[vm.nvram]");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theDiskIsVerifiedNoLaterThanItsEnd(Way way) throws Exception {
    byte[] ova = behind(TestOvf.line("SHA256", "disk.vmdk", disk(3)));
    try (Content content = way.open(ova, OVA, OpenOptions.defaults())) {
      switch (content.bytes()) {
        case Content.Whole whole -> {
          assertThat(Archives.all(whole.source())).isEqualTo(DISK);
          content.wrapping().check().run(() -> true); // cancelled: nothing was found
          assertThatThrownBy(() -> content.wrapping().check().run(() -> false))
              .isInstanceOf(CorruptImage.class);
        }
        case Content.Passing passing ->
            assertThatThrownBy(() -> Archives.all(passing.source()))
                .isInstanceOf(CorruptImage.class);
      }
    }
  }
}
