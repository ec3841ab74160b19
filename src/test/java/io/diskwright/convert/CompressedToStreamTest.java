package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedToStreamTest {

  private static final int SIZE = 32 << 20;

  @TempDir private Path folder;

  private static ConversionRequest request(Path source, Path target) {
    return ConversionRequest.of(source, target)
        .withProfile(Profile.named("none"))
        .withSize(new SizeChoice.Keep())
        .withJobs(4)
        .with(ConversionOption.VALIDATE, false);
  }

  private static void run(ConversionRequest request) throws IOException {
    assertThat(new Conversion(request, p -> {}, new Cancellation()).run().virtualSize())
        .isEqualTo(SIZE);
  }

  /** Only one of the workers writes the first bytes: the others begin with nothing gathered. */
  @Test
  void everyWorkersFirstPieceMayLieAnywhere() throws Exception {
    byte[] disk = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      disk[i] = (byte) (i >> 9);
    }
    Path raw = Files.write(folder.resolve("disk.raw"), disk);
    Path compressed = folder.resolve("disk.qcow2");
    run(request(raw, compressed).withFormat(TargetFormat.QCOW2));

    var stream = new ByteArrayOutputStream();
    run(request(compressed, Path.of("-")).withFormat(TargetFormat.RAW).withStream(stream));

    assertThat(Arrays.mismatch(stream.toByteArray(), disk)).isEqualTo(-1);
  }
}
