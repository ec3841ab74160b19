package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * The filesystem that {@code scripts/make-xfs-test-image} makes, to be changed. Fields are changed
 * where our own reader finds them, and checksums made right again.
 */
final class TestVolume {

  private static final byte[] ORIGINAL = read();

  private final byte[] bytes = ORIGINAL.clone();
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private final XfsFileSystem original;

  TestVolume() throws IOException {
    original = XfsFileSystem.open(new MemorySource("original", ORIGINAL)).orElseThrow();
  }

  private static byte[] read() {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(TestVolume.class.getResourceAsStream("forms.img.gz")))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The filesystem as it was made. */
  XfsFileSystem original() {
    return original;
  }

  byte[] bytes() {
    return bytes;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /** The inode of a file in the root directory, of {@code ""} the root's. */
  Inode inode(String name) throws IOException {
    Node root = original.root();
    Node node = name.isEmpty() ? root : root.child(name).orElseThrow();
    return original.metadata().inode(node.number());
  }

  /** Where the inode of a file in the root directory lies. */
  int at(String name) throws IOException {
    return (int) inode(name).view().offset();
  }

  /** Where a block of a file's data fork lies. */
  int block(String name, long fileBlock) throws IOException {
    Inode inode = inode(name);
    return block(ExtentMap.of(original.metadata(), inode, inode.data()), fileBlock);
  }

  /** Where a block of a file's attribute fork lies. */
  int attributeBlock(String name, long fileBlock) throws IOException {
    Inode inode = inode(name);
    Fork fork = inode.attributes().orElseThrow();
    return block(ExtentMap.of(original.metadata(), inode, fork), fileBlock);
  }

  private int block(ExtentMap map, long fileBlock) throws IOException {
    Extent extent = Objects.requireNonNull(map.find(fileBlock));
    long block = extent.block() + Math.max(0, fileBlock - extent.offset());
    return (int) original.metadata().geometry().offset(block);
  }

  TestVolume put8(int at, int value) {
    bytes[at] = (byte) value;
    return this;
  }

  TestVolume put16(int at, int value) {
    buffer.putShort(at, (short) value);
    return this;
  }

  TestVolume put32(int at, long value) {
    buffer.putInt(at, (int) value);
    return this;
  }

  TestVolume put64(int at, long value) {
    buffer.putLong(at, value);
    return this;
  }

  /** Opens the changed filesystem as it is. */
  XfsFileSystem openUnsealed() throws IOException {
    return XfsFileSystem.open(new MemorySource("changed", bytes)).orElseThrow();
  }

  /** Opens the changed filesystem with checksums that fit. */
  XfsFileSystem open() throws IOException {
    XfsSeals.seal(bytes);
    return openUnsealed();
  }

  /** A file of the changed filesystem. */
  Node node(String name) throws IOException {
    return open().root().child(name).orElseThrow();
  }

  List<Problem> check() throws IOException {
    List<Problem> problems = new ArrayList<>();
    open().check(problems::add);
    return problems;
  }

  FilesystemFacts facts() throws IOException {
    return open().facts();
  }
}
