package io.diskwright.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.SizeChoice;
import io.diskwright.disk.DiskImage;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import io.diskwright.vhd.VhdFooter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks into which a guest has written a compressed file: what it holds must not pass as them. */
class GuestMadeWrapperTest {

  private static final int SIZE = 1 << 20;

  @TempDir private Path folder;
  private byte[] disk;
  private byte[] vhd;

  @BeforeEach
  void write() throws IOException {
    var other = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(other)) {
      gzip.write("another disk".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    disk = Arrays.copyOf(other.toByteArray(), SIZE);
    byte[] footer = VhdFooter.fixed(SIZE, new UUID(1, 2), Instant.EPOCH).encode();
    vhd = Arrays.copyOf(disk, SIZE + footer.length);
    System.arraycopy(footer, 0, vhd, SIZE, footer.length);
  }

  private static OpenOptions as(String format) {
    return OpenOptions.defaults().withFormat(Optional.of(format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk.vhd", "disk.img", "disk"})
  void aFixedVhdIsNotTakenForWhatItsGuestWrote(String name) throws IOException {
    Path file = Files.write(folder.resolve(name), vhd);
    assertThatThrownBy(() -> Formats.open(file, OpenOptions.defaults()))
        .isInstanceOf(AmbiguousImage.class)
        .hasMessageContaining("the signature of gzip")
        .hasMessageContaining("--from");
    try (DiskImage image = Formats.open(file, as("vhd"))) {
      assertThat(image.info().subformat()).isEqualTo("fixed");
      assertThat(image.info().wrappers()).isEmpty();
      assertThat(image.size()).isEqualTo(SIZE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk.raw", "disk.qcow2", "disk.vmdk"})
  void aNameThatPromisesSomethingElseIsHeldToIt(String name) throws IOException {
    Path file = Files.write(folder.resolve(name), disk);
    assertThatThrownBy(() -> Formats.open(file, OpenOptions.defaults()))
        .isInstanceOf(AmbiguousImage.class);
  }

  @Test
  void theOutputIsJudgedAsWhatItIs() throws IOException {
    Path source = Files.write(folder.resolve("disk.raw"), disk);
    for (TargetFormat format : new TargetFormat[] {TargetFormat.RAW, TargetFormat.VHD}) {
      Path target = folder.resolve("out.img." + format);
      ConversionResult result =
          new Conversion(
                  ConversionRequest.of(source, target)
                      .withFormat(format)
                      .withSize(new SizeChoice.Keep())
                      .withProfile(Profile.named("none"))
                      .withOpen(as("raw")),
                  p -> {},
                  new Cancellation())
              .run();
      assertThat(result.validation()).isPresent();
      assertThat(Arrays.copyOf(Files.readAllBytes(target), SIZE)).isEqualTo(disk);
    }
  }
}
