package io.diskwright.format.parallels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

  private static final String GUID = "{5fbaabe3-6958-40ff-92a7-860e329aab41}";
  private static final String OTHER = "{18162a18-c23a-4f90-8a9d-b7c93a4ef2a6}";
  private static final String NIL = "{00000000-0000-0000-0000-000000000000}";
  private static final String NAME = "disk.hdd.0." + GUID + ".hds";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void image() throws IOException {
    file = TestParallels.extended().write(folder.resolve(NAME));
  }

  private static String image(String guid, String name) {
    return "<Image><GUID>"
        + guid
        + "</GUID><Type>Compressed</Type><File>"
        + name
        + "</File></Image>";
  }

  private static String storage(String images) {
    return "<Storage><Start>0</Start><End>65</End><Blocksize>7</Blocksize>" + images + "</Storage>";
  }

  private static String shot(String guid, String parent) {
    return "<Shot><GUID>" + guid + "</GUID><ParentGUID>" + parent + "</ParentGUID></Shot>";
  }

  private void descriptor(String padding, String engine, String storages, String shots)
      throws IOException {
    write(
        "<?xml version='1.0' encoding='UTF-8'?>\n<Parallels_disk_image Version=\"1.0\">\n"
            + "<Disk_Parameters><Disk_size>65</Disk_size><Padding> "
            + padding
            + " </Padding><Encryption><Engine>"
            + engine
            + "</Engine><Data/></Encryption></Disk_Parameters>\n<StorageData>\n"
            + storages
            + "</StorageData>\n<Snapshots>\n"
            + shots
            + "</Snapshots></Parallels_disk_image>\n");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("DiskDescriptor.xml"), text);
  }

  private void assertReads() throws IOException {
    try (DiskImage image = TestParallels.open(file)) {
      assertThat(TestParallels.content(image))
          .isEqualTo(ByteBuffer.wrap(TestParallels.extended().disk));
      assertThat(image.info().externalFiles()).isEmpty();
    }
  }

  private void assertRefuses(Class<?> type, String message) {
    assertThatThrownBy(() -> TestParallels.open(file))
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {NAME, "/Users/me/disk.hdd/" + NAME})
  void readsTheOnlyImageOfABundle(String listed) throws IOException {
    descriptor("0", NIL, storage(image(GUID, listed)), shot(GUID, NIL));
    assertReads();
  }

  @Test
  void refusesAnImageThatIsOneOfSeveral() throws IOException {
    descriptor(
        "0",
        NIL,
        storage(image(OTHER, "disk.hdd.0." + OTHER + ".hds") + image(GUID, NAME)),
        shot(OTHER, NIL) + shot(GUID, OTHER));
    assertRefuses(
        UnsupportedFeature.class,
        folder.toAbsolutePath()
            + "/DiskDescriptor.xml: disk descriptor StorageData: found 2 images");
    assertRefuses(UnsupportedFeature.class, "prl_disk_tool merge");
  }

  @Test
  void refusesADiskOfSeveralPieces() throws IOException {
    descriptor(
        "0", NIL, storage(image(GUID, NAME)) + storage(image(GUID, "b.hds")), shot(GUID, NIL));
    assertRefuses(UnsupportedFeature.class, "2 images in 2 storages");
  }

  @Test
  void refusesASnapshotWhoseImageIsNotListed() throws IOException {
    descriptor("0", NIL, storage(image(GUID, NAME)), shot(OTHER, NIL) + shot(GUID, OTHER));
    assertRefuses(UnsupportedFeature.class, "for 2 snapshots");
  }

  @Test
  void refusesAnEncryptedDisk() throws IOException {
    descriptor("0", OTHER, storage(image(GUID, NAME)), shot(GUID, NIL));
    assertRefuses(UnsupportedFeature.class, "disk descriptor Encryption: found engine " + OTHER);
  }

  @Test
  void refusesPadding() throws IOException {
    descriptor("1", NIL, storage(image(GUID, NAME)), shot(GUID, NIL));
    assertRefuses(UnsupportedFeature.class, "disk descriptor Padding: found '1'");
  }

  @Test
  void refusesAnImageOfABundleAlone() {
    assertRefuses(UnsafeReference.class, NAME + ": disk descriptor: found 'DiskDescriptor.xml'");
    assertRefuses(UnsafeReference.class, "rename the image if you know that it is the whole disk");
  }

  @Test
  void refusesAnImageThatTheDescriptorDoesNotSpeakOf() throws IOException {
    descriptor("0", NIL, storage(image(OTHER, "other.hds")), shot(OTHER, NIL));
    assertRefuses(UnsafeReference.class, "which does not speak of it");
  }

  @Test
  void refusesAnImageOfABundleWhenNothingMayBeLookedAt() throws IOException {
    descriptor("0", NIL, storage(image(GUID, NAME)), shot(GUID, NIL));
    assertThatThrownBy(() -> Formats.open(file, Optional.empty(), ReferencePolicy.deny()))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("none, since --external deny");
  }

  @Test
  void anImageOfItsOwnNeedsNoDescriptor() throws IOException {
    file = Files.move(file, folder.resolve("disk.hdd"));
    assertReads();
    descriptor("0", NIL, storage(image(OTHER, "a.hds") + image(GUID, "b.hds")), shot(GUID, NIL));
    assertReads();
    try (DiskImage image = Formats.open(file, Optional.empty(), ReferencePolicy.deny())) {
      assertThat(image.size()).isEqualTo(TestParallels.DISK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no xml",
        "<Parallels_disk_image>",
        "<?xml version='1.0' encoding='unknown'?><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;&x;&x;&x;'>]><a>&z;</a>",
        "<a></b>",
        "\u0000\u0001",
      })
  void refusesWhatIsNoDescriptor(String text) throws IOException {
    String descriptor = write(text).toString();
    assertThatThrownBy(() -> TestParallels.open(file))
        .isInstanceOfAny(CorruptImage.class, UnsafeReference.class)
        .hasMessageContaining(descriptor)
        .hasMessageNotContaining("root:");
  }

  @Test
  void refusesDescriptorsWithoutEnd() throws IOException {
    write(" ".repeat((1 << 20) + 1));
    assertRefuses(LimitExceeded.class, "DiskDescriptor.xml: disk descriptor");
    write("<a>".repeat(100));
    assertRefuses(LimitExceeded.class, "nested deeper");
    descriptor("0", NIL, storage("<Image><File>a</File></Image>".repeat(10_001)), "");
    assertRefuses(LimitExceeded.class, "more images");
  }
}
