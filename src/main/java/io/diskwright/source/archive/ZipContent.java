package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The content of a member of a zip archive, unpacked as it is read. It ends only when its length
 * and its checksum are what the archive says; closing it leaves the archive open.
 */
final class ZipContent extends BulkStream {

  private final ForwardSource archive;
  private final String name;
  private final ZipMethod method;
  private final @Nullable Stated stated;
  private final PackedStream packed;
  private final Inflating inflating;
  private final CRC32 crc = new CRC32();
  private @Nullable InputStream content;
  private long size;
  private boolean ended;

  /**
   * What an archive says about a member before its data.
   *
   * @param packed bytes as it is stored
   * @param size bytes of the content
   * @param crc32 of the content
   */
  record Stated(long packed, long size, long crc32) {}

  /**
   * @param archive at the member's data
   * @param name of the member, for messages
   * @param stated null when that follows the data
   */
  ZipContent(ForwardSource archive, String name, ZipMethod method, @Nullable Stated stated) {
    this.archive = archive;
    this.name = name;
    this.method = method;
    this.stated = stated;
    long limit = stated == null ? Long.MAX_VALUE : stated.packed();
    this.packed = new PackedStream(archive, limit);
    this.inflating = new Inflating(archive, limit);
  }

  /** What the content turned out to be; of use at its end. */
  Stated found() {
    return new Stated(consumed(), size, crc.getValue());
  }

  private long consumed() {
    return switch (method) {
      case DEFLATED -> inflating.consumed();
      default -> stated == null ? size : stated.packed() - packed.left();
    };
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    if (length == 0 || ended) {
      return length == 0 ? 0 : -1;
    }
    int count = unpack(target, at, length);
    if (count < 0) {
      verify();
      ended = true;
      return -1;
    }
    size += count;
    if (stated != null && size > stated.size()) {
      throw wrong("size", "more than " + Fault.number(stated.size()), "as many as are stated");
    }
    crc.update(target, at, count);
    return count;
  }

  private int unpack(byte[] target, int at, int length) throws IOException {
    if (method == ZipMethod.STORED) {
      return packed.read(target, at, length);
    }
    try {
      InputStream stream = content;
      if (stream == null) {
        stream = method == ZipMethod.DEFLATED ? inflating : method.unpack(packed);
        content = stream;
      }
      return stream.read(target, at, length);
    } catch (Inflating.DamagedException | RuntimeException e) {
      throw damaged(e);
    } catch (IOException e) {
      if (method == ZipMethod.DEFLATED) {
        throw e;
      }
      if (packed.failure() != null) {
        throw packed.failure();
      }
      throw damaged(e);
    }
  }

  private CorruptImage damaged(Exception e) {
    return wrong("packed data", Member.shown(String.valueOf(e.getMessage())), "sound data");
  }

  private void verify() throws CorruptImage {
    if (stated != null && !found().equals(stated)) {
      throw wrong("content", shown(found()), shown(stated) + ", as stated");
    }
  }

  private static String shown(Stated stated) {
    return Fault.number(stated.size())
        + " bytes in "
        + Fault.number(stated.packed())
        + " packed ones, CRC-32 "
        + Digester.crc32(stated.crc32());
  }

  private CorruptImage wrong(String what, String found, String allowed) {
    return new CorruptImage(
        archive.describe(),
        Member.shown(name) + " " + what,
        Fault.NOWHERE,
        found,
        allowed,
        "The archive is damaged; copy or download it again");
  }

  @Override
  public void close() throws IOException {
    if (content != null) {
      content.close();
    }
  }
}
