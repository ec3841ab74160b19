package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {

  @TempDir private Path folder;

  /** Not 1, the virtual machine's own code for it, which says that the output is complete. */
  @Test
  void isAFailureOfTheEnvironmentInOneLine() throws Exception {
    Path source = Files.write(folder.resolve("disk.raw"), new byte[8 << 20]);
    ChildJvm.Ran ran =
        ChildJvm.of(Main.class)
            .with("-Xmx128m", "-XX:MaxDirectMemorySize=1m")
            .run("convert", "--progress", "none", "--jobs", 64, source, folder.resolve("out.vhd"));
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(4);
    assertThat(ran.err()).startsWith("diskwright: out of memory");
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(folder.resolve("out.vhd")).doesNotExist();
    assertThat(folder.resolve("out.vhd.partial")).doesNotExist();
  }
}
