package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.util.Arrays;
import java.util.List;

/**
 * Where the clusters of a stream lie: runs in the stream's order, without gaps. No stream has a
 * cluster of the volume twice, so that what it stores is bounded by what the volume holds.
 */
final class Runs {

  /** Stands for clusters that are not stored. */
  static final long SPARSE = -1;

  /** 64 MiB of heap; a file of 16 TiB in pieces of 4 MiB. */
  private static final int MAX_RUNS = 1 << 22;

  private long[] starts = new long[4];
  private long[] lcns = new long[4];
  private int count;
  private long end;
  private long stored;

  private Runs() {}

  /**
   * The runs of a stream.
   *
   * @param pieces its pieces by their first clusters
   * @param clusters of the volume
   * @param room how many clusters the stream may have of it
   */
  static Runs of(List<Attribute> pieces, long clusters, long room) throws ImageException {
    var runs = new Runs();
    for (Attribute piece : pieces) {
      ByteView view = piece.view();
      if (piece.lowestVcn() != runs.end) {
        throw view.corrupt(
            "lowest VCN", 16, Fault.number(piece.lowestVcn()), Long.toString(runs.end));
      }
      runs.decode(view, clusters, room);
      if (runs.end != piece.highestVcn() + 1) {
        throw view.corrupt(
            "highest VCN", 24, Fault.number(piece.highestVcn()), Long.toString(runs.end - 1));
      }
    }
    return runs;
  }

  /** The runs of one piece alone, counted from its own first cluster. */
  static Runs ofPiece(Attribute piece, long clusters) throws ImageException {
    var runs = new Runs();
    runs.decode(piece.view(), clusters, clusters);
    return runs;
  }

  private void decode(ByteView view, long clusters, long room) throws ImageException {
    int at = view.u16(32);
    long lcn = 0;
    while (view.u8(at) != 0) {
      int lengthBytes = view.u8(at) & 0xf;
      int offsetBytes = view.u8(at) >> 4;
      if (lengthBytes < 1 || lengthBytes > 8 || offsetBytes > 8) {
        throw view.corrupt(
            "run", at, Fault.number(view.u8(at)), "lengths and offsets of 1 to 8 bytes");
      }
      long length = number(view, at + 1, lengthBytes);
      if (length < 1 || length > Long.MAX_VALUE - end) {
        throw view.corrupt("run length", at, Long.toString(length), "at least 1");
      }
      if (offsetBytes == 0) {
        add(view, length, SPARSE);
      } else {
        lcn += number(view, at + 1 + lengthBytes, offsetBytes);
        if (lcn < 0 || lcn >= clusters || length > clusters - lcn) {
          throw view.corrupt(
              "run", at, length + " clusters at " + Fault.number(lcn), "the volume's " + clusters);
        }
        if (length > room - stored) {
          throw view.corrupt(
              "run", at, length + " clusters after " + stored, "the volume's " + room);
        }
        stored += length;
        add(view, length, lcn);
      }
      at += 1 + lengthBytes + offsetBytes;
    }
  }

  /** A signed little-endian number. */
  private static long number(ByteView view, int at, int length) throws CorruptImage {
    long value = (byte) view.u8(at + length - 1);
    for (int i = length - 2; i >= 0; i--) {
      value = value << 8 | view.u8(at + i);
    }
    return value;
  }

  private void add(ByteView view, long length, long lcn) throws LimitExceeded {
    if (count == MAX_RUNS) {
      throw view.tooLarge("runs", 32, "more than " + MAX_RUNS, "at most " + MAX_RUNS);
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lcns = Arrays.copyOf(lcns, 2 * count);
    }
    starts[count] = end;
    lcns[count] = lcn;
    count++;
    end += length;
  }

  /** How many clusters of the stream are mapped. */
  long clusters() {
    return end;
  }

  int count() {
    return count;
  }

  boolean hasHoles() {
    return stored < end;
  }

  /** The run that holds a cluster of the stream, which is mapped. */
  int find(long vcn) {
    int found = Arrays.binarySearch(starts, 0, count, vcn);
    return found >= 0 ? found : -found - 2;
  }

  long start(int run) {
    return starts[run];
  }

  /** The cluster of the stream behind the run. */
  long end(int run) {
    return run + 1 < count ? starts[run + 1] : end;
  }

  /** The run's first cluster on the volume, or {@link #SPARSE}. */
  long lcn(int run) {
    return lcns[run];
  }
}
