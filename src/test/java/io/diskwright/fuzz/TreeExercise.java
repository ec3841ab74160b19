package io.diskwright.fuzz;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Does with a filesystem all that the commands do, on as many nodes as a fuzzer has time for, and
 * holds it to the contract: what one node refuses does not keep the others from being read, and
 * nothing but an {@link ImageException} is thrown.
 */
final class TreeExercise {

  private static final int MAX_NODES = 3_000;
  private static final int MAX_READ = 1 << 16;
  private static final long MAX_CHECKED = 64 << 20;

  private int nodes;

  private TreeExercise() {}

  static void run(FileTree tree) throws IOException {
    FilesystemFacts facts;
    try {
      facts = tree.facts();
    } catch (ImageException e) {
      Objects.requireNonNull(e.fault().message());
      return;
    }
    if (facts.size() < 0 || facts.freeBlocks() < 0 || facts.blockSize() < 1) {
      throw new AssertionError(facts.toString());
    }
    new TreeExercise().walk(new TreeFileSystem(tree).root());
    if (facts.volumeSize() <= MAX_CHECKED) {
      tree.check(problem -> Objects.requireNonNull(problem.structure()));
    }
  }

  private void walk(Path root) throws IOException {
    Deque<Path> pending = new ArrayDeque<>();
    pending.push(root);
    while (!pending.isEmpty() && nodes < MAX_NODES) {
      Path directory = pending.pop();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (nodes++ >= MAX_NODES) {
            break;
          }
          if (one(entry)) {
            pending.push(entry);
          }
        }
      } catch (DirectoryIteratorException e) {
        refused(e.getCause());
      } catch (IOException e) {
        refused(e);
      }
    }
  }

  /** Reads a node; true when it is a directory. */
  private static boolean one(Path path) throws IOException {
    try {
      Node node = TreeFileSystem.node(path, LinkOption.NOFOLLOW_LINKS);
      NodeAttributes attributes = node.attributes();
      if (attributes.size() < 0) {
        throw new AssertionError(path + ": size " + attributes.size());
      }
      for (ByteSource value : node.extendedAttributes().values()) {
        value.read(0, ByteBuffer.allocate((int) Math.min(value.size(), MAX_READ)));
      }
      switch (attributes.kind()) {
        case REGULAR -> content(path, attributes.size(), node.content());
        case SYMBOLIC_LINK -> Files.exists(path.resolveSibling(node.linkTarget()));
        default -> {}
      }
      return attributes.kind() == FileKind.DIRECTORY;
    } catch (ImageException e) {
      refused(e);
      return false;
    }
  }

  private static void content(Path path, long size, ByteSource content) throws IOException {
    if (content.size() != size) {
      throw new AssertionError(path + ": " + content.size() + " of " + size + " bytes");
    }
    if (size == 0) {
      return;
    }
    Run run = content.runAt(0, size);
    if (run.length() < 1 || run.length() > size) {
      throw new AssertionError(path + ": " + run + " of " + size + " bytes");
    }
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, MAX_READ));
    content.read(0, start);
    content.read(size - 1, ByteBuffer.allocate(1));
    if (HiveExercise.isHive(start)) {
      HiveExercise.run(content);
    }
  }

  /** A refusal is an answer; what the JDK says of a path that leads nowhere is one too. */
  private static void refused(IOException e) {
    if (e instanceof ImageException refused) {
      Objects.requireNonNull(refused.fault().message());
    } else if (!(e instanceof FileSystemException)) {
      throw new AssertionError(e);
    }
  }
}
