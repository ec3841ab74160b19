package io.diskwright.filesystem;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The paths of a directory's entries, each knowing its node already. */
final class TreeDirectoryStream implements DirectoryStream<Path> {

  private final TreePath directory;
  private final Located located;
  private final Filter<? super Path> filter;
  private final EntryCursor cursor;
  private boolean closed;
  private boolean handedOut;

  TreeDirectoryStream(TreePath directory, Located located, Filter<? super Path> filter)
      throws IOException {
    this.directory = directory;
    this.located = located;
    this.filter = filter;
    this.cursor = located.node().entries();
  }

  @Override
  public Iterator<Path> iterator() {
    if (closed || handedOut) {
      throw new IllegalStateException("a directory stream gives one iterator, before it is closed");
    }
    handedOut = true;
    return new Paths();
  }

  @Override
  public void close() {
    closed = true;
  }

  private @Nullable Path readNext() throws IOException {
    for (Entry entry = closed ? null : cursor.next(); entry != null; entry = cursor.next()) {
      if (EntryNames.isImpossible(entry.name())) {
        throw new CorruptImage(
            located.node().tree().describe(),
            "directory " + located.node().number(),
            Fault.NOWHERE,
            "the name '" + entry.name() + "'",
            "names without a slash or a NUL");
      }
      Path path = directory.resolveListed(located, entry);
      if (filter.accept(path)) {
        return path;
      }
    }
    return null;
  }

  private final class Paths implements Iterator<Path> {

    private @Nullable Path next;
    private boolean ended;

    @Override
    public boolean hasNext() {
      if (next == null && !ended) {
        try {
          next = readNext();
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
        ended = next == null;
      }
      return next != null;
    }

    @Override
    public Path next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      Path path = next;
      next = null;
      return path;
    }
  }
}
