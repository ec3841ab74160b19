package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.MemorySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * The volume that {@code scripts/make-ntfs-test-image} makes by mkntfs and ntfs-3g, to be changed
 * field by field.
 */
final class TestVolume {

  static final int RECORD = 1024;
  static final int BLOCK = 4096;
  private static final int SECURITY_DESCRIPTOR = 0x50;

  private static final byte[] ORIGINAL = read();

  private final byte[] bytes = ORIGINAL.clone();
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  private static byte[] read() {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(TestVolume.class.getResourceAsStream("forms.raw.gz")))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the script writes into files: lines that count themselves. */
  static byte[] text(int lines) {
    var text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("line ").append(i).append(" of the text that compresses\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The volume's bytes, little-endian. */
  ByteBuffer buffer() {
    return buffer;
  }

  NtfsFileSystem open() throws IOException {
    return NtfsFileSystem.open(new MemorySource("volume", bytes)).orElseThrow();
  }

  /** The node of a path as the volume is now. */
  Node node(String path) throws IOException {
    Node node = open().root();
    for (String name : path.split("/")) {
      node = node.child(name).orElseThrow();
    }
    return node;
  }

  byte[] content(String path) throws IOException {
    var content = node(path).content();
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(content.size()));
    content.read(0, all);
    return all.array();
  }

  List<Problem> check() throws IOException {
    List<Problem> problems = new ArrayList<>();
    open().check(problems::add);
    return problems;
  }

  /** The number of the record of a path in the volume as it was made. */
  static long number(String path) {
    try {
      return new TestVolume().node(path).number();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a record: it is given without fix-ups, which are made again. */
  TestVolume record(long number, Consumer<ByteBuffer> change) {
    return structure("FILE", 44, number, 0, RECORD, change);
  }

  TestVolume record(String path, Consumer<ByteBuffer> change) {
    return record(number(path), change);
  }

  /** Changes a block of the index of the directory {@code many}, as {@link #record}. */
  TestVolume block(long vcn, Consumer<ByteBuffer> change) {
    return structure("INDX", 16, vcn, indexStart(), BLOCK, change);
  }

  /** Where the index of {@code many} starts: the one with its names. */
  private int indexStart() {
    byte[] name = "a name that takes".getBytes(StandardCharsets.UTF_16LE);
    for (int at = 0; at < bytes.length; at += 512) {
      boolean index = buffer.getInt(at) == 0x58444e49;
      for (int i = at; index && i < at + 512; i += 2) {
        if (ByteBuffer.wrap(bytes, i, name.length).equals(ByteBuffer.wrap(name))) {
          return at;
        }
      }
    }
    throw new AssertionError("no index");
  }

  private TestVolume structure(
      String magic, int field, long number, int from, int length, Consumer<ByteBuffer> change) {
    int word = ByteBuffer.wrap(magic.getBytes(StandardCharsets.US_ASCII)).getInt();
    for (int at = from; at < bytes.length; at += 512) {
      if (buffer.getInt(at) == Integer.reverseBytes(word)
          && buffer.getInt(at + field) == (int) number) {
        ByteBuffer structure = buffer.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
        int array = structure.getShort(4);
        for (int i = 1; i <= length / 512; i++) {
          structure.putShort(i * 512 - 2, structure.getShort(array + 2 * i));
        }
        change.accept(structure);
        for (int i = 1; i <= length / 512; i++) {
          structure.putShort(array + 2 * i, structure.getShort(i * 512 - 2));
          structure.putShort(i * 512 - 2, structure.getShort(array));
        }
        return this;
      }
    }
    throw new AssertionError("no " + magic + " " + number);
  }

  /** Where the first attribute of a type starts in a record. */
  static int attribute(ByteBuffer record, int type) {
    int at = record.getShort(20);
    while (record.getInt(at) != type) {
      if (record.getInt(at) == -1) {
        throw new AssertionError("no attribute " + type);
      }
      at += record.getInt(at + 4);
    }
    return at;
  }

  /** Changes an attribute of a file; the position in the record is that of the attribute. */
  TestVolume attribute(String path, int type, AttributeChange change) {
    return record(path, record -> change.apply(record, attribute(record, type)));
  }

  /** Puts a list of attributes into its record, where ntfs-3g never leaves it. */
  TestVolume makeListResident(String path) {
    return attribute(
        path,
        Attribute.ATTRIBUTE_LIST,
        (record, at) -> {
          int run = at + record.getShort(at + 32);
          int length = (int) record.getLong(at + 48);
          byte[] list = new byte[length];
          buffer.get(record.getShort(run + 2) * RECORD, list);
          // Who may read the file counts for nothing here, and makes room.
          var rest = new ByteArrayOutputStream();
          int next = at + record.getInt(at + 4);
          while (record.getInt(next) != -1) {
            byte[] attribute = new byte[record.getInt(next + 4)];
            record.get(next, attribute);
            if (record.getInt(next) != SECURITY_DESCRIPTOR) {
              rest.writeBytes(attribute);
            }
            next += attribute.length;
          }
          rest.writeBytes(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0});
          int whole = 24 + (length + 7) / 8 * 8;
          record.putInt(at + 4, whole).put(at + 8, (byte) 0);
          record.putInt(at + 16, length).putInt(at + 20, 24).put(at + 24, list);
          record.put(at + whole, rest.toByteArray()).putInt(24, at + whole + rest.size());
        });
  }

  /** Changes an attribute that starts there in the record. */
  @FunctionalInterface
  interface AttributeChange {
    void apply(ByteBuffer record, int at);
  }
}
