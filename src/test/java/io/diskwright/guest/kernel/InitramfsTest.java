package io.diskwright.guest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.v3.lzo.LzoCompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** An initramfs in every way a kernel takes it. */
class InitramfsTest {

  private static final byte[] CPIO = Cpio.of("init", "lib/modules/6.1/kernel/virtio-blk.ko.xz");

  private static Initramfs read(byte[] bytes) throws IOException {
    return Initramfs.read(new ByteArrayInputStream(bytes));
  }

  private interface Packer {
    OutputStream open(OutputStream out) throws IOException;
  }

  private static byte[] packed(Packer packer) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream packing = packer.open(out)) {
      packing.write(CPIO);
    }
    return out.toByteArray();
  }

  private static void isRead(String compression, byte[] bytes) throws IOException {
    Initramfs initramfs = read(bytes);
    assertThat(initramfs.compression()).isEqualTo(compression);
    assertThat(initramfs.names()).contains("init");
    assertThat(initramfs.hasModule("virtio_blk")).isTrue();
    assertThat(initramfs.hasModule("virtio_net")).isFalse();
  }

  @Test
  void readsEveryCompression() throws IOException {
    isRead("none", CPIO);
    isRead("gzip", packed(GZIPOutputStream::new));
    isRead("bzip2", packed(BZip2CompressorOutputStream::new));
    isRead("xz", packed(out -> new XZOutputStream(out, new LZMA2Options(1))));
    isRead("lzma", packed(out -> new LZMAOutputStream(out, new LZMA2Options(1), -1)));
    isRead("zstd", Zstd.compress(CPIO));
    isRead("lz4", lz4());
    isRead("lzo", lzo());
  }

  @Test
  void readsArchivesOneBehindTheOther() throws IOException {
    var all = new ByteArrayOutputStream();
    all.writeBytes(Cpio.of("kernel/x86/microcode/GenuineIntel.bin"));
    all.writeBytes(new byte[508]);
    all.writeBytes(packed(GZIPOutputStream::new));
    isRead("gzip", all.toByteArray());
    assertThat(read(all.toByteArray()).names()).contains("kernel/x86/microcode/GenuineIntel.bin");
  }

  @Test
  void refusesWhatIsNone() {
    assertThatThrownBy(() -> read("what is this?".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(UnknownCompression.class)
        .hasMessageContaining("7768617420");
    assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(Arrays.copyOf(CPIO, CPIO.length - 60)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Initramfs.read(new Zeros())).hasMessageContaining("more than");
    byte[] longName = CPIO.clone();
    longName[94] = 'F';
    assertThatThrownBy(() -> read(longName)).hasMessageContaining("a name of");
    byte[] huge = CPIO.clone();
    Arrays.fill(huge, 54, 62, (byte) 'F');
    assertThatThrownBy(() -> read(huge)).hasMessageContaining("more than");
  }

  /** Without an end. */
  private static final class Zeros extends InputStream {
    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Arrays.fill(target, offset, offset + length, (byte) 0);
      return length;
    }
  }

  private static byte[] lz4() {
    byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(CPIO);
    ByteBuffer file = ByteBuffer.allocate(8 + block.length).order(ByteOrder.LITTLE_ENDIAN);
    return file.putInt(0x184c2102).putInt(block.length).put(block).array();
  }

  /** As lzop 1.04 writes it, with a sum of the data. */
  private static byte[] lzo() throws IOException {
    var compressor = new LzoCompressor();
    byte[] block = new byte[compressor.maxCompressedLength(CPIO.length)];
    int length = compressor.compress(CPIO, 0, CPIO.length, block, 0, block.length);
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'});
    out.writeShort(0x1040);
    out.writeShort(0x20a0);
    out.writeShort(0x0940);
    out.writeByte(1);
    out.writeByte(5);
    out.writeInt(1);
    out.writeInt(0100644);
    out.writeInt(0);
    out.writeInt(0);
    out.writeByte(0);
    out.writeInt(0);
    out.writeInt(CPIO.length);
    out.writeInt(length);
    out.writeInt(0);
    out.write(block, 0, length);
    out.writeInt(0);
    return bytes.toByteArray();
  }
}
