package io.diskwright.source.compressed;

import static io.diskwright.source.compressed.Streams.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MemorySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.SeekableXZInputStream;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

class WholeTest {

  private static final byte[] SKIPPABLE = bytes(0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 1);

  /** The content in blocks of these sizes, each a stream or a frame or a block. */
  private static byte[] blocks(CompressedFormat format, byte[] content, int... sizes)
      throws IOException {
    return format == CompressedFormat.XZ
        ? xz(content, new LZMA2Options(0), sizes)
        : zstd(content, sizes);
  }

  private static byte[] xz(byte[] content, LZMA2Options options, int... sizes) throws IOException {
    var sink = new ByteArrayOutputStream();
    try (var stream = new XZOutputStream(sink, options, XZ.CHECK_SHA256)) {
      int at = 0;
      for (int i = 0; i < sizes.length; i++) {
        if (i > 0) {
          stream.endBlock();
        }
        stream.write(content, at, sizes[i]);
        at += sizes[i];
      }
    }
    return sink.toByteArray();
  }

  private static byte[] zstd(byte[] content, int... sizes) {
    var sink = new ByteArrayOutputStream();
    sink.writeBytes(SKIPPABLE);
    try (var context = new ZstdCompressCtx()) {
      context.setChecksum(true);
      int at = 0;
      for (int size : sizes) {
        sink.writeBytes(context.compress(Arrays.copyOfRange(content, at, at + size)));
        at += size;
      }
    }
    return sink.toByteArray();
  }

  private static ByteSource whole(CompressedFormat format, byte[] file) throws IOException {
    return format.whole(new MemorySource("disk.img", file)).orElseThrow();
  }

  private static byte[] read(ByteSource source, long offset, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    source.read(offset, target);
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }

  /** Reads at random from several threads and compares. */
  static void readAtRandom(ByteSource source, byte[] content, int threads, int reads)
      throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Void>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        var random = new Random(thread);
        Callable<Void> task =
            () -> {
              for (int i = 0; i < reads; i++) {
                int from = random.nextInt(content.length);
                int length = random.nextInt(Math.min(content.length - from, 400_000) + 1);
                assertThat(
                        Arrays.equals(
                            read(source, from, length),
                            Arrays.copyOfRange(content, from, from + length)))
                    .isTrue();
              }
              return null;
            };
        results.add(pool.submit(task));
      }
      for (Future<Void> result : results) {
        result.get();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void readsAtRandomFromSeveralThreads(CompressedFormat format) throws Exception {
    byte[] content = Streams.content(1_000_000, 1);
    byte[] file = blocks(format, content, 100_000, 1, 399_999, 500_000);
    try (ByteSource source = whole(format, file)) {
      assertThat(source.size()).isEqualTo(content.length);
      assertThat(source.describe()).isEqualTo("disk.img[" + format.label() + "]");
      assertThat(read(source, 0, content.length)).isEqualTo(content);
      readAtRandom(source, content, 4, 50);
      assertThat(read(source, content.length, 0)).isEmpty();
      assertThatThrownBy(() -> read(source, content.length - 1, 2))
          .isInstanceOf(CorruptImage.class);
    }
  }

  /** More than the cache holds: blocks are evicted, and threads wait for room. */
  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void holdsMoreContentThanMemory(CompressedFormat format) throws Exception {
    byte[] content = new byte[150 << 20];
    int[] sizes = {30 << 20, 30 << 20, 30 << 20, 30 << 20, 30 << 20};
    for (int i = 0; i < content.length; i += 4096) {
      content[i] = (byte) (i >> 20);
    }
    byte[] file = blocks(format, content, sizes);
    try (ByteSource source = whole(format, file)) {
      readAtRandom(source, content, 4, 6);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void readsFilesThatWereConcatenated(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(3000, 1);
    byte[] file =
        Streams.concat(
            blocks(format, content, 1000, 2000),
            blocks(format, content, 0),
            blocks(format, content, 3000));
    try (ByteSource source = whole(format, file)) {
      assertThat(read(source, 0, 6000)).isEqualTo(Streams.concat(content, content));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void leavesTheSourceAloneWhenItCannotBeReadAtRandom(CompressedFormat format) throws IOException {
    byte[] content = new byte[(32 << 20) + 2];
    for (int[] sizes : new int[][] {{0}, {1}, {content.length - 1, 1}}) {
      assertThat(format.whole(closing(blocks(format, content, sizes)))).isEmpty();
    }
    try (ByteSource source = whole(format, blocks(format, content, 32 << 20, 1))) {
      assertThat(source.size()).isEqualTo((32 << 20) + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "BZIP2", "LZ4"})
  void readsOtherKindsOnlyForward(CompressedFormat format) throws IOException {
    byte[] member = Streams.encode(format, new byte[1000]);
    assertThat(format.whole(closing(Streams.concat(member, member)))).isEmpty();
  }

  @Test
  void readsFramesWithoutTheirSizeOnlyForward() throws IOException {
    byte[] frame = Streams.encode(CompressedFormat.ZSTD, new byte[1000]);
    assertThat(Zstd.getFrameContentSize(frame)).isLessThanOrEqualTo(0);
    assertThat(CompressedFormat.ZSTD.whole(closing(Streams.concat(frame, frame)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void aFileCutAnywhereIsRefusedAtOnceOrLeft(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(700, 1);
    byte[] file = blocks(format, content, 300, 400);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      try {
        assertThat(format.whole(closing(cut))).isEmpty();
      } catch (CorruptImage e) {
        assertThat(e).hasMessageStartingWith("disk.img: ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void aFlippedBitIsRefusedOrHarmless(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(700, 1);
    byte[] file = blocks(format, content, 300, 400);
    for (int at = 0; at < file.length; at++) {
      byte[] flipped = Streams.flipped(file, at, at % 8);
      try (ByteSource source = format.whole(new MemorySource("disk.img", flipped)).orElse(null)) {
        if (source != null) {
          assertThat(read(source, 0, (int) source.size())).isEqualTo(content);
        }
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("disk.img: ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void namesTheDamagedBlockAndReadsTheOthers(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(30_000, 1);
    byte[] file = blocks(format, content, 10_000, 10_000, 10_000);
    byte[] damaged = Streams.flipped(file, file.length / 2, 0);
    try (ByteSource source = whole(format, damaged)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> read(source, 10_000, 1))
            .isInstanceOf(CorruptImage.class)
            .hasMessageContaining(format == CompressedFormat.XZ ? "xz block" : "zstd frame");
      }
      assertThat(read(source, 0, 10_000)).isEqualTo(Arrays.copyOf(content, 10_000));
      assertThat(read(source, 20_000, 10_000))
          .isEqualTo(Arrays.copyOfRange(content, 20_000, 30_000));
    }
  }

  /** The checksum ends a block or frame, and the next one starts behind it. */
  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void verifiesTheChecksumOfEachBlock(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(700, 1);
    byte[] file = blocks(format, content, 300, 400);
    int end = format == CompressedFormat.XZ ? secondXzBlock(file) : secondFrame(file);
    for (int at = end - 4; at < end; at++) {
      try (ByteSource source = whole(format, Streams.flipped(file, at, 0))) {
        assertThatThrownBy(() -> read(source, 0, 1)).isInstanceOf(CorruptImage.class);
        assertThat(read(source, 300, 400)).isEqualTo(Arrays.copyOfRange(content, 300, 700));
      }
    }
  }

  private static int secondXzBlock(byte[] file) throws IOException {
    try (var stream = new SeekableXZInputStream(new XzInput(new MemorySource("disk.img", file)))) {
      return (int) stream.getBlockCompPos(1);
    }
  }

  private static int secondFrame(byte[] file) {
    int first = SKIPPABLE.length;
    return first + (int) Zstd.findFrameCompressedSize(file, first, file.length - first);
  }

  @ParameterizedTest
  @EnumSource(names = {"XZ", "ZSTD"})
  void aFailureOfTheDeviceStaysWhatItIs(CompressedFormat format) throws IOException {
    byte[] content = Streams.content(400_000, 1);
    byte[] file = blocks(format, content, 200_000, 200_000);
    var failure = new IOException("read error");
    var failing = new Failing(file, failure);
    try (ByteSource source = format.whole(failing).orElseThrow()) {
      failing.fails = true;
      assertThatThrownBy(() -> read(source, 0, 1)).isSameAs(failure);
      assertThatThrownBy(() -> format.whole(failing)).isSameAs(failure);
      failing.fails = false;
      assertThat(read(source, 0, content.length)).isEqualTo(content);
      assertThat(failing.closed).isFalse();
    }
    assertThat(failing.closed).isTrue();
  }

  /** xz states a dictionary of its level's size however small the block is. */
  @Test
  void readsBlocksWithLargeDictionariesOneAfterTheOther() throws Exception {
    byte[] content = Streams.content(100_000, 1);
    var options = new LZMA2Options(0);
    options.setDictSize(64 << 20);
    byte[] large = xz(content, options, 50_000, 50_000);
    byte[] small = blocks(CompressedFormat.XZ, content, 50_000, 50_000);
    byte[] both = Streams.concat(content, content);
    try (ByteSource source = whole(CompressedFormat.XZ, Streams.concat(small, large))) {
      readAtRandom(source, both, 3, 10);
    }
  }

  @Test
  void refusesADictionaryThatIsTooLarge() throws IOException {
    byte[] content = Streams.content(1000, 1);
    var options = new LZMA2Options(0);
    byte[] file = xz(content, options, 500, 500);
    byte[] large = XzTest.withDictionary(file, 31);
    try (ByteSource source = whole(CompressedFormat.XZ, large)) {
      assertThatThrownBy(() -> read(source, 0, 1))
          .isInstanceOf(LimitExceeded.class)
          .hasMessageContaining("disk.img: xz block at offset 0xc: found a dictionary that takes");
      assertThat(read(source, 500, 500)).isEqualTo(Arrays.copyOfRange(content, 500, 1000));
    }
  }

  private static ByteSource closing(byte[] file) {
    return new Failing(file, new IOException("not used")) {
      @Override
      public void close() {
        throw new AssertionError("closed");
      }
    };
  }

  /** A file on a device that fails when told to. */
  private static class Failing implements ByteSource {
    private final MemorySource file;
    private final IOException failure;
    private volatile boolean fails;
    private volatile boolean closed;

    Failing(byte[] bytes, IOException failure) {
      file = new MemorySource("disk.img", bytes);
      this.failure = failure;
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      if (fails) {
        throw failure;
      }
      file.read(offset, target);
    }

    @Override
    public String describe() {
      return file.describe();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
