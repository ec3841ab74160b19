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
import java.util.zip.Deflater;

/**
 * A hosted sparse extent built field by field. The plain layout is VMware's: header, descriptor,
 * redundant directory and tables, directory and tables, grains. The stream layouts are qemu's, with
 * the directory in front, and VMware's, with everything announced by markers and a footer.
 */
final class SparseImage {

  static final int SECTOR = 512;
  static final int GTES = 512;
  private static final int DESCRIPTOR_SECTORS = 20;

  enum Layout {
    PLAIN,
    STREAM_FRONT,
    STREAM_FOOTER
  }

  final Layout layout;
  final long capacity;
  final int grainSize;
  int version = 1;
  int flags = 3;
  boolean withDescriptor = true;
  String descriptor;
  boolean shortLastGrain;
  boolean unclean;

  /** Of the layout with a footer: each table behind its grains, as ovftool does. */
  boolean interleaved;

  /** Of the layout with a footer: the header was completed when all was written. */
  boolean directoryKnown;

  /** Of the layout with a footer: sectors that tell the writer's progress. */
  boolean progress;

  /** Of the layout with a footer: an empty table that no entry of the directory names. */
  boolean spareTable;

  final TreeMap<Long, byte[]> grains = new TreeMap<>();
  final TreeSet<Long> zeroed = new TreeSet<>();

  /** Known once built: bytes from the start of the file. */
  int gdAt;

  int rgdAt;
  int footerAt;
  private final Map<Long, Integer> tableAt = new TreeMap<>();
  private final Map<Long, Integer> copyAt = new TreeMap<>();
  private final Map<Long, Integer> grainAt = new TreeMap<>();

  private ByteBuffer file = ByteBuffer.allocate(0);
  private int next;

  SparseImage(Layout layout, long capacity, int grainSize) {
    this.layout = layout;
    this.capacity = capacity;
    this.grainSize = grainSize;
    this.descriptor =
        descriptor(
            layout == Layout.PLAIN ? "monolithicSparse" : "streamOptimized",
            "RW " + capacity + " SPARSE \"some-other-name.vmdk\"\n");
    if (layout != Layout.PLAIN) {
      version = 3;
      flags = 0x30001;
    }
  }

  static String descriptor(String createType, String extents) {
    return "# Disk DescriptorFile\nversion=1\nCID=0badcafe\nparentCID=ffffffff\n"
        + ("createType=\"" + createType + "\"\n\n# Extent description\n" + extents)
        + "\n# The Disk Data Base\n#DDB\n\nddb.adapterType = \"lsilogic\"\n"
        + "ddb.virtualHWVersion = \"7\"\nddb.toolsVersion = \"6532\"\n";
  }

  /** Where the grain table of an index was put, in bytes. */
  int tableAt(long index) {
    return Objects.requireNonNull(tableAt.get(index));
  }

  /** Where the redundant copy of it was put, in bytes. */
  int copyAt(long index) {
    return Objects.requireNonNull(copyAt.get(index));
  }

  /** Where a grain was put, in bytes. */
  int grainAt(long index) {
    return Objects.requireNonNull(grainAt.get(index));
  }

  int grainBytes() {
    return grainSize * SECTOR;
  }

  long grainCount() {
    return (capacity + grainSize - 1) / grainSize;
  }

  int tables() {
    return (int) ((grainCount() + GTES - 1) / GTES);
  }

  /** Puts patterned data at a grain, cut at the disk's end. */
  SparseImage grain(long index) {
    byte[] data = new byte[grainBytes()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (index * 31 + i / 7 + 1);
    }
    grains.put(index, data);
    return this;
  }

  SparseImage grain(long index, byte[] data) {
    grains.put(index, data);
    return this;
  }

  /** The disk's bytes. */
  byte[] content() {
    byte[] disk = new byte[(int) (capacity * SECTOR)];
    grains.forEach((index, data) -> {
      int at = (int) (index * grainBytes());
      System.arraycopy(data, 0, disk, at, Math.min(data.length, disk.length - at));
    });
    return disk;
  }

  byte[] build() {
    file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    next = SECTOR;
    if (withDescriptor) {
      put(descriptor.getBytes(StandardCharsets.UTF_8), next);
      next += DESCRIPTOR_SECTORS * SECTOR;
    }
    if (layout == Layout.STREAM_FOOTER) {
      streamThenTables();
    } else {
      tablesThenGrains();
    }
    reserve(next);
    return Arrays.copyOf(file.array(), next);
  }

  private void tablesThenGrains() {
    if (layout == Layout.PLAIN) {
      rgdAt = directory(copyAt);
    }
    gdAt = directory(tableAt);
    int overHead = align(next, grainBytes()) / SECTOR;
    next = overHead * SECTOR;
    reserve(next);
    grains.forEach((index, data) -> {
      int at = layout == Layout.PLAIN ? plain(data) : compressed(index, data);
      grainAt.put(index, at);
    });
    List<Map<Long, Integer>> all = rgdAt == 0 ? List.of(tableAt) : List.of(tableAt, copyAt);
    for (Map<Long, Integer> places : all) {
      places.forEach(this::fillTable);
    }
    header(0, gdAt / SECTOR, overHead);
  }

  private int directory(Map<Long, Integer> places) {
    int at = next;
    next = align(next + tables() * 4, SECTOR);
    reserve(next);
    for (long i = 0; i < tables(); i++) {
      if (used(i)) {
        places.put(i, next);
        file.putInt(at + (int) i * 4, next / SECTOR);
        next += GTES * 4;
        reserve(next);
      }
    }
    return at;
  }

  private boolean used(long table) {
    return grains.ceilingKey(table * GTES) != null
            && grains.ceilingKey(table * GTES) / GTES == table
        || zeroed.ceiling(table * GTES) != null && zeroed.ceiling(table * GTES) / GTES == table;
  }

  private void fillTable(long table, int at) {
    for (int i = 0; i < GTES; i++) {
      long grain = table * GTES + i;
      Integer place = grainAt.get(grain);
      file.putInt(at + i * 4, place != null ? place / SECTOR : zeroed.contains(grain) ? 1 : 0);
    }
  }

  private int plain(byte[] data) {
    int at = next;
    next += grainBytes();
    put(data, at);
    reserve(next);
    return at;
  }

  private int compressed(long index, byte[] data) {
    boolean cut = shortLastGrain && index == grainCount() - 1;
    int visible = (int) Math.min(grainBytes(), capacity * SECTOR - index * grainBytes());
    return append(index * grainSize, deflate(cut ? Arrays.copyOf(data, visible) : data));
  }

  /** Appends a grain as it is given. */
  private int append(long lba, byte[] encoded) {
    int at = next;
    reserve(at + 12 + encoded.length);
    file.putLong(at, lba).putInt(at + 8, encoded.length);
    put(encoded, at + 12);
    next = align(at + 12 + encoded.length, SECTOR);
    reserve(next);
    return at;
  }

  static byte[] deflate(byte[] data) {
    var deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] out = new byte[data.length * 2 + 100];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private void streamThenTables() {
    int overHead = align(next, SECTOR * 32) / SECTOR;
    next = overHead * SECTOR;
    reserve(next);
    long current = 0;
    for (Map.Entry<Long, byte[]> grain : grains.entrySet()) {
      for (; interleaved && current < grain.getKey() / GTES; current++) {
        table(current);
      }
      grainAt.put(grain.getKey(), compressed(grain.getKey(), grain.getValue()));
      if (progress) {
        marker(0, 4);
        file.putLong(next - SECTOR + 16, grain.getKey());
      }
    }
    for (; current < tables(); current++) {
      table(current);
    }
    if (spareTable) {
      marker(4, 1);
      next += GTES * 4;
      reserve(next);
    }
    marker((tables() * 4 + SECTOR - 1) / SECTOR, 2);
    gdAt = next;
    next = align(next + tables() * 4, SECTOR);
    reserve(next);
    tableAt.forEach((i, at) -> file.putInt(gdAt + (int) (long) i * 4, at / SECTOR));
    marker(1, 3);
    footerAt = next;
    next += SECTOR;
    reserve(next);
    header(footerAt, gdAt / SECTOR, overHead);
    marker(0, 0);
    header(0, directoryKnown ? gdAt / SECTOR : -1, overHead);
  }

  private void table(long index) {
    if (used(index)) {
      marker(4, 1);
      tableAt.put(index, next);
      reserve(next + GTES * 4);
      fillTable(index, next);
      next += GTES * 4;
    }
  }

  private void marker(long sectors, int type) {
    reserve(next + SECTOR);
    file.putLong(next, sectors).putInt(next + 12, type);
    next += SECTOR;
  }

  private void header(int at, long gdOffset, int overHead) {
    put("KDMV".getBytes(StandardCharsets.US_ASCII), at);
    file.putInt(at + 4, version).putInt(at + 8, flags).putLong(at + 12, capacity);
    file.putLong(at + 20, grainSize);
    file.putLong(at + 28, withDescriptor ? 1 : 0);
    file.putLong(at + 36, withDescriptor ? DESCRIPTOR_SECTORS : 0);
    file.putInt(at + 44, GTES).putLong(at + 48, rgdAt / SECTOR).putLong(at + 56, gdOffset);
    file.putLong(at + 64, overHead).put(at + 72, (byte) (unclean ? 1 : 0));
    put("\n \r\n".getBytes(StandardCharsets.US_ASCII), at + 73);
    file.putShort(at + 77, (short) ((flags & 0x10000) != 0 ? 1 : 0));
  }

  private void put(byte[] bytes, int at) {
    reserve(at + bytes.length);
    file.put(at, bytes);
  }

  private void reserve(int length) {
    if (length > file.capacity()) {
      byte[] longer = Arrays.copyOf(file.array(), Math.max(length, file.capacity() * 2));
      file = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static int align(int value, int to) {
    return (value + to - 1) / to * to;
  }

  /** Overwrites a number of 1, 2, 4 or 8 bytes. */
  static byte[] patch(byte[] image, int at, int width, long value) {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    switch (width) {
      case 1 -> bytes.put(at, (byte) value);
      case 2 -> bytes.putShort(at, (short) value);
      case 4 -> bytes.putInt(at, (int) value);
      default -> bytes.putLong(at, value);
    }
    return image;
  }
}
