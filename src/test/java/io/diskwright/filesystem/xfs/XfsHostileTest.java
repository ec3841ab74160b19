package io.diskwright.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real filesystem, changed as no kernel would. */
class XfsHostileTest {

  private static final int CORE = 176;
  private static final int LEAVES = 1 << 25;

  private final TestVolume volume = volume();

  private static TestVolume volume() {
    try {
      return new TestVolume();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(ThrowingCallable step, String... parts) {
    assertThatThrownBy(step).isInstanceOf(CorruptImage.class).hasMessageContainingAll(parts);
  }

  private static void list(Node directory) throws IOException {
    EntryCursor cursor = directory.entries();
    for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
      assertThat(entry.name()).isNotEmpty();
    }
  }

  private static void readAll(Node node) throws IOException {
    ByteSource content = node.content();
    ByteBuffer piece = ByteBuffer.allocate(1 << 16);
    for (long at = 0; at < content.size(); at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), content.size() - at));
      content.read(at, piece);
    }
  }

  private static void readAttributes(Node node) throws IOException {
    for (ByteSource value : node.extendedAttributes().values()) {
      value.read(0, ByteBuffer.allocate((int) value.size()));
    }
  }

  @Test
  void whatIsNoXfsIsNotOurs() throws IOException {
    assertThat(XfsFileSystem.open(new MemorySource("short", new byte[100]))).isEmpty();
    assertThat(XfsFileSystem.open(new MemorySource("zeros", new byte[4096]))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1000, blocklog",
    "120, 1, 40, blocklog",
    "122, 1, 12, inodelog",
    "123, 1, 7, inopblog",
    "8, 8, 9223372036854775807, dblocks",
    "8, 8, 0, dblocks",
    "84, 4, 0, agblocks",
    "84, 4, 4294967295, agblocks",
    "88, 4, 0, agcount",
    "88, 4, 4294967295, agcount",
    "124, 1, 63, agblklog",
    "121, 1, 20, sectlog",
    "126, 1, 1, inprogress",
    "192, 1, 200, dirblklog",
    "56, 8, 0, rootino",
    "56, 8, -5, rootino",
    "96, 4, 4294967295, logstart",
  })
  void superblocksThatCannotBeAreRefused(int at, int width, long value, String field) {
    switch (width) {
      case 1 -> volume.put8(at, (int) value);
      case 4 -> volume.put32(at, value);
      default -> volume.put64(at, value);
    }
    refused(volume::open, "superblock " + field);
  }

  @ParameterizedTest
  @CsvSource({
    "8, metadir",
    "9, zoned",
    "10, zonegaps",
    "30, not known",
  })
  void featuresThatAreNotReadAreNamed(int bit, String name) {
    volume.put32(216, volume.buffer().getInt(216) | 1 << bit);
    assertThatThrownBy(volume::open)
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContainingAll("features_incompat", "bit " + bit, name);
  }

  @Test
  void anUnfinishedRepairIsReported() throws IOException {
    volume.put32(216, volume.buffer().getInt(216) | 0x10);
    assertThat(volume.facts().errors()).isTrue();
    assertThat(volume.facts().problems().toString()).contains("needsrepair");
    list(volume.open().root());
  }

  @Test
  void unknownFeaturesThatDoNotMatterToReadersAreNamed() throws IOException {
    volume.put32(212, volume.buffer().getInt(212) | 1 << 20);
    assertThat(volume.facts().features()).contains("ro-compat-bit-20", "rmapbt");
  }

  /** A byte that no checksum covers any more. */
  @ParameterizedTest
  @ValueSource(strings = {"superblock", "inode", "directory", "index", "tree", "link", "value"})
  void wrongChecksumsAreFound(String what) throws IOException {
    ThrowingCallable step =
        switch (what) {
          case "superblock" -> flipped(200, volume::openUnsealed);
          case "inode" -> flipped(volume.at("file") + 300, () -> child("file"));
          case "directory" -> flipped(volume.block("leaf", 0) + 3000, () -> list(child("leaf")));
          case "index" ->
              flipped(volume.block("node", LEAVES) + 1000, () -> child("node").child("x"));
          case "tree" -> {
            int root = volume.at("holes") + CORE;
            Fork fork = volume.inode("holes").data();
            long block = fork.rootPointer(0);
            assertThat(root).isPositive();
            yield flipped(
                (int) volume.original().metadata().geometry().offset(block) + 900,
                () -> readAll(child("holes")));
          }
          case "link" -> flipped(volume.block("slow", 0) + 500, () -> child("slow").linkTarget());
          default -> {
            int block = volume.attributeBlock("attribute-btree-0", 4);
            yield flipped(block + 100, () -> readAttributes(child("attribute-btree-0")));
          }
        };
    refused(step, " crc ", "of the bytes as they are");
  }

  private ThrowingCallable flipped(int at, ThrowingCallable step) {
    volume.put8(at, volume.bytes()[at] ^ 0x40);
    return step;
  }

  private Node child(String name) throws IOException {
    return volume.openUnsealed().root().child(name).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 0, crc",
    "4, 1, 2, crc",
    "152, 8, 77, ino",
    "160, 8, 77, uuid",
    "2, 2, 0170000, mode",
    "2, 2, 0, mode",
    "56, 8, -1, size",
    "82, 1, 250, forkoff",
  })
  void inodesThatCannotBeAreRefused(int at, int width, String value, String field)
      throws IOException {
    long number = Long.decode(value);
    int place = volume.at("file") + at;
    switch (width) {
      case 1 -> volume.put8(place, (int) number);
      case 2 -> volume.put16(place, (int) number);
      default -> volume.put64(place, number);
    }
    refused(() -> volume.node("file").attributes(), "inode ", field);
  }

  @Test
  void forksThatClaimMoreThanTheyHoldAreRefused() throws IOException {
    volume.put32(volume.at("file") + 76, 0x7fffffff);
    refused(() -> readAll(volume.node("file")), "data fork", "extents");
  }

  @ParameterizedTest
  @ValueSource(longs = {0x1fffff, 0})
  void extentsPastTheEndAreRefused(long count) throws IOException {
    int low = volume.at("file") + CORE + 8;
    volume.put64(low, volume.buffer().getLong(low) & ~0x1fffffL | count);
    refused(() -> readAll(volume.node("file")), "extent 0", "inside one allocation group");
  }

  @Test
  void contentIsNeverReadPastTheVolume() throws IOException {
    volume.put64(volume.at("file") + 56, Long.MAX_VALUE);
    Node file = volume.node("file");
    ByteSource content = file.content();
    assertThat(content.size()).isEqualTo(Long.MAX_VALUE);
    ByteBuffer end = ByteBuffer.allocate(10).put(0, (byte) 1);
    content.read(Long.MAX_VALUE - 10, end);
    assertThat(end.array()).containsOnly(0);
    assertThat(content.runAt(1 << 20, Long.MAX_VALUE - (1 << 20)).hole()).isTrue();
    refused(() -> content.read(Long.MAX_VALUE - 5, end.clear()), "content");
  }

  @Test
  void aTreeThatLeadsToItselfIsRefused() throws IOException {
    Fork fork = volume.inode("btree").data();
    int pointers = volume.at("btree") + CORE + 4 + fork.rootCapacity() * 8;
    volume.put16(volume.at("btree") + CORE, 2);
    for (int i = 0; i < fork.rootCount(); i++) {
      volume.put64(pointers + 8 * i, fork.rootPointer(0));
    }
    refused(() -> list(volume.node("btree")), "extent tree level", "allowed: 1");
  }

  @Test
  void aLeafThatIsItsOwnSiblingIsRefused() throws IOException {
    Fork fork = volume.inode("holes").data();
    for (int i = 0; i < fork.rootCount(); i++) {
      int leaf = (int) volume.original().metadata().geometry().offset(fork.rootPointer(i));
      volume.put64(leaf + 16, fork.rootPointer(i));
    }
    refused(
        () -> {
          ByteSource content = volume.node("holes").content();
          for (long at = 0; at < content.size(); at += content.runAt(at, content.size()).length()) {
            assertThat(at).isNotNegative();
          }
        },
        "content");
    refused(
        () -> {
          ByteSource content = volume.node("holes").content();
          for (long at = 0; at < content.size(); ) {
            at += content.runAt(at, content.size() - at).length();
          }
        },
        "extent tree rightsib");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 200, 'entry'",
    "1, 1, 'past the end'",
    "6, 250, 'past the end'",
    "6, 0, 'namelen'",
  })
  void shortDirectoriesThatLieAreRefused(int at, int value, String part) throws IOException {
    volume.put8(volume.at("local") + CORE + at, value);
    refused(() -> list(volume.node("local")), "inode ", part);
  }

  @Test
  void namesWithASlashAreRefused() throws IOException {
    volume.put8(volume.at("local") + CORE + 10, '/');
    refused(() -> list(volume.node("local")), "name", "without a slash");
    var other = new TestVolume();
    other.put8(other.block("block", 0) + 64 + 32 + 10, 0);
    refused(() -> list(other.node("block")), "name", "NUL");
  }

  /** Of the first entry behind {@code .} and {@code ..}. */
  @ParameterizedTest
  @CsvSource({
    "0, 8, 0, inumber",
    "0, 8, 1152921504606846976, inumber",
    "8, 1, 0, namelen",
    "8, 1, 255, tag",
    "30, 2, 5, tag",
  })
  void entriesThatCannotBeAreRefused(int at, int width, long value, String field)
      throws IOException {
    int entry = volume.block("leaf", 0) + 64 + 32;
    switch (width) {
      case 1 -> volume.put8(entry + at, (int) value);
      case 2 -> {
        int length = 9 + volume.bytes()[entry + 8] + 1 + 2 + 7 & ~7;
        volume.put16(entry + length - 2, (int) value);
      }
      default -> volume.put64(entry + at, value);
    }
    refused(() -> list(volume.node("leaf")), "directory block 0", field);
  }

  @Test
  void blocksOfAnotherDirectoryAreRefused() throws IOException {
    int block = volume.block("leaf", 0);
    volume.put64(block + 40, 99);
    refused(() -> list(volume.node("leaf")), "owner");
    volume.put64(block + 40, volume.inode("leaf").number()).put64(block + 8, 4);
    refused(() -> list(volume.node("leaf")), "blkno");
  }

  @Test
  void anIndexThatLeadsToItselfIsRefused() throws IOException {
    int root = volume.block("node", LEAVES);
    int count = volume.buffer().getShort(root + 56);
    for (int i = 0; i < count; i++) {
      volume.put32(root + 64 + 8 * i + 4, LEAVES);
    }
    refused(() -> volume.node("node").child("x"), "level", "allowed: 0");
  }

  @Test
  void leavesOfOneHashInACircleAreRefused() throws IOException {
    Inode inode = volume.inode("node");
    BlockDirectory directory = BlockDirectory.open(volume.original().metadata(), inode);
    IndexBlock root = directory.blocks().index(LEAVES);
    int rootAt = (int) root.view().offset();
    long hash = NameHash.of("x".getBytes(StandardCharsets.US_ASCII));
    long first = root.hashes().value(0);
    for (int i = 0; i < root.hashes().count(); i++) {
      volume.put32(rootAt + 64 + 8 * i, hash).put32(rootAt + 64 + 8 * i + 4, first);
    }
    IndexBlock leaf = directory.blocks().index(first);
    int leafAt = (int) leaf.view().offset();
    for (int i = 0; i < leaf.hashes().count(); i++) {
      volume.put32(leafAt + 64 + 8 * i, hash).put32(leafAt + 64 + 8 * i + 4, 0);
    }
    volume.put32(leafAt, first);
    refused(() -> volume.node("node").child("x"), "directory index", "more blocks");
  }

  @Test
  void anIndexThatLeadsNowhereIsRefused() throws IOException {
    int leaf = volume.block("leaf", LEAVES);
    int count = volume.buffer().getShort(leaf + 56);
    for (int i = 0; i < count; i++) {
      volume.put32(leaf + 64 + 8 * i + 4, 0x7fffffff);
    }
    String name = "n".repeat(60) + "7";
    refused(() -> volume.node("leaf").child(name), "directory block", "a hole");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1025, 1L << 40})
  void linksOfImpossibleLengthsAreRefused(long size) throws IOException {
    volume.put64(volume.at("slow") + 56, size);
    refused(() -> volume.node("slow").linkTarget(), "size", "symbolic link");
  }

  @Test
  void linksLongerThanTheirForkAreRefused() throws IOException {
    volume.put64(volume.at("fast") + 56, 1000);
    refused(() -> volume.node("fast").linkTarget(), "local content");
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 9999, totsize", "4, 1, 0, attribute 0", "5, 1, 255, attribute"})
  void shortAttributesThatLieAreRefused(int at, int width, int value, String part)
      throws IOException {
    Inode inode = volume.inode("attribute-local");
    int fork = volume.at("attribute-local") + inode.attributes().orElseThrow().at();
    if (width == 1) {
      volume.put8(fork + at, value);
    } else {
      volume.put16(fork + at, value);
    }
    refused(() -> readAttributes(volume.node("attribute-local")), part);
  }

  @Test
  void attributesInACircleAreRefused() throws IOException {
    int leaf = volume.attributeBlock("attribute-leaf", 0);
    volume.put32(leaf, 0);
    readAttributes(volume.node("attribute-leaf"));
    int node = volume.attributeBlock("attribute-node", 0);
    long first = volume.buffer().getInt(node + 64 + 4);
    volume.put32(volume.attributeBlock("attribute-node", first), first);
    refused(() -> readAttributes(volume.node("attribute-node")), "attribute index", "more blocks");
  }

  @Test
  void valuesThatLieElsewhereAreRefused() throws IOException {
    Inode inode = volume.inode("attribute-btree-0");
    assertThat(inode.attributes().orElseThrow().format()).isEqualTo(ForkFormat.BTREE);
    int value = volume.attributeBlock("attribute-btree-0", 4);
    volume.put32(value + 4, 12345);
    refused(() -> readAttributes(volume.node("attribute-btree-0")), "offset");
  }

  @Test
  void filesOnTheRealtimeDeviceAreNamed() throws IOException {
    volume.put16(volume.at("file") + 90, 1);
    assertThatThrownBy(() -> volume.node("file").content())
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("realtime");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "block", "leaf", "node", "btree"})
  void directoriesSayWhereTheyLie(String name) throws IOException {
    long root = volume.original().root().number();
    assertThat(volume.original().root().parentNumber()).isEmpty();
    assertThat(volume.original().root().child(name).orElseThrow().parentNumber()).hasValue(root);
    if (name.equals("local")) {
      volume.put32(volume.at(name) + CORE + 2, 99);
    } else {
      volume.put64(volume.block(name, 0) + 64 + 16, 99);
    }
    assertThat(volume.node(name).parentNumber()).hasValue(99);
  }

  /** Damage that reading does not come upon. */
  @ParameterizedTest
  @CsvSource({
    "AGF freeblks, 512, 52",
    "AGF longest, 512, 56",
    "AGI count, 1024, 16",
    "AGI freecount, 1024, 28",
    "superblock fdblocks, 0, 148",
    "superblock icount, 0, 132",
  })
  void countersThatAreWrongAreReported(String name, int header, int at) throws IOException {
    volume.put32(header + at, volume.buffer().getInt(header + at) + 1);
    assertThat(volume.check().toString()).contains(name.substring(name.indexOf(' ') + 1));
  }

  @Test
  void whatIsUsedTwiceIsReported() throws IOException {
    int file = volume.at("file") + CORE + 8;
    int other = volume.at("unwritten") + CORE + 8;
    long block = volume.buffer().getLong(other) & ~0x1fffffL;
    volume.put64(file, block | volume.buffer().getLong(file) & 0x1fffff);
    List<Problem> problems = volume.check();
    assertThat(problems.toString()).contains("used already", "neither free nor used");
  }

  @Test
  void linkCountsAreCompared() throws IOException {
    volume.put32(volume.at("file") + 16, 3);
    assertThat(volume.check())
        .singleElement()
        .satisfies(problem -> assertThat(problem.structure()).endsWith("nlink"));
  }

  @Test
  void aVolumeThatWasCutIsReported() throws IOException {
    byte[] cut = Arrays.copyOf(volume.bytes(), 20 << 20);
    XfsFileSystem fileSystem = XfsFileSystem.open(new MemorySource("cut", cut)).orElseThrow();
    assertThat(fileSystem.facts().problems().toString()).contains("superblock dblocks");
    assertThat(fileSystem.facts().size()).isEqualTo(32 << 20);
    assertThatThrownBy(
            () -> {
              for (String name : List.of("node", "btree", "local", "leaf", "holes", "file")) {
                list(fileSystem.root());
                readAttributes(fileSystem.root().child(name).orElseThrow());
                fileSystem.metadata().inode(volume.original().metadata().geometry().inode(1, 600));
              }
            })
        .isInstanceOf(ImageException.class);
  }

  @Test
  void aSoundOneHasNoProblems() throws IOException {
    assertThat(volume.check()).isEmpty();
    assertThat(volume.facts().problems()).isEmpty();
    assertThat(Forms.of(volume.original()))
        .contains(
            "directory, local",
            "directory, block",
            "directory, SINGLE_LEAF",
            "directory, NODE",
            "directory, btree",
            "attributes, btree",
            "attributes, remote value",
            "symbolic link, extents",
            "file, btree",
            "extent, unwritten");
  }
}
