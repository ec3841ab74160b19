package io.diskwright.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.MemoryTree;
import io.diskwright.filesystem.MemoryTree.MemoryNode;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.CorruptImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {

  @TempDir private Path folder;

  private final MemoryTree tree = new MemoryTree();
  private final TreeFileSystem files = new TreeFileSystem(tree);
  private final List<String> skipped = new ArrayList<>();
  private MemoryNode etc;

  @BeforeEach
  void fill() {
    etc = tree.root().put("etc", tree.directory().permissions(0750));
    MemoryNode file = etc.put("file", tree.file("content").permissions(04711).links(2));
    etc.put("hard", file);
    etc.put("link", tree.link("/etc/file"));
    etc.put("inner", tree.directory().permissions(0500)).put("x", tree.file("x"));
    etc.put("pipe", tree.node(FileKind.FIFO, ""));
    etc.put("sda1", tree.node(FileKind.BLOCK_DEVICE, ""));
    etc.put("socket", tree.node(FileKind.SOCKET, ""));
  }

  private Path copy(String path, Path target) throws IOException {
    return TreeCopy.copy(
        files.getPath(path), target, (left, reason) -> skipped.add(left + " " + reason));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.skip(1).map(p -> folder.relativize(p).toString()).sorted().toList();
    }
  }

  @Test
  void aTreeComesIntoAFolderUnderItsName() throws IOException {
    assertThat(copy("/etc", folder)).isEqualTo(folder.resolve("etc"));
    assertThat(names())
        .containsExactly("etc", "etc/file", "etc/hard", "etc/inner", "etc/inner/x", "etc/link");
    Path file = folder.resolve("etc/file");
    assertThat(file).hasContent("content");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwx--x--x");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100711);
    assertThat(Files.getLastModifiedTime(file)).hasToString("2026-01-02T03:04:05.678Z");
    assertThat(Files.isSameFile(file, folder.resolve("etc/hard"))).isTrue();
    assertThat(Files.readSymbolicLink(folder.resolve("etc/link"))).hasToString("/etc/file");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("etc/inner"))))
        .isEqualTo("r-x------");
    assertThat(skipped)
        .containsExactly(
            "/etc/pipe it is a named pipe",
            "/etc/sda1 it is a block device",
            "/etc/socket it is a socket");
    Files.setPosixFilePermissions(
        folder.resolve("etc/inner"), PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aFileTakesTheNameThatIsFree() throws IOException {
    copy("/etc/link", folder.resolve("new"));
    assertThat(folder.resolve("new")).hasContent("content").isRegularFile();
    assertThat(names()).containsExactly("new");
  }

  @Test
  void nothingThatExistsIsWrittenTo() throws IOException {
    Files.writeString(folder.resolve("file"), "mine");
    assertThatThrownBy(() -> copy("/etc/file", folder))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> copy("/", folder)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(folder.resolve("file")).hasContent("mine");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void aCopyThatFailsLeavesNothing() throws IOException {
    etc.sneak("zz", etc);
    assertThatThrownBy(() -> copy("/etc", folder)).isInstanceOf(CorruptImage.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void aTarKeepsOwnersAndDevices() throws IOException {
    etc.put("latin-\uDCE9", tree.file(""));
    etc.put("n".repeat(200), tree.file("long"));
    var bytes = new ByteArrayOutputStream();
    TarStream.write(
        files.getPath("/etc"), bytes, (left, reason) -> skipped.add(left + " " + reason));
    List<String> lines = new ArrayList<>();
    try (var tar =
        new TarArchiveInputStream(
            new ByteArrayInputStream(bytes.toByteArray()), StandardCharsets.ISO_8859_1.name())) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        String content = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        lines.add(
            "%s %o %d:%d %s%s %d,%d"
                .formatted(
                    e.getName(),
                    e.getMode(),
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    e.getLinkName(),
                    content,
                    e.getDevMajor(),
                    e.getDevMinor()));
      }
    }
    assertThat(lines)
        .containsExactly(
            "etc/ 750 1000:100  0,0",
            "etc/file 4711 1000:100 content 0,0",
            "etc/hard 4711 1000:100 etc/file 0,0",
            "etc/inner/ 500 1000:100  0,0",
            "etc/inner/x 644 1000:100 x 0,0",
            "etc/latin-é 644 1000:100  0,0",
            "etc/link 644 1000:100 /etc/file 0,0",
            "etc/" + "n".repeat(200) + " 644 1000:100 long 0,0",
            "etc/pipe 644 1000:100  0,0",
            "etc/sda1 644 1000:100  8,1");
    assertThat(skipped).containsExactly("/etc/socket it is a socket");
  }
}
