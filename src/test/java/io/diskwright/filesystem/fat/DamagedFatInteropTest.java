package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.Node;
import io.diskwright.io.MemorySource;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage in a volume that mkfs.fat and mtools made: what fsck.fat finds, the check finds too. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedFatInteropTest {

  private static final int SECTOR = 512;

  @TempDir private static Path folder;
  private byte[] sound = {};
  private int entry;
  private int first;
  private int directory;
  private int deeper;
  private int other;

  enum Damage {
    NONE,
    LOOP,
    FREE,
    SHORT,
    PAST_THE_END,
    BAD,
    CROSS_LINK,
    LOST,
    SIZE,
    FIRST_CLUSTER,
    TABLES,
    DOT,
    DOT_DOT,
    SHORT_NAME,
    DIRECTORY_SIZE,
    DOUBLE_NAME,
    DIRECTORY_TWICE
  }

  @BeforeAll
  void makeVolume() throws Exception {
    Path file = folder.resolve("volume");
    Tool.run("mkfs.fat", "-C", "-F", "16", "-s", "1", file.toString(), "4000");
    Path tree = Files.createDirectories(folder.resolve("DIR/deeper"));
    Files.write(tree.resolve("a long name of a file.text"), new byte[20_000]);
    for (int i = 0; i < 20; i++) {
      Files.write(tree.resolve("f" + i), new byte[i * 300]);
    }
    Path plain = Files.write(folder.resolve("FILE"), new byte[5000]);
    Tool.run("mcopy", "-s", "-i", file.toString(), folder.resolve("DIR").toString(), "::");
    Tool.run("mcopy", "-i", file.toString(), plain.toString(), "::");
    sound = Files.readAllBytes(file);
    Node root = open(sound).root();
    entry = (int) root.child("FILE").orElseThrow().number();
    directory = (int) root.child("DIR").orElseThrow().number();
    Node inside = root.child("DIR").orElseThrow().child("deeper").orElseThrow();
    deeper = (int) inside.number();
    ByteBuffer bytes = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    first = bytes.getShort(entry + 26);
    other = bytes.getShort((int) inside.child("f19").orElseThrow().number() + 26);
  }

  private static FatFileSystem open(byte[] volume) throws IOException {
    return FatFileSystem.open(new MemorySource("volume", volume)).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void findsWhatFsckFinds(Damage damage) throws Exception {
    byte[] volume = sound.clone();
    ByteBuffer bytes = ByteBuffer.wrap(volume).order(ByteOrder.LITTLE_ENDIAN);
    switch (damage) {
      case NONE -> assertThat(bytes.getShort(entry + 26)).isEqualTo((short) first);
      case LOOP -> next(bytes, first + 1, first);
      case FREE -> next(bytes, first + 1, 0);
      case SHORT -> next(bytes, first + 1, 0xffff);
      case PAST_THE_END -> next(bytes, first + 1, 0xfff0);
      case BAD -> next(bytes, first + 1, 0xfff7);
      case CROSS_LINK -> next(bytes, first + 1, other);
      case LOST -> next(bytes, 7000, 0xffff);
      case SIZE -> bytes.putInt(entry + 28, 10_000);
      case FIRST_CLUSTER -> bytes.putShort(entry + 26, (short) 0xfff0);
      case TABLES -> bytes.putShort((int) boot(bytes).fatOffset(1) + 2 * 7000, (short) 5);
      case DOT -> bytes.put(cluster(bytes, deeper), (byte) 'X');
      case DOT_DOT -> bytes.putShort(cluster(bytes, deeper) + 32 + 26, (short) first);
      case SHORT_NAME -> bytes.put(entry + 1, (byte) '*');
      case DIRECTORY_SIZE -> bytes.putInt(cluster(bytes, directory) + entryOf(bytes) + 28, 512);
      case DOUBLE_NAME -> bytes.put(entry, "DIR        ".getBytes(StandardCharsets.US_ASCII));
      case DIRECTORY_TWICE ->
          bytes.put(entry + 11, (byte) 0x10).putShort(entry + 26, (short) deeper);
    }
    Path file = Files.write(folder.resolve("damaged"), volume);
    String fsck =
        Tool.run("sh", "-c", "fsck.fat -n -v " + file + "; echo \"ended with $?\"").strip();
    List<String> found = new ArrayList<>();
    open(volume).check(problem -> found.add(problem.structure() + ": " + problem.found()));
    assertThat(found.isEmpty()).as(found + "\n" + fsck).isEqualTo(fsck.endsWith("ended with 0"));
    assertThat(found.isEmpty()).isEqualTo(damage == Damage.NONE);
  }

  private static BootSector boot(ByteBuffer bytes) throws IOException {
    return BootSector.parse(
        new MemorySource("volume", bytes.array())
            .view("boot sector", 0, SECTOR, ByteOrder.LITTLE_ENDIAN));
  }

  private static void next(ByteBuffer bytes, int cluster, int next) throws IOException {
    for (int table = 0; table < 2; table++) {
      bytes.putShort((int) boot(bytes).fatOffset(table) + 2 * cluster, (short) next);
    }
  }

  private static int cluster(ByteBuffer bytes, int cluster) throws IOException {
    return (int) boot(bytes).clusterOffset(cluster);
  }

  /** Where the entry of the directory inside lies in its parent: behind the slot of its name. */
  private int entryOf(ByteBuffer bytes) throws IOException {
    int at = 64;
    while (bytes.getShort(cluster(bytes, directory) + at + 26) != deeper) {
      at += 32;
    }
    return at;
  }
}
