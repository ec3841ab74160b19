package io.diskwright.guest.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A directory that looks like the root of a guest. */
record GuestFolder(Path root) {

  GuestFolder file(String path, String text) throws IOException {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  GuestFolder file(String path, byte[] bytes) throws IOException {
    Files.write(withParents(path), bytes);
    return this;
  }

  GuestFolder directory(String path) throws IOException {
    Files.createDirectories(root.resolve(path));
    return this;
  }

  GuestFolder link(String path, String target) throws IOException {
    Files.createSymbolicLink(withParents(path), Path.of(target));
    return this;
  }

  /** A program for a processor, as far as its header goes. */
  GuestFolder program(String path, int bits, boolean bigEndian, int machine) throws IOException {
    ByteBuffer elf =
        ByteBuffer.allocate(64).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32), (byte) (bigEndian ? 2 : 1), 1});
    elf.putShort(16, (short) 2).putShort(18, (short) machine);
    return file(path, elf.array());
  }

  /** The head of an x86 kernel image. */
  GuestFolder bzImage(String path, String banner, boolean wide) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(0x4000).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f).putShort(0x20e, (short) 0x3100);
    image.putShort(0x236, (short) (wide ? 3 : 2));
    image.put(0x3300, banner.getBytes(StandardCharsets.US_ASCII));
    return file(path, image.array());
  }

  OperatingSystem identify() throws IOException {
    return Identification.identify(root, Identification.recognise(root).orElseThrow());
  }

  private Path withParents(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return file;
  }
}
