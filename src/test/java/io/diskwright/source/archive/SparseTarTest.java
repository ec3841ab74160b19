package io.diskwright.source.archive;

import static io.diskwright.source.archive.Archives.disk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.Run;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.archive.Archives.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SparseTarTest {

  private static final byte[] STORED = disk(512 * 4 + 100);
  private static final long SIZE = 1 << 20;

  /** 1024 bytes at 4096, 512 at 5120 behind them, 612 at 65536, of a MiB. */
  private static final long[] MAP = {4096, 1024, 5120, 512, 65536, 612, SIZE, 0};

  private static byte[] expected() {
    ByteBuffer bytes = ByteBuffer.allocate((int) SIZE);
    bytes.put(4096, STORED, 0, 1536).put(65536, STORED, 1536, 612);
    return bytes.array();
  }

  private static void isRead(byte[] tar) throws IOException {
    for (Way way : Way.values()) {
      assertThat(way.read(tar)).isEqualTo(expected());
    }
    try (Content content = Way.RANDOM.open(tar, Archives.TAR, OpenOptions.defaults())) {
      var source = ((Content.Whole) content.bytes()).source();
      assertThat(source.size()).isEqualTo(SIZE);
      assertThat(source.runAt(0, SIZE)).isEqualTo(new Run(true, 4096));
      assertThat(source.runAt(100, 50)).isEqualTo(new Run(true, 50));
      assertThat(source.runAt(4100, SIZE - 4100).hole()).isFalse();
      assertThat(source.runAt(70000, SIZE - 70000)).isEqualTo(new Run(true, SIZE - 70000));
      ByteBuffer part = ByteBuffer.allocate(3000);
      source.read(4000, part);
      assertThat(part.array()).isEqualTo(Arrays.copyOfRange(expected(), 4000, 7000));
    }
  }

  private static void refused(byte[] tar, Class<? extends ImageException> kind, String... words) {
    for (Way way : Way.values()) {
      assertThatThrownBy(() -> way.read(tar)).isInstanceOf(kind).satisfies(Archives.says(words));
    }
  }

  private static void gnu(byte[] header, long size, long... map) {
    TestTar.put(header, 257, "ustar  \0");
    for (int i = 0; i < map.length; i++) {
      TestTar.put(header, 386 + i * 12, String.format(Locale.ROOT, "%011o\0", map[i]));
    }
    TestTar.put(header, 483, String.format(Locale.ROOT, "%011o\0", size));
  }

  @Test
  void theOldGnuFormatIsRead() throws Exception {
    isRead(
        new TestTar()
            .file("t", "t")
            .member("a.raw", 'S', STORED, h -> gnu(h, SIZE, MAP))
            .file("u", "u")
            .end());
    // Two in the header, more behind it.
    byte[] block = new byte[512];
    for (int i = 4; i < MAP.length; i++) {
      TestTar.put(block, (i - 4) * 12, String.format(Locale.ROOT, "%011o\0", MAP[i]));
    }
    isRead(
        new TestTar()
            .file("t", "t")
            .header(
                "a.raw",
                'S',
                STORED.length,
                h -> {
                  gnu(h, SIZE, MAP[0], MAP[1], MAP[2], MAP[3]);
                  h[482] = 1;
                })
            .data(block)
            .data(STORED)
            .file("u", "u")
            .end());
  }

  @Test
  void everyPaxFormatIsRead() throws Exception {
    String[] pairs = new String[MAP.length + 3];
    pairs[0] = "GNU.sparse.size=" + SIZE;
    pairs[1] = "GNU.sparse.numblocks=4";
    for (int i = 0; i < MAP.length; i++) {
      pairs[i + 2] = "GNU.sparse." + (i % 2 == 0 ? "offset=" : "numbytes=") + MAP[i];
    }
    pairs[MAP.length + 2] = "comment=0.0";
    isRead(new TestTar().file("t", "t").pax('x', pairs).file("a.raw", STORED).file("u", "u").end());
    isRead(
        new TestTar()
            .file("t", "t")
            .pax(
                'x',
                "GNU.sparse.size=" + SIZE,
                "GNU.sparse.numblocks=4",
                "GNU.sparse.name=a.raw",
                "GNU.sparse.map=4096,1024,5120,512,65536,612,1048576,0")
            .file("GNUSparseFile.0/a", STORED)
            .end());
    isRead(version10("4\n4096\n1024\n5120\n512\n65536\n612\n1048576\n0\n"));
  }

  private static byte[] version10(String map) {
    byte[] text = map.getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[(text.length + 511) / 512 * 512 + STORED.length];
    System.arraycopy(text, 0, content, 0, text.length);
    System.arraycopy(STORED, 0, content, content.length - STORED.length, STORED.length);
    return new TestTar()
        .file("t", "t")
        .pax(
            'x',
            "GNU.sparse.major=1",
            "GNU.sparse.minor=0",
            "GNU.sparse.name=a.raw",
            "GNU.sparse.realsize=" + SIZE)
        .file("GNUSparseFile.0/a.raw", content)
        .file("u", "u")
        .end();
  }

  @Test
  void aMapOverSeveralBlocksIsRead() throws Exception {
    isRead(version10("04\n4096\n1024\n5120\n512\n65536\n612\n1048576\n" + "0".repeat(18) + "\n"));
    var map = new StringBuilder("104\n4096\n1024\n5120\n512\n65536\n612\n");
    isRead(version10(map.append("1048576\n0\n".repeat(101)).toString()));
  }

  @Test
  void mapsThatCannotBeAreRefused() {
    refused(version10("1\n0\n2147\n"), CorruptImage.class, "sparse map");
    refused(version10("1\n0\n2149\n"), CorruptImage.class, "sparse map");
    refused(version10("1\n1048576\n2148\n"), CorruptImage.class, "inside the member's");
    refused(version10("1\n9223372036854775807\n2148\n"), CorruptImage.class);
    refused(version10("2\n512\n1024\n0\n1124\n"), CorruptImage.class, "in order");
    refused(version10("2\n0\n1000\n2048\n1148\n"), UnsupportedFeature.class, "whole blocks");
    refused(version10("99999999\n"), LimitExceeded.class, "stretches");
    refused(version10("x\n"), CorruptImage.class, "sparse map");
    refused(version10("1".repeat(30) + "\n"), CorruptImage.class, "19 digits");
    refused(
        new TestTar()
            .pax('x', "GNU.sparse.size=10", "GNU.sparse.map=0,1,2")
            .file("a.raw", "x")
            .end(),
        CorruptImage.class,
        "pairs");
    refused(
        new TestTar().pax('x', "GNU.sparse.major=2", "GNU.sparse.realsize=5").file("a", "x").end(),
        UnsupportedFeature.class,
        "'2.0'");
    refused(
        new TestTar().pax('x', "SCHILY.realsize=5").file("a", "x").end(),
        UnsupportedFeature.class,
        "star");
    refused(
        new TestTar()
            .member(
                "a.raw",
                'S',
                STORED,
                h -> {
                  gnu(h, SIZE, MAP[0], MAP[1]);
                  h[482] = 1; // the data is taken as blocks of the header
                })
            .end(),
        CorruptImage.class);
  }

  @Test
  void aMapOfEndlesslyManyBlocksEnds() {
    byte[] block = new byte[512];
    block[504] = 1;
    var tar = new TestTar();
    tar.header(
        "a.raw",
        'S',
        0,
        h -> {
          gnu(h, SIZE);
          h[482] = 1;
        });
    for (int i = 0; i < 60_000; i++) {
      tar.data(block);
    }
    refused(tar.end(), LimitExceeded.class, "blocks");
  }
}
