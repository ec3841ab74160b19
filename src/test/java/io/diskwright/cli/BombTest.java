package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files that claim much. Each command has 256 MiB of heap, and as much time as a hang would
 * show itself in.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BombTest {

  private static final long GIB = 1L << 30;
  private static final ChildJvm COMMAND =
      ChildJvm.of(Main.class).with("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1").within(100);

  @TempDir private Path folder;

  private void assertRefused(Path image) throws Exception {
    for (String command : new String[] {"info", "validate", "map", "convert"}) {
      ChildJvm.Ran ran = COMMAND.run(command, image);
      assertThat(ran.code()).as(command + ": " + ran.err()).isEqualTo(3);
      assertThat(ran.err().lines()).as(command).hasSize(1);
    }
    assertThat(image.resolveSibling("bomb.vhd.partial")).doesNotExist();
  }

  /** Info shows it, convert refuses its size before it writes anything. */
  private void assertShownAndTooLarge(Path image) throws Exception {
    ChildJvm.Ran info = COMMAND.run("info", image);
    assertThat(info.code()).as(info.err()).isZero();
    assertThat(COMMAND.run("validate", image).code()).isEqualTo(1);
    ChildJvm.Ran map = COMMAND.run("map", image);
    assertThat(map.code()).as(map.err()).isZero();
    ChildJvm.Ran convert = COMMAND.run("convert", image);
    assertThat(convert.code()).as(convert.err()).isEqualTo(3);
    assertThat(convert.err()).contains("500 GiB");
  }

  /** A version 3 image with nothing but its header; the file is a hole. */
  private Path qcow2(String name, int clusterBits, long size, int l1Size, String backing)
      throws IOException {
    Path file = folder.resolve(name);
    long cluster = 1L << clusterBits;
    byte[] below = backing.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer header = ByteBuffer.allocate(512);
    header.putInt(0x514649fb).putInt(3);
    header.putLong(below.length == 0 ? 0 : 256).putInt(below.length).putInt(clusterBits);
    header.putLong(size).putInt(0).putInt(l1Size).putLong(3 * cluster);
    header.putLong(cluster).putInt(1).putInt(0).putLong(0);
    header.putLong(0).putLong(0).putLong(0).putInt(4).putInt(104);
    header.put(256, below);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(3 * cluster + Math.ceilDiv(8L * l1Size, cluster) * cluster);
      out.write(header.array());
      out.seek(cluster);
      out.writeLong(2 * cluster);
    }
    return file;
  }

  @Test
  void tablesThatAreShared() throws Exception {
    Path image = qcow2("bomb.qcow2", 16, 1L << 45, 1 << 16, "");
    try (var out = new RandomAccessFile(image.toFile(), "rw")) {
      long table = out.length();
      out.setLength(table + (2 << 16));
      ByteBuffer l1 = ByteBuffer.allocate(8 << 16);
      ByteBuffer l2 = ByteBuffer.allocate(1 << 16);
      while (l1.hasRemaining()) {
        l1.putLong(table | 1L << 63);
      }
      while (l2.hasRemaining()) {
        l2.putLong(table + (1 << 16) | 1L << 63);
      }
      out.seek(3 << 16);
      out.write(l1.array());
      out.seek(table);
      out.write(l2.array());
    }
    assertRefused(image);
  }

  @Test
  void aDiskOfEightExbibytes() throws Exception {
    Path image = qcow2("bomb.qcow2", 21, Long.MAX_VALUE - 511, 1 << 24, "");
    for (String command : new String[] {"info", "validate", "map", "convert"}) {
      ChildJvm.Ran ran = COMMAND.run(command, image);
      assertThat(ran.code()).as(command + ": " + ran.err()).isBetween(0, 3);
      assertThat(ran.err().lines()).hasSizeLessThan(2);
    }
    assertThat(COMMAND.run("convert", image).code()).isEqualTo(3);
  }

  @Test
  void aDiskOfManyTebibytes() throws Exception {
    assertShownAndTooLarge(qcow2("bomb.qcow2", 16, 1L << 42, 1 << 13, ""));
    Path raw = folder.resolve("bomb.raw");
    try (var out = new RandomAccessFile(raw.toFile(), "rw")) {
      out.setLength(15L << 40);
    }
    assertShownAndTooLarge(raw);
  }

  @Test
  void fiveHundredGibibytesOfAKibibyte() throws Exception {
    Path image =
        Files.writeString(
            folder.resolve("bomb.vmdk"),
            "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\n"
                + "createType=\"twoGbMaxExtentSparse\"\nRW "
                + (500 * GIB / 512)
                + " ZERO\n");
    ChildJvm.Ran ran = COMMAND.run("convert", "--no-validate", "--progress", "none", image);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(folder.resolve("bomb.vhd")).hasSize(500 * GIB + 512);

    byte[] footer = new byte[512];
    byte[] vhd = Files.readAllBytes(Path.of("native-test-images", "vhd-fixed.vhd"));
    System.arraycopy(vhd, vhd.length - 512, footer, 0, 512);
    ByteBuffer.wrap(footer).putLong(48, 500 * GIB);
    assertRefused(Files.write(folder.resolve("footer.vhd"), checksummed(footer)));

    byte[] vdi = Files.readAllBytes(Path.of("native-test-images", "vdi-dynamic.vdi"));
    ByteBuffer.wrap(vdi).order(ByteOrder.LITTLE_ENDIAN).putLong(0x170, 500 * GIB);
    assertRefused(Files.write(folder.resolve("map.vdi"), Arrays.copyOf(vdi, 4096)));
  }

  private static byte[] checksummed(byte[] footer) {
    ByteBuffer.wrap(footer).putInt(64, 0);
    int sum = 0;
    for (byte b : footer) {
      sum += Byte.toUnsignedInt(b);
    }
    ByteBuffer.wrap(footer).putInt(64, ~sum);
    return footer;
  }

  @Test
  void aChainOfAThousand() throws Exception {
    Path top = qcow2("bomb.qcow2", 9, 1 << 20, 32, "c1.qcow2");
    for (int i = 1; i < 1000; i++) {
      qcow2("c" + i + ".qcow2", 9, 1 << 20, 32, i == 999 ? "" : "c" + (i + 1) + ".qcow2");
    }
    assertRefused(top);
  }

  /** Each level is asked for each of the many pieces that all of them leave out. */
  @Test
  void aDeepChainOfLargeTables() throws Exception {
    int depth = 250;
    int l1Size = 1 << 16;
    long size = (long) l1Size << 15;
    Path top = qcow2("bomb.qcow2", 9, size, l1Size, "c1.qcow2");
    for (int i = 1; i < depth; i++) {
      qcow2("c" + i + ".qcow2", 9, size, l1Size, i == depth - 1 ? "" : "c" + (i + 1) + ".qcow2");
    }
    ChildJvm.Ran ran = COMMAND.run("info", top);
    assertThat(ran.code()).as(ran.err()).isIn(0, 3);
  }

  @Test
  void aHundredThousandExtents() throws Exception {
    var descriptor = new StringBuilder("# Disk DescriptorFile\nversion=1\nCID=1\n");
    descriptor.append("parentCID=ffffffff\ncreateType=\"twoGbMaxExtentFlat\"\n");
    Files.write(folder.resolve("x.raw"), new byte[512]);
    for (int i = 0; i < 100_000; i++) {
      descriptor.append("RW 1 FLAT \"x.raw\" 0\n");
    }
    assertRefused(Files.writeString(folder.resolve("bomb.vmdk"), descriptor));
  }

  @Test
  void logicalPartitionsInARing() throws Exception {
    byte[] disk = new byte[1 << 20];
    ByteBuffer sectors = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    sectors.put(450, (byte) 5).putInt(454, 64).putInt(458, 1900).putShort(510, (short) 0xaa55);
    for (int i = 0; i < 2; i++) {
      int at = (64 + 64 * i) * 512;
      sectors.put(at + 450, (byte) 0x83).putInt(at + 454, 1).putInt(at + 458, 10);
      sectors.put(at + 466, (byte) 5).putInt(at + 470, 64 - 64 * i).putInt(at + 474, 60);
      sectors.putShort(at + 510, (short) 0xaa55);
    }
    Path image = Files.write(folder.resolve("bomb.raw"), disk);
    ChildJvm.Ran info = COMMAND.run("info", image);
    assertThat(info.code()).as(info.err()).isZero();
    assertThat(info.out()).contains("table problem");
    assertThat(COMMAND.run("validate", image).code()).isEqualTo(1);
  }
}
