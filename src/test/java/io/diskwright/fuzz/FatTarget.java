package io.diskwright.fuzz;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.fat.FatFileSystem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Takes bytes for a FAT volume: everything is read, within bounds. */
final class FatTarget {

  private static final int MAX_DIRECTORIES = 60;
  private static final int MAX_ENTRIES = 100;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_CONTENT = 1 << 16;

  private record Place(Node node, int depth) {}

  private FatTarget() {}

  static void run(byte[] data) throws Exception {
    try {
      Optional<FatFileSystem> opened = FatFileSystem.open(new MemorySource("fuzz", data));
      if (opened.isPresent()) {
        attempt(opened.get()::facts);
        attempt(() -> walk(opened.get().root()));
        opened.get().check(problem -> problem.found().isEmpty());
      }
    } catch (ImageException e) {
      return;
    }
  }

  @FunctionalInterface
  private interface Step {
    Object run() throws IOException;
  }

  /** One refusal must not hide the rest. */
  private static void attempt(Step step) throws IOException {
    try {
      step.run();
    } catch (ImageException e) {
      return;
    }
  }

  private static int walk(Node root) throws IOException {
    Deque<Place> pending = new ArrayDeque<>();
    pending.add(new Place(root, 0));
    int directories = 0;
    while (!pending.isEmpty() && directories++ < MAX_DIRECTORIES) {
      Place place = pending.removeLast();
      attempt(() -> list(place, pending));
    }
    return directories;
  }

  private static int list(Place place, Deque<Place> pending) throws IOException {
    EntryCursor cursor = place.node().entries();
    int entries = 0;
    while (entries < MAX_ENTRIES) {
      Entry entry = cursor.next();
      if (entry == null) {
        break;
      }
      entries++;
      Node node = entry.node();
      attempt(node::attributes);
      attempt(node::parentNumber);
      attempt(() -> place.node().child(entry.name()));
      if (entry.kind().orElseThrow() != FileKind.DIRECTORY) {
        attempt(() -> read(node.content()));
      } else if (place.depth() < MAX_DEPTH) {
        pending.add(new Place(node, place.depth() + 1));
      }
    }
    return entries;
  }

  private static long read(ByteSource content) throws IOException {
    int length = (int) Math.min(MAX_CONTENT, content.size());
    content.read(content.size() - length, ByteBuffer.allocate(length));
    return length == 0 ? 0 : content.runAt(0, content.size()).length();
  }
}
