package io.diskwright.fuzz;

import io.diskwright.filesystem.ntfs.NtfsFileSystem;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Changes filesystems at random for a time, and reads each. Run as a process of its own with little
 * memory: {@code FilesystemFuzzMain SECONDS SEED IMAGES FINDINGS}. Exits with 1 when a case broke
 * the contract, with 2 when one does not end; the volume lies in FINDINGS.
 */
final class FilesystemFuzzMain {

  private static final long MAX_SECONDS = 60;
  private static final int LINE = 16;
  private static final long[] ODD = {
    0, 1, -1, 0x7fffffff, 0x80000000L, 0xffff, 1L << 62, Long.MIN_VALUE
  };

  /** Reads bytes as a volume. */
  @FunctionalInterface
  private interface Target {
    void run(byte[] volume) throws Exception;
  }

  /**
   * A volume that is changed.
   *
   * @param used where its bytes are not zero, in lines of 16
   */
  private record Volume(String name, byte[] bytes, int[] used, Target target) {
    static Volume of(String name, byte[] bytes, Target target) {
      List<Integer> used = new ArrayList<>();
      for (int at = 0; at + LINE <= bytes.length; at += LINE) {
        for (int i = 0; i < LINE; i++) {
          if (bytes[at + i] != 0) {
            used.add(at);
            break;
          }
        }
      }
      return new Volume(name, bytes, used.stream().mapToInt(i -> i).toArray(), target);
    }
  }

  private static volatile long started;
  private static volatile String running = "";

  private FilesystemFuzzMain() {}

  public static void main(String[] arguments) throws IOException {
    long seconds = Long.parseLong(arguments[0]);
    var random = new Random(Long.parseLong(arguments[1]));
    Path findings = Files.createDirectories(Path.of(arguments[3]));
    List<Volume> volumes = volumes(Path.of(arguments[2]));
    started = System.nanoTime();
    Thread.ofPlatform().daemon().start(FilesystemFuzzMain::watch);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long cases = 0;
    int broken = 0;
    while (System.nanoTime() < end && broken < 5) {
      Volume volume = volumes.get(random.nextInt(volumes.size()));
      byte[] changed = changed(volume, random);
      started = System.nanoTime();
      running = volume.name;
      cases++;
      try {
        volume.target.run(changed.clone());
      } catch (Throwable e) {
        broken++;
        Path kept = findings.resolve(volume.name + "-" + cases);
        Files.write(kept, changed);
        System.out.println("fuzz: BROKEN CONTRACT: " + kept + ": " + e);
        e.printStackTrace(System.out);
      }
    }
    System.out.printf(
        "fuzz: %d cases of filesystems in %d s, seed %s, broken contracts %d%n",
        cases, seconds, arguments[1], broken);
    System.exit(broken == 0 ? 0 : 1);
  }

  private static List<Volume> volumes(Path images) throws IOException {
    return List.of(
        Volume.of("ext3", Files.readAllBytes(images.resolve("raw-ext3.raw")), ExtTarget::run),
        Volume.of("ext4", Files.readAllBytes(images.resolve("raw-ext4.raw")), ExtTarget::run),
        Volume.of(
            "ntfs", Files.readAllBytes(images.resolve("raw-ntfs.raw")), FilesystemFuzzMain::ntfs),
        Volume.of("fat16", Files.readAllBytes(images.resolve("raw-fat16.raw")), FatTarget::run),
        Volume.of("fat12", Files.readAllBytes(images.resolve("raw-fat12-odd.raw")), FatTarget::run),
        Volume.of("xfs", xfs(), XfsTarget::run));
  }

  private static byte[] xfs() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            FilesystemFuzzMain.class.getResourceAsStream(
                "/io/diskwright/filesystem/xfs/forms.img.gz"))) {
      return in.readAllBytes();
    }
  }

  private static void ntfs(byte[] volume) throws IOException {
    try {
      Optional<NtfsFileSystem> tree = NtfsFileSystem.open(new MemorySource("volume", volume));
      if (tree.isPresent()) {
        TreeExercise.run(tree.get());
      }
    } catch (ImageException e) {
      String ignored = e.fault().message();
    }
  }

  /** One to eight changes, most of them where something stands. */
  private static byte[] changed(Volume volume, Random random) {
    byte[] bytes = volume.bytes.clone();
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes)
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      int at = volume.used[random.nextInt(volume.used.length)] + random.nextInt(LINE - 8);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> buffer.putShort(at, (short) ODD[random.nextInt(ODD.length)]);
        case 3 -> buffer.putInt(at & ~3, (int) ODD[random.nextInt(ODD.length)]);
        default -> {
          int from = volume.used[random.nextInt(volume.used.length)];
          System.arraycopy(volume.bytes, from, bytes, at & -LINE, LINE);
        }
      }
    }
    return bytes;
  }

  private static void watch() {
    while (true) {
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        return;
      }
      if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(MAX_SECONDS)) {
        System.out.println("fuzz: BROKEN CONTRACT: " + running + " does not end");
        Runtime.getRuntime().halt(2);
      }
    }
  }
}
