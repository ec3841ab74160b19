package io.diskwright.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.MemoryTree.MemoryNode;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeFileSystemTest {

  private final MemoryTree tree = new MemoryTree();
  private final TreeFileSystem files = new TreeFileSystem(tree);
  private final MemoryNode etc = tree.root().put("etc", tree.directory());

  private List<String> walk() throws IOException {
    try (Stream<Path> paths = Files.walk(files.root())) {
      return paths.map(Path::toString).toList();
    }
  }

  @Test
  void librariesOfJavaWorkOnIt() throws IOException {
    etc.put("hostname", tree.file("guest\n"));
    etc.put("empty", tree.directory());
    assertThat(Files.readString(files.getPath("/etc/hostname"))).isEqualTo("guest\n");
    assertThat(Files.readAllLines(files.getPath("etc", "hostname"))).containsExactly("guest");
    assertThat(walk()).containsExactly("/", "/etc", "/etc/empty", "/etc/hostname");
    assertThat(Files.exists(files.getPath("/etc/nothing"))).isFalse();
    assertThat(Files.size(files.getPath("/etc/hostname"))).isEqualTo(6);
    assertThatThrownBy(() -> Files.readString(files.getPath("/etc/nothing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Files.readString(files.getPath("/etc/hostname/x")))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Files.readString(files.getPath("/etc")))
        .hasMessageContaining("no regular file but a directory");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/relative, /etc/target",
    "/etc/absolute, /etc/target",
    "/etc/above-root, /etc/target",
    "/to-etc/target, /etc/target",
    "/to-etc/../etc/target, /etc/target",
    "/etc/./target, /etc/target",
    "/../../etc/target, /etc/target",
    "etc//target, /etc/target",
    "/etc/chain, /etc/target",
  })
  void linksStayInside(String path, String real) throws IOException {
    etc.put("target", tree.file("x"));
    etc.put("relative", tree.link("target"));
    etc.put("absolute", tree.link("/etc/target"));
    etc.put("above-root", tree.link("../../../../etc/target"));
    etc.put("chain", tree.link("relative"));
    tree.root().put("to-etc", tree.link("etc"));
    assertThat(files.getPath(path).toRealPath()).hasToString(real);
    assertThat(Files.readString(files.getPath(path))).isEqualTo("x");
  }

  @Test
  void linksThatGoRoundEnd() {
    etc.put("a", tree.link("b"));
    etc.put("b", tree.link("a"));
    etc.put("self", tree.link("self/self"));
    assertThatThrownBy(() -> Files.readString(files.getPath("/etc/a")))
        .isInstanceOf(FileSystemLoopException.class);
    assertThatThrownBy(() -> Files.readString(files.getPath("/etc/self")))
        .isInstanceOf(FileSystemLoopException.class);
    assertThat(Files.isSymbolicLink(files.getPath("/etc/a"))).isTrue();
  }

  @Test
  void aDirectoryThatHoldsItselfOrAnAncestorIsRefused() {
    etc.sneak("loop", etc);
    assertThatThrownBy(this::walk)
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("directory " + etc.number())
        .hasMessageContaining("entry 'loop'");
    MemoryNode root = tree.root();
    etc.sneak("loop", root);
    assertThatThrownBy(this::walk).cause().isInstanceOf(CorruptImage.class);
  }

  /** Forty directories, each under two names in the one above, make 2^40 paths and no loop. */
  @Test
  void aDirectoryReachedFromElsewhereIsRefused() {
    MemoryNode shared = etc.put("one", tree.directory());
    MemoryNode other = tree.root().put("other", tree.directory());
    other.sneak("shared", shared);
    assertThatThrownBy(this::walk)
        .cause()
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("its parent is " + etc.number());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "", "nul\0"})
  void namesThatNoPathCouldHoldAreRefused(String name) {
    etc.sneak(name, tree.file("x"));
    assertThatThrownBy(this::walk).cause().isInstanceOf(CorruptImage.class);
  }

  @Test
  void nothingCanBeChanged() {
    etc.put("file", tree.file("x"));
    Path file = files.getPath("/etc/file");
    assertThatThrownBy(() -> Files.writeString(file, "y"))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> Files.createDirectory(files.getPath("/new")))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(
            () -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------")))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThat(Files.isWritable(file)).isFalse();
    assertThat(Files.isReadable(file)).isTrue();
  }

  @Test
  void attributesAreNamedAsTheJdkNamesThem() throws IOException {
    etc.put("file", tree.file("abc").permissions(04751));
    tree.root().put("sda1", tree.node(FileKind.BLOCK_DEVICE, "").permissions(0660));
    Path file = files.getPath("/etc/file");
    assertThat(Files.readAttributes(file, "unix:mode,uid,gid,nlink"))
        .containsEntry("mode", 0104751)
        .containsEntry("uid", 1000)
        .containsEntry("gid", 100)
        .containsEntry("nlink", 1);
    assertThat(Files.getAttribute(files.getPath("/sda1"), "unix:rdev")).isEqualTo(0x801L);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x--x");
    assertThat(Files.getOwner(file).getName()).isEqualTo("1000");
    assertThat(Files.getLastModifiedTime(file)).hasToString("2026-01-02T03:04:05.678Z");
    var user = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    assertThat(user.list()).containsExactly("x");
    ByteBuffer value = ByteBuffer.allocate(10);
    assertThat(user.read("x", value)).isEqualTo(3);
    assertThatThrownBy(() -> Files.getAttribute(file, "unix:nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChannelReadsAnywhere() throws IOException {
    etc.put("file", tree.file("0123456789"));
    try (SeekableByteChannel channel = Files.newByteChannel(files.getPath("/etc/file"))) {
      ByteBuffer buffer = ByteBuffer.allocate(4);
      assertThat(channel.position(8).read(buffer)).isEqualTo(2);
      assertThat(channel.read(buffer)).isEqualTo(-1);
      assertThat(channel.position(0).read(buffer)).isEqualTo(2);
      assertThat(new String(buffer.array(), StandardCharsets.US_ASCII)).isEqualTo("8901");
      assertThat(channel.size()).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "glob:*.conf, a.conf, true",
    "glob:*.conf, d/a.conf, false",
    "glob:**.conf, d/a.conf, true",
    "glob:a?c, abc, true",
    "'glob:{one,two}', two, true",
    "glob:[a-c]x, bx, true",
    "glob:[!a-c]x, bx, false",
    "glob:a\\*, a*, true",
    "glob:a.c, abc, false",
    "regex:a.c, abc, true",
  })
  void matchesPatterns(String pattern, String path, boolean matches) {
    PathMatcher matcher = files.getPathMatcher(pattern);
    assertThat(matcher.matches(files.getPath(path))).isEqualTo(matches);
  }

  @Test
  void pathsBehaveAsOthersDo() {
    Path path = files.getPath("/a/b/../c/./d");
    assertThat(path.normalize()).hasToString("/a/c/d");
    assertThat(path.getParent()).hasToString("/a/b/../c/.");
    assertThat(path.getFileName()).hasToString("d");
    assertThat(path.subpath(0, 2)).hasToString("a/b");
    assertThat(files.getPath("/a").resolve("b/c")).hasToString("/a/b/c");
    assertThat(files.getPath("/a").resolve("/b")).hasToString("/b");
    assertThat(files.getPath("/").resolve("b")).hasToString("/b");
    assertThat(files.getPath("/a/b").relativize(files.getPath("/a/c/d"))).hasToString("../c/d");
    assertThat(files.getPath("/a/b").startsWith("/a")).isTrue();
    assertThat(files.getPath("/ab").startsWith("/a")).isFalse();
    assertThat(files.getPath("/a/b").endsWith("b")).isTrue();
    assertThat(files.getPath("/").getFileName()).isNull();
    assertThat(files.getPath("/a/")).isEqualTo(files.getPath("/a"));
    assertThat(files.getPath("/../x").normalize()).hasToString("/x");
    assertThat(files.getPath("/a/b").getNameCount()).isEqualTo(2);
    assertThat(files.getPath("/ä b").toUri())
        .hasToString("diskwright:/%C3%A4%20b".replace("%C3%A4", "ä"));
  }

  @Test
  void listedLinksAreNotFollowedUnlessAsked() throws IOException {
    etc.put("file", tree.file("x"));
    etc.put("link", tree.link("file"));
    try (Stream<Path> listed = Files.list(files.getPath("/etc"))) {
      Path link = listed.filter(p -> p.endsWith("link")).findFirst().orElseThrow();
      assertThat(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
      assertThat(Files.isRegularFile(link)).isTrue();
      assertThat(Files.readSymbolicLink(link)).hasToString("file");
      assertThat(Files.isSameFile(link, files.getPath("/etc/file"))).isTrue();
    }
  }
}
