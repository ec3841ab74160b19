package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * An archive read from its start to its end, in leaps where it lies in a file: what walking through
 * its headers needs, whichever way its bytes come.
 */
interface Tape {

  /** The archive, for messages. */
  String describe();

  /** Bytes read or passed over so far. */
  long position();

  /** Whether there are no more bytes. */
  boolean atEnd() throws IOException;

  /**
   * Reads a structure.
   *
   * @throws io.diskwright.io.CorruptImage when the archive ends inside it
   */
  ByteView view(String structure, int length, ByteOrder order) throws IOException;

  /**
   * Passes over bytes.
   *
   * @throws io.diskwright.io.CorruptImage when the archive ends before
   */
  void skip(String structure, long length) throws IOException;

  /** A source that is read once; the caller closes it. */
  record Passing(ForwardSource source) implements Tape {
    @Override
    public String describe() {
      return source.describe();
    }

    @Override
    public long position() {
      return source.position();
    }

    @Override
    public boolean atEnd() throws IOException {
      return source.peek("end", 1, ByteOrder.BIG_ENDIAN).length() == 0;
    }

    @Override
    public ByteView view(String structure, int length, ByteOrder order) throws IOException {
      return source.view(structure, length, order);
    }

    @Override
    public void skip(String structure, long length) throws IOException {
      source.skip(structure, length);
    }
  }

  /** A source of known length; the caller closes it. */
  final class Whole implements Tape {

    private final ByteSource source;
    private final long end;
    private long position;

    /**
     * Reads a part of it.
     *
     * @param start where to start, in bytes
     * @param end where to end; up to the source's size
     */
    Whole(ByteSource source, long start, long end) {
      this.source = source;
      this.position = start;
      this.end = end;
    }

    @Override
    public String describe() {
      return source.describe();
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public boolean atEnd() {
      return position >= end;
    }

    @Override
    public ByteView view(String structure, int length, ByteOrder order) throws IOException {
      ByteView view = source.view(structure, position, length, order);
      position += length;
      return view;
    }

    @Override
    public void skip(String structure, long length) throws IOException {
      source.checkInside(structure, position, length);
      position += length;
    }
  }
}
