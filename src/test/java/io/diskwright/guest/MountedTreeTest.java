package io.diskwright.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.diskwright.filesystem.MemoryTree;
import io.diskwright.filesystem.TreeFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MountedTreeTest {

  private final MemoryTree root = new MemoryTree();
  private final MemoryTree boot = new MemoryTree();
  private final MemoryTree efi = new MemoryTree();

  @BeforeEach
  void fill() {
    MemoryTree.MemoryNode covered = root.root().put("boot", root.directory());
    covered.put("covered", root.file("not seen"));
    root.root().put("home", root.link("usr/home"));
    root.root().put("usr", root.directory()).put("home", root.directory());
    root.root().put("file", root.file("x"));
    boot.root().put("efi", boot.directory());
    boot.root().put("vmlinuz", boot.file("kernel"));
    boot.root().put("up", boot.link("../file"));
    boot.root().put("absolute", boot.link("/file"));
    efi.root().put("EFI", efi.directory()).put("x.efi", efi.file("efi"));
  }

  @Test
  void showsMountedFilesystemsInPlaceOfTheirMountPoints() throws IOException {
    Path top = view(MountedTree.of(root).with("/boot", boot).with("/boot/efi", efi));
    assertEquals("kernel", Files.readString(top.resolve("boot/vmlinuz")));
    assertEquals("efi", Files.readString(top.resolve("boot/efi/EFI/x.efi")));
    assertFalse(Files.exists(top.resolve("boot/covered")));
    assertEquals("x", Files.readString(top.resolve("boot/up")));
    assertEquals("x", Files.readString(top.resolve("boot/absolute")));
    assertSame(boot, TreeFileSystem.node(top.resolve("boot")).tree());
    assertSame(efi, TreeFileSystem.node(top.resolve("boot/efi")).tree());
    assertEquals("/file", top.resolve("boot/efi/../../file").toRealPath().toString());
  }

  @Test
  void walksThroughAllOfThem() throws IOException {
    Path top = view(MountedTree.of(root).with("/boot", boot).with("/boot/efi", efi));
    try (var paths = Files.walk(top)) {
      assertEquals(
          List.of(
              "/",
              "/boot",
              "/boot/absolute",
              "/boot/efi",
              "/boot/efi/EFI",
              "/boot/efi/EFI/x.efi",
              "/boot/up",
              "/boot/vmlinuz",
              "/file",
              "/home",
              "/usr",
              "/usr/home"),
          paths.map(Path::toString).sorted().toList());
    }
  }

  @Test
  void followsLinksToMountPoints() throws IOException {
    Path top = view(MountedTree.of(root).with("/home", boot));
    assertEquals("kernel", Files.readString(top.resolve("usr/home/vmlinuz")));
    assertEquals("kernel", Files.readString(top.resolve("home/vmlinuz")));
  }

  @Test
  void mountsRootsThatSayTheyAreTheirOwnParent() throws IOException {
    boot.root().put("again", boot.root());
    Path top = view(MountedTree.of(root).with("/usr/home", boot));
    assertEquals("kernel", Files.readString(top.resolve("usr/home/vmlinuz")));
  }

  @Test
  void coversOneMountWithAnother() throws IOException {
    Path top = view(MountedTree.of(root).with("/boot", boot).with("/boot", efi));
    assertEquals("efi", Files.readString(top.resolve("boot/EFI/x.efi")));
    assertFalse(Files.exists(top.resolve("boot/vmlinuz")));
  }

  @Test
  void refusesPlacesThatAreNoDirectories() throws IOException {
    MountedTree view = MountedTree.of(root);
    assertThrows(NoSuchFileException.class, () -> view.with("/gone", boot));
    assertThrows(NotDirectoryException.class, () -> view.with("/file", boot));
    assertThrows(IllegalArgumentException.class, () -> view.with("/boot", root));
  }

  private static Path view(MountedTree tree) {
    return new TreeFileSystem(tree).root();
  }
}
