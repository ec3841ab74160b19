package io.diskwright.guest.registry;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A value ({@code vk} cell). Safe for any thread. */
public final class RegistryValue {

  /** Text with NUL at its end. */
  public static final int SZ = 1;

  /** Text that names environment variables. */
  public static final int EXPAND_SZ = 2;

  /** Bytes. */
  public static final int BINARY = 3;

  /** 32 bits, little-endian. */
  public static final int DWORD = 4;

  /** 32 bits, big-endian. */
  public static final int DWORD_BIG_ENDIAN = 5;

  /** The path of another key. */
  public static final int LINK = 6;

  /** Several texts. */
  public static final int MULTI_SZ = 7;

  /** 64 bits, little-endian. */
  public static final int QWORD = 11;

  private static final int FLAG_COMPRESSED_NAME = 1;
  private static final long INLINE = 0x80000000L;
  private static final int HEADER = 20;
  private static final int PIECE = 16344;

  /** Windows keeps a value in memory; nobody needs more of one to identify a system. */
  private static final long MAX_DATA = 16 << 20;

  private final Hive hive;
  private final ByteView cell;
  private final String name;

  private RegistryValue(Hive hive, ByteView cell, String name) {
    this.hive = hive;
    this.cell = cell;
    this.name = name;
  }

  static RegistryValue at(Hive hive, long offset, String structure) throws IOException {
    ByteView cell = hive.cell(structure, offset, HEADER);
    if (!cell.startsWith(0, "vk")) {
      throw cell.corrupt("signature", 0, Fault.number(cell.u16(0)), "'vk'");
    }
    boolean compressed = (cell.u16(16) & FLAG_COMPRESSED_NAME) != 0;
    int length = cell.u16(2);
    ByteView whole = hive.cell(structure, offset, HEADER + length);
    String name = RegistryKey.text(whole, HEADER, length, compressed);
    return new RegistryValue(hive, cell, name);
  }

  /** The name; empty for a key's default value. */
  public String name() {
    return name;
  }

  /** The type: {@link #SZ} and so on; programs may use others. */
  public int type() throws IOException {
    return (int) cell.u32(12);
  }

  /** The bytes, at most 16 MiB. */
  public byte[] data() throws IOException {
    long size = cell.u32(4);
    if ((size & INLINE) != 0) {
      long length = size & ~INLINE;
      if (length > 4) {
        throw cell.corrupt("data size", 4, Fault.number(size), "at most 4 bytes in place");
      }
      return cell.bytes(8, (int) length);
    }
    if (size == 0) {
      return new byte[0];
    }
    if (size > MAX_DATA) {
      throw cell.tooLarge("data size", 4, Fault.number(size), "at most " + MAX_DATA);
    }
    if (size > hive.size()) {
      throw cell.corrupt("data size", 4, Fault.number(size), "less than the hive");
    }
    ByteView data = hive.cell("data of value '" + name + "'", cell.u32(8), (int) size);
    if (size > PIECE && hive.hasBigData() && data.startsWith(0, "db")) {
      return pieces(data, (int) size);
    }
    if (size > data.length()) {
      throw cell.corrupt("data size", 4, Fault.number(size), "at most the cell's " + data.length());
    }
    return data.bytes(0, (int) size);
  }

  private byte[] pieces(ByteView big, int size) throws IOException {
    int count = big.u16(2);
    if (count != (size + PIECE - 1) / PIECE) {
      throw big.corrupt(
          "number of pieces", 2, Integer.toString(count), "as many as " + size + " bytes need");
    }
    ByteView list = hive.cell("pieces of value '" + name + "'", big.u32(4), 4 * count);
    byte[] data = new byte[size];
    for (int i = 0; i < count; i++) {
      ByteView piece = hive.cell("piece of value '" + name + "'", list.u32(4 * i), PIECE);
      int length = Math.min(PIECE, size - i * PIECE);
      System.arraycopy(piece.bytes(0, length), 0, data, i * PIECE, length);
    }
    return data;
  }

  /** The data as text, up to its first NUL. */
  public String text() throws IOException {
    String all = characters();
    int nul = all.indexOf('\0');
    return nul < 0 ? all : all.substring(0, nul);
  }

  /** The texts of a value that holds several: each ends with NUL, and all with an empty one. */
  public List<String> texts() throws IOException {
    String all = characters();
    List<String> texts = new ArrayList<>();
    int from = 0;
    while (from < all.length() && all.charAt(from) != '\0') {
      int nul = all.indexOf('\0', from);
      int end = nul < 0 ? all.length() : nul;
      texts.add(all.substring(from, end));
      from = end + 1;
    }
    return texts;
  }

  /** Half a character at the end is none. */
  private String characters() throws IOException {
    byte[] data = data();
    return new String(data, 0, data.length & ~1, StandardCharsets.UTF_16LE);
  }

  /** The data as a number of 32 or 64 bits; empty when it is none. */
  public OptionalLong number() throws IOException {
    byte[] data = data();
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type()) {
      case DWORD ->
          data.length == 4
              ? OptionalLong.of(Integer.toUnsignedLong(bytes.getInt()))
              : OptionalLong.empty();
      case DWORD_BIG_ENDIAN ->
          data.length == 4
              ? OptionalLong.of(Integer.toUnsignedLong(bytes.order(ByteOrder.BIG_ENDIAN).getInt()))
              : OptionalLong.empty();
      case QWORD -> data.length == 8 ? OptionalLong.of(bytes.getLong()) : OptionalLong.empty();
      default -> OptionalLong.empty();
    };
  }
}
