package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.target.PartialFile;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceChangesTest {

  @TempDir private Path folder;

  private void assertRefused(Path top, Path changed, Consumer<Path> change) throws IOException {
    Path target = Files.writeString(folder.resolve("out.vhd"), "precious");
    var request =
        ConversionRequest.of(top, target)
            .withProfile(Profile.named("none"))
            .with(ConversionOption.REPLACE, true)
            .with(ConversionOption.VALIDATE, false);
    Consumer<Progress> listener =
        progress -> {
          if (progress.phase() == Progress.Phase.SYNCING) {
            change.accept(changed);
          }
        };
    assertThatThrownBy(() -> new Conversion(request, listener, new Cancellation()).run())
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining(changed.getFileName() + ": file: found ")
        .hasMessageContaining("as it was at the start");
    assertThat(target).hasContent("precious");
    assertThat(PartialFile.partialOf(target)).doesNotExist();
    assertThat(Journal.of(target)).doesNotExist();
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[512], StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As long as before, but not as old. */
  private static void overwrite(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      Files.write(file, new byte[512], StandardOpenOption.WRITE);
      Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsRefused() throws Exception {
    Path source = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
    assertRefused(source, source, SourceChangesTest::append);
    assertRefused(source, source, SourceChangesTest::overwrite);
  }

  @Test
  void soIsOneThatTheImageNames() throws Exception {
    for (String name : new String[] {"qcow2-over-raw.qcow2", "base.raw"}) {
      Files.copy(Path.of("native-test-images", name), folder.resolve(name));
    }
    assertRefused(
        folder.resolve("qcow2-over-raw.qcow2"),
        folder.resolve("base.raw"),
        SourceChangesTest::overwrite);
  }
}
