package io.diskwright.format.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** A vmfsSparse or seSparse extent built field by field; no tool but ESX makes them. */
final class EsxImage {

  static final int SECTOR = 512;
  static final int GTES = 4096;

  final boolean seSparse;
  final long capacity;
  final int grainSize;
  final TreeMap<Long, byte[]> grains = new TreeMap<>();
  final TreeSet<Long> zeroed = new TreeSet<>();
  final TreeSet<Long> unmapped = new TreeSet<>();

  /** Known once built: bytes from the start of the file. */
  int gdAt;

  private final Map<Long, Integer> tableAt = new TreeMap<>();
  private final Map<Long, Integer> grainAt = new TreeMap<>();

  private EsxImage(boolean seSparse, long capacity, int grainSize) {
    this.seSparse = seSparse;
    this.capacity = capacity;
    this.grainSize = grainSize;
  }

  static EsxImage cowd(long capacity, int grainSize) {
    return new EsxImage(false, capacity, grainSize);
  }

  static EsxImage seSparse(long capacity) {
    return new EsxImage(true, capacity, 8);
  }

  static String descriptor(String createType, String type, long sectors, String file) {
    return SparseImage.descriptor(createType, "RW " + sectors + " " + type + " \"" + file + "\"\n");
  }

  /** Puts patterned data at a grain. */
  EsxImage grain(long index) {
    byte[] data = new byte[grainSize * SECTOR];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (index * 31 + i / 7 + 1);
    }
    grains.put(index, data);
    return this;
  }

  int tableAt(long index) {
    return Objects.requireNonNull(tableAt.get(index));
  }

  int grainAt(long index) {
    return Objects.requireNonNull(grainAt.get(index));
  }

  /** The disk's bytes over those of its parent. */
  byte[] over(byte[] below) {
    byte[] disk = Arrays.copyOf(below, (int) (capacity * SECTOR));
    int length = grainSize * SECTOR;
    for (TreeSet<Long> none : List.of(zeroed, unmapped)) {
      none.forEach(g -> put(new byte[length], disk, g * length));
    }
    grains.forEach((g, data) -> put(data, disk, g * length));
    return disk;
  }

  private static void put(byte[] data, byte[] disk, long at) {
    System.arraycopy(data, 0, disk, (int) at, (int) Math.min(data.length, disk.length - at));
  }

  byte[] build() {
    return seSparse ? buildSeSparse() : buildCowd();
  }

  private int tables() {
    long perTable = (long) GTES * grainSize;
    return (int) ((capacity + perTable - 1) / perTable);
  }

  private boolean used(long table) {
    return grains.keySet().stream().anyMatch(g -> g / GTES == table)
        || zeroed.stream().anyMatch(g -> g / GTES == table)
        || unmapped.stream().anyMatch(g -> g / GTES == table);
  }

  private byte[] buildCowd() {
    gdAt = 4 * SECTOR;
    int next = align(gdAt + tables() * 4);
    for (long i = 0; i < tables(); i++) {
      if (used(i)) {
        tableAt.put(i, next);
        next += GTES * 4;
      }
    }
    // The last grain lies first: the order in the file is that of the writes.
    for (long g : grains.descendingKeySet()) {
      grainAt.put(g, next);
      next += grainSize * SECTOR;
    }
    ByteBuffer file = ByteBuffer.allocate(next).order(ByteOrder.LITTLE_ENDIAN);
    file.put("COWD".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(3);
    file.putInt((int) capacity).putInt(grainSize).putInt(4).putInt(tables());
    file.putInt(next / SECTOR);
    tableAt.forEach((i, at) -> file.putInt(gdAt + (int) (long) i * 4, at / SECTOR));
    grains.forEach((g, data) -> {
      file.putInt(tableAt(g / GTES) + (int) (g % GTES) * 4, grainAt(g) / SECTOR);
      file.put(grainAt(g), data);
    });
    return file.array();
  }

  private byte[] buildSeSparse() {
    int directory = align(tables() * 8) / SECTOR;
    int tableSectors = tables() * 64;
    int grainsAt = 8 + directory + tableSectors;
    ByteBuffer file =
        ByteBuffer.allocate((grainsAt + grains.size() * 8) * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    long[] fields = {
      0xcafebabeL,
      0x200000001L,
      capacity,
      8,
      64,
      0,
      0,
      0,
      0,
      0,
      1,
      1,
      2,
      2,
      4,
      4,
      8,
      directory,
      8 + directory,
      tableSectors,
      6,
      1,
      7,
      1,
      grainsAt,
      capacity
    };
    for (long field : fields) {
      file.putLong(field);
    }
    file.putLong(SECTOR, 0xcafecafeL).putLong(SECTOR + 8, tables()).putLong(SECTOR + 16, 36);
    gdAt = 8 * SECTOR;
    // Tables are taken in the order in which they were first needed, here the last one first.
    long number = 0;
    for (long i = tables() - 1L; i >= 0; i--) {
      if (used(i)) {
        tableAt.put(i, (8 + directory + (int) number * 64) * SECTOR);
        file.putLong(gdAt + (int) i * 8, 1L << 60 | number++);
      }
    }
    number = 0;
    for (Map.Entry<Long, byte[]> grain : grains.entrySet()) {
      grainAt.put(grain.getKey(), (grainsAt + (int) number * 8) * SECTOR);
      file.put(grainAt(grain.getKey()), grain.getValue());
      // The number's lower 12 bits stand above its upper ones.
      entry(file, grain.getKey(), 3L << 60 | (number & 0xfff) << 48 | number >> 12);
      number++;
    }
    unmapped.forEach(g -> entry(file, g, 1L << 60 | 5L << 48));
    zeroed.forEach(g -> entry(file, g, 2L << 60));
    return file.array();
  }

  private void entry(ByteBuffer file, long grain, long value) {
    file.putLong(tableAt(grain / GTES) + (int) (grain % GTES) * 8, value);
  }

  private static int align(int value) {
    return (value + SECTOR - 1) / SECTOR * SECTOR;
  }
}
