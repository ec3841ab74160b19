package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip members, one after the other. The JDK's own stream ends silently where the header of a
 * further member is damaged, so the members are told apart here.
 */
final class GzipDecoder implements Decoder {

  private static final String DATA = "gzip member data";
  private static final String TRAILER = "gzip member trailer";
  private static final int TRAILER_LENGTH = 8;

  private final CompressedInput in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean started;
  private boolean inMember;

  GzipDecoder(CompressedInput in) {
    this.in = in;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (inMember || startMember()) {
      int count = inflate(target, offset, length);
      if (inflater.finished()) {
        endMember();
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    ByteBuffer encoded = in.more(DATA);
    int available = encoded.remaining();
    inflater.setInput(encoded);
    try {
      int count = inflater.inflate(target, offset, length);
      crc.update(target, offset, count);
      return count;
    } catch (DataFormatException e) {
      throw in.corrupt(DATA, in.position(), String.valueOf(e.getMessage()), "a deflate stream");
    } finally {
      in.took(available - encoded.remaining());
    }
  }

  private void endMember() throws IOException {
    ByteView trailer = in.take(TRAILER, TRAILER_LENGTH);
    if (trailer.u32(0) != crc.getValue()) {
      throw trailer.corrupt(
          "CRC32",
          0,
          Fault.number(trailer.u32(0)),
          "the content's " + Fault.number(crc.getValue()));
    }
    long size = inflater.getBytesWritten() & 0xffffffffL;
    if (trailer.u32(4) != size) {
      throw trailer.corrupt(
          "ISIZE", 4, Fault.number(trailer.u32(4)), "the content's " + Fault.number(size));
    }
    inMember = false;
  }

  /** Goes on to the next member; false at the end. */
  private boolean startMember() throws IOException {
    if (started && !memberFollows()) {
      return false;
    }
    GzipHeader.take(in);
    inflater.reset();
    crc.reset();
    started = true;
    inMember = true;
    return true;
  }

  private boolean memberFollows() throws IOException {
    ByteView magic = in.peek("after the last gzip member", Short.BYTES);
    if (GzipHeader.isMagic(magic)) {
      return true;
    }
    for (ByteBuffer rest = in.more(); rest.hasRemaining(); rest = in.more()) {
      int count = rest.remaining();
      for (int i = 0; i < count; i++) {
        if (rest.get() != 0) {
          in.took(i);
          throw in.garbage("after the last gzip member", "a further member, or zeros");
        }
      }
      in.took(count);
    }
    return false;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
