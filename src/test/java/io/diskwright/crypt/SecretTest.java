package io.diskwright.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "'abc', 'abc'",
    "'abc\n', 'abc'",
    "'abc\r\n', 'abc'",
    "'abc\n\n', 'abc\n'",
    "'abc\r', 'abc\r'",
    "' a b ', ' a b '",
    "'\n\n', '\n'",
    "'pässwörd\n', 'pässwörd'",
  })
  void takesOneLineEndOff(String content, String passphrase) throws IOException {
    try (Secret secret = Secret.read(file(content))) {
      assertThat(secret.passphrase()).isEqualTo(passphrase.getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void refusesAnEmptyOne(String content) throws IOException {
    Path file = file(content);

    assertThatThrownBy(() -> Secret.read(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void refusesOneThatIsNoPassphrase() throws IOException {
    Path longest = file("x".repeat(8192) + "\r\n");
    try (Secret secret = Secret.read(longest)) {
      assertThat(secret.passphrase()).hasSize(8192);
    }
    Path longer = file("x".repeat(8193));

    assertThatThrownBy(() -> Secret.read(longer))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is longer than 8192 bytes");
    assertThatThrownBy(() -> Secret.read(dir.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void forgets() throws IOException {
    Secret secret = Secret.read(file("abc"));
    byte[] passphrase = secret.passphrase();

    secret.close();

    assertThat(passphrase).containsOnly(0);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("secret"), content);
  }
}
