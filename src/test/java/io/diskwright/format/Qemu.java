package io.diskwright.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** qemu-img and qemu-io, run in a folder. */
public record Qemu(Path dir) {

  private static final int CHUNK = 256 << 10;

  public void create(String image, String options, long size) throws Exception {
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, image, Long.toString(size));
  }

  /** Random writes, zero writes, discards and, at the end of half the writes, overlaps. */
  public void scribble(String image, int size, long seed, boolean plain) throws Exception {
    var random = new Random(seed);
    var command = new ArrayList<>(List.of("qemu-io", "-d", "unmap"));
    Files.write(dir.resolve("pattern"), TestImages.random(CHUNK, seed));
    for (int i = 0; i < 40; i++) {
      int length = 512 * (1 + random.nextInt(CHUNK / 512));
      int offset = 512 * random.nextInt((size - CHUNK) / 512);
      command.add("-c");
      command.add(
          switch (random.nextInt(plain ? 2 : 5)) {
            case 0, 4 -> "write -s pattern " + offset + " " + length;
            case 1 -> "write -s pattern " + offset / CHUNK * CHUNK + " " + CHUNK;
            case 2 -> "write -z " + offset + " " + length;
            default ->
                random.nextBoolean()
                    ? "discard " + offset + " " + length
                    : "write -z -u " + offset / CHUNK * CHUNK + " " + CHUNK;
          });
    }
    command.add(image);
    run(command.toArray(String[]::new));
  }

  public void run(String... command) throws Exception {
    Process process = start(command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
  }

  public Process start(String... command) throws IOException {
    return new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
  }
}
