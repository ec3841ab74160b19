package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** A small volume made by mke2fs and the kernel ({@code make-images}), in memory, to be damaged. */
final class TestVolume {

  static final int SUPERBLOCK = 1024;
  static final int BLOCK = 1024;

  private final ByteBuffer bytes;

  private TestVolume(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A fresh one.
   *
   * @param name {@code ext2}; {@code plain}, ext4 without checksums; {@code summed}, with them
   */
  static TestVolume of(String name) throws IOException {
    try (InputStream packed =
        Objects.requireNonNull(TestVolume.class.getResourceAsStream(name + ".img.gz"))) {
      return new TestVolume(new GZIPInputStream(packed).readAllBytes());
    }
  }

  byte[] array() {
    return bytes.array();
  }

  ByteSource source() {
    return new MemorySource("volume", bytes.array());
  }

  ExtFileSystem open() throws IOException {
    return ExtFileSystem.open(source()).orElseThrow();
  }

  TestVolume put8(long at, int value) {
    bytes.put((int) at, (byte) value);
    return this;
  }

  TestVolume put16(long at, int value) {
    bytes.putShort((int) at, (short) value);
    return this;
  }

  TestVolume put32(long at, long value) {
    bytes.putInt((int) at, (int) value);
    return this;
  }

  TestVolume putText(long at, String text) {
    bytes.put((int) at, EntryNames.encode(text));
    return this;
  }

  int u16(long at) {
    return Short.toUnsignedInt(bytes.getShort((int) at));
  }

  long u32(long at) {
    return Integer.toUnsignedLong(bytes.getInt((int) at));
  }

  /** Changes one bit. */
  TestVolume flip(long at) {
    return put8(at, bytes.get((int) at) ^ 0x10);
  }

  /** The node of a path of names separated by slashes. */
  Node node(String path) throws IOException {
    return node(open(), path);
  }

  static Node node(ExtFileSystem fileSystem, String path) throws IOException {
    Node node = fileSystem.root();
    for (String name : List.of(path.split("/"))) {
      if (!name.isEmpty()) {
        node = node.child(name).orElseThrow();
      }
    }
    return node;
  }

  /** Where the inode of a path lies. */
  long inode(String path) throws IOException {
    return open().volume().inodeView(node(path).number()).offset();
  }

  /** Where the first block of a directory without extents lies, or the first extent's of others. */
  long firstBlock(String path) throws IOException {
    ExtVolume volume = open().volume();
    Inode inode = volume.inode(node(path).number());
    return BlockMap.of(volume, inode).at(0).physical() * BLOCK;
  }

  /** All of a file's content, which the caller knows to be short. */
  byte[] content(String path) throws IOException {
    ByteSource content = node(path).content();
    ByteBuffer all = ByteBuffer.allocate((int) content.size());
    content.read(0, all);
    return all.array();
  }

  List<Problem> check() throws IOException {
    List<Problem> problems = new ArrayList<>();
    open().check(problems::add);
    return problems;
  }
}
