package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ImageException;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.archive.Archives.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Archives with random damage: each gives the right bytes or a refusal, never another exception,
 * and never other bytes where a digest covers them.
 */
class DamagedArchiveTest {

  private static final byte[] DISK = disk(3000);

  private interface Damage {
    void apply(byte[] archive, Random random);
  }

  private static void flip(byte[] archive, Random random) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      int[] values = {0, 0xff, 0x80, 0x7f, random.nextInt(256)};
      archive[random.nextInt(archive.length)] = (byte) values[random.nextInt(values.length)];
    }
  }

  /** As {@link #flip}, with headers' checksums put right, so that it comes further. */
  private static void flipHeader(byte[] archive, Random random) {
    flip(archive, random);
    for (int at = 0; at + 512 <= archive.length; at += 512) {
      byte[] header = Arrays.copyOfRange(archive, at, at + 512);
      if (new String(header, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
        header[random.nextInt(345)] = (byte) random.nextInt(256);
        TestTar.sum(header);
        System.arraycopy(header, 0, archive, at, random.nextInt(3) == 0 ? 512 : 0);
      }
    }
  }

  private static void run(byte[] archive, Path path, Damage damage, boolean covered) {
    for (int seed = 0; seed < 400; seed++) {
      byte[] damaged = archive.clone();
      damage.apply(damaged, new Random(seed));
      for (Way way : Way.values()) {
        try {
          ArchiveFormat format = damaged[0] == 'P' ? ArchiveFormat.ZIP : ArchiveFormat.TAR;
          byte[] read;
          try (var content = way.open(format, damaged, path, OpenOptions.defaults())) {
            read = Archives.all(content);
          }
          if (covered) {
            assertThat(read).as("seed " + seed + ", " + way).isEqualTo(DISK);
          }
        } catch (ImageException e) {
          assertThat(e.getMessage()).isNotEmpty();
        } catch (IOException | RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + way, e);
        }
      }
    }
  }

  @Test
  void ova() throws Exception {
    String ovf = TestOvf.of("disk.vmdk");
    byte[] ova =
        new TestTar()
            .file("vm.ovf", ovf)
            .file(
                "vm.mf",
                TestOvf.line("SHA1", "vm.ovf", ovf) + TestOvf.line("SHA1", "disk.vmdk", DISK))
            .file("disk.vmdk", DISK)
            .end();
    run(ova, Path.of("vm.ova"), DamagedArchiveTest::flip, false);
    run(ova, Path.of("vm.ova"), DamagedArchiveTest::flipHeader, false);
  }

  @Test
  void sparseTar() {
    byte[] tar =
        new TestTar()
            .pax(
                'x',
                "GNU.sparse.size=100000",
                "GNU.sparse.name=a.raw",
                "GNU.sparse.map=4096,2560,50000,440")
            .file("GNUSparseFile.0/a", DISK)
            .member("././@LongLink", 'L', "some/other name\0".getBytes(StandardCharsets.UTF_8))
            .file("x", "x")
            .end();
    run(tar, Archives.TAR, DamagedArchiveTest::flip, false);
    run(tar, Archives.TAR, DamagedArchiveTest::flipHeader, false);
  }

  @Test
  void zip() {
    byte[] packed =
        new TestZip().deflated("a.raw", DISK).streamed("t", disk(100), 4, true).end("c");
    run(packed, Archives.TAR, DamagedArchiveTest::flip, false);
    byte[] covered = new TestZip().stored("a.raw", DISK).end();
    run(covered, Archives.TAR, DamagedArchiveTest::flip, true);
  }
}
