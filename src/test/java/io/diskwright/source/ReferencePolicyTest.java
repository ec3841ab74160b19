package io.diskwright.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.UnsafeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencePolicyTest {

  @TempDir private Path root;
  private Path folder;
  private Path image;
  private Path secret;

  @BeforeEach
  void files() throws Exception {
    folder = Files.createDirectory(root.resolve("images"));
    image = Files.writeString(folder.resolve("top.qcow2"), "top");
    Files.writeString(folder.resolve("base.raw"), "base");
    secret = Files.writeString(root.resolve("secret"), "secret");
  }

  private Path resolve(ReferencePolicy policy, String name) throws Exception {
    return policy.resolve(image, image, "backing file", name, 0x40);
  }

  @Test
  void aFileBesideTheImageMayBeOpened() throws Exception {
    assertThat(resolve(ReferencePolicy.folder(), "base.raw"))
        .isEqualTo(folder.toRealPath().resolve("base.raw"));
    Path below = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(below.resolve("x"), "x");
    assertThat(resolve(ReferencePolicy.folder(), "sub/x")).exists();
    assertThat(resolve(ReferencePolicy.folder(), folder.resolve("base.raw").toString())).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "/etc/passwd",
        "/dev/zero",
        "sub/../../secret",
        "json:{\"driver\":\"file\"}",
        "nbd://localhost/x",
        "http://localhost/x",
        "file:base.raw",
        "file:///etc/passwd",
        "C:\\base.raw",
        "missing.raw",
        ".",
        "",
        "base.raw\u0000.qcow2"
      })
  void nothingElseIs(String name) {
    assertThatThrownBy(() -> resolve(ReferencePolicy.folder(), name))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageStartingWith(image + ": backing file at offset 0x40: found ");
  }

  @Test
  void symbolicLinksAreResolvedBeforeTheDecision() throws Exception {
    Files.createSymbolicLink(folder.resolve("link"), secret);
    assertThatThrownBy(() -> resolve(ReferencePolicy.folder(), "link"))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining(secret.toRealPath().toString());
    Files.createSymbolicLink(folder.resolve("inside"), folder.resolve("base.raw"));
    assertThat(resolve(ReferencePolicy.folder(), "inside")).hasFileName("base.raw");
  }

  @Test
  void anotherFolderMayBeAllowed() throws Exception {
    assertThat(resolve(ReferencePolicy.alsoUnder(root), "../secret"))
        .isEqualTo(secret.toRealPath());
  }

  @Test
  void denyMeansNone() {
    assertThatThrownBy(() -> resolve(ReferencePolicy.deny(), "base.raw"))
        .isInstanceOf(UnsafeReference.class)
        .hasMessageContaining("--external deny");
  }
}
