package io.diskwright.source.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Builds zip archives record by record, honest ones and others. */
final class TestZip {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int count;

  /** A member's fields, first as they are right. */
  static final class Fields {
    String name = "";
    int flags;
    int method;
    long crc;
    long packed;
    long size;
    byte[] extra = {};
    long offset;
    long attributes;

    Fields copy() {
      var copy = new Fields();
      copy.name = name;
      copy.flags = flags;
      copy.method = method;
      copy.crc = crc;
      copy.packed = packed;
      copy.size = size;
      copy.extra = extra;
      copy.offset = offset;
      copy.attributes = attributes;
      return copy;
    }
  }

  TestZip stored(String name, byte[] content) {
    return add(name, 0, content, content, f -> {}, f -> {}, new byte[0]);
  }

  TestZip deflated(String name, byte[] content) {
    return add(name, 8, content, deflate(content), f -> {}, f -> {}, new byte[0]);
  }

  /** A member whose sizes follow its data. */
  TestZip streamed(String name, byte[] content, int numbers, boolean signature) {
    byte[] packed = deflate(content);
    ByteBuffer descriptor = le(24);
    if (signature) {
      descriptor.putInt(0x08074b50);
    }
    descriptor.putInt((int) crc(content));
    if (numbers == 8) {
      descriptor.putLong(packed.length).putLong(content.length);
    } else {
      descriptor.putInt(packed.length).putInt(content.length);
    }
    return add(
        name,
        8,
        content,
        packed,
        f -> {
          f.flags |= 8;
          f.crc = 0;
          f.packed = 0;
          f.size = 0;
        },
        f -> f.flags |= 8,
        Arrays.copyOf(descriptor.array(), descriptor.position()));
  }

  /** A member with its local and central fields changed. */
  TestZip add(
      String name,
      int method,
      byte[] content,
      byte[] packed,
      Consumer<Fields> local,
      Consumer<Fields> central,
      byte[] behind) {
    var fields = new Fields();
    fields.name = name;
    fields.method = method;
    fields.crc = crc(content);
    fields.packed = packed.length;
    fields.size = content.length;
    fields.offset = bytes.size();
    Fields first = fields.copy();
    local.accept(first);
    byte[] text = first.name.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(
        le(30)
            .putInt(0x04034b50)
            .putShort((short) 20)
            .putShort((short) first.flags)
            .putShort((short) first.method)
            .putInt(0)
            .putInt((int) first.crc)
            .putInt((int) first.packed)
            .putInt((int) first.size)
            .putShort((short) text.length)
            .putShort((short) first.extra.length)
            .array());
    bytes.writeBytes(text);
    bytes.writeBytes(first.extra);
    bytes.writeBytes(packed);
    bytes.writeBytes(behind);
    central.accept(fields);
    central(fields);
    return this;
  }

  private void central(Fields fields) {
    byte[] text = fields.name.getBytes(StandardCharsets.UTF_8);
    directory.writeBytes(
        le(46)
            .putInt(0x02014b50)
            .putShort((short) (3 << 8 | 20))
            .putShort((short) 20)
            .putShort((short) fields.flags)
            .putShort((short) fields.method)
            .putInt(0)
            .putInt((int) fields.crc)
            .putInt((int) fields.packed)
            .putInt((int) fields.size)
            .putShort((short) text.length)
            .putShort((short) fields.extra.length)
            .putShort((short) 0)
            .putInt(0)
            .putInt((int) fields.attributes)
            .putInt((int) fields.offset)
            .array());
    directory.writeBytes(text);
    directory.writeBytes(fields.extra);
    count++;
  }

  byte[] end() {
    return end("");
  }

  byte[] end(String comment) {
    return end(comment, count, count, directory.size(), bytes.size());
  }

  /** The archive with such an end record. */
  byte[] end(String comment, int onDisk, int entries, long size, long offset) {
    byte[] text = comment.getBytes(StandardCharsets.ISO_8859_1);
    bytes.writeBytes(directory.toByteArray());
    bytes.writeBytes(
        le(22)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) onDisk)
            .putShort((short) entries)
            .putInt((int) size)
            .putInt((int) offset)
            .putShort((short) text.length)
            .array());
    bytes.writeBytes(text);
    return bytes.toByteArray();
  }

  static long crc(byte[] content) {
    var crc = new CRC32();
    crc.update(content);
    return crc.getValue();
  }

  static byte[] deflate(byte[] content) {
    var deflater = new Deflater(6, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[content.length + 1000];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  static ByteBuffer le(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
