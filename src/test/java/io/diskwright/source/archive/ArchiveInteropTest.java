package io.diskwright.source.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import io.diskwright.source.Content;
import io.diskwright.source.FileSource;
import io.diskwright.source.OpenOptions;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives made by the tools that people have, of a sparse disk. */
@Tag("interop")
class ArchiveInteropTest {

  private static final long SIZE = 5_000_000;

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void makeDisk() throws Exception {
    disk = folder.resolve("disk.raw");
    var random = new Random(7);
    try (var file = FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at : new long[] {8192, 70_000, 1_000_000, 2_500_000, 4_194_304, SIZE - 100}) {
        byte[] bytes = new byte[at == SIZE - 100 ? 100 : 4096 * 3];
        random.nextBytes(bytes);
        file.write(ByteBuffer.wrap(bytes), at);
      }
    }
    Files.writeString(folder.resolve("README"), "what it is");
  }

  private void run(String command) throws Exception {
    Tool.run("sh", "-c", "cd '" + folder + "' && " + command);
  }

  /** Reads the disk both ways and compares it with the file. */
  private void isRead(String archive) throws Exception {
    isRead(archive, disk);
  }

  private void isRead(String archive, Path expected) throws Exception {
    Path file = folder.resolve(archive);
    for (Archives.Way way : Archives.Way.values()) {
      Path read = folder.resolve("read");
      try (Content content = open(way, file);
          var out = FileChannel.open(read, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        write(content, out);
        content.wrapping().check().run(() -> false);
      }
      assertThat(Files.mismatch(read, expected)).as(archive + " " + way).isEqualTo(-1);
      Files.delete(read);
    }
  }

  private static Content open(Archives.Way way, Path file) throws IOException {
    ByteSource source = FileSource.open(file);
    int head = (int) Math.min(512, source.size());
    ArchiveFormat format =
        ArchiveFormat.of(source.view("head", 0, head, ByteOrder.BIG_ENDIAN)).orElseThrow();
    if (way == Archives.Way.RANDOM) {
      return format.open(source, file, OpenOptions.defaults());
    }
    source.close();
    InputStream stream = Files.newInputStream(file);
    return format.openForward(
        new ForwardSource(file.toString(), stream), file, OpenOptions.defaults());
  }

  private static void write(Content content, FileChannel out) throws IOException {
    switch (content.bytes()) {
      case Content.Whole whole -> {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (long at = 0; at < whole.source().size(); at += buffer.limit()) {
          buffer.clear().limit((int) Math.min(buffer.capacity(), whole.source().size() - at));
          whole.source().read(at, buffer);
          out.write(buffer.flip());
        }
      }
      case Content.Passing passing -> {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (passing.source().read(buffer.clear()) > 0) {
          out.write(buffer.flip());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar", "posix", "gnu", "oldgnu"})
  void gnuTar(String format) throws Exception {
    run("tar --format=" + format + " -cf a.tar README disk.raw");
    isRead("a.tar");
    run("tar --format=" + format + " -cf b.tar ./disk.raw");
    isRead("b.tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0", "0.1", "1.0"})
  void gnuTarSparsePax(String version) throws Exception {
    run("tar --format=posix -S --sparse-version=" + version + " -cf a.tar README disk.raw");
    assertThat(Files.size(folder.resolve("a.tar"))).isLessThan(SIZE / 2);
    isRead("a.tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "oldgnu"})
  void gnuTarSparse(String format) throws Exception {
    run("tar --format=" + format + " -S -cf a.tar README disk.raw");
    assertThat(Files.size(folder.resolve("a.tar"))).isLessThan(SIZE / 2);
    isRead("a.tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7tar", "ustar", "pax", "gnutar"})
  void bsdtar(String format) throws Exception {
    run("bsdtar --format=" + format + " -cf a.tar README disk.raw");
    isRead("a.tar");
    run("bsdtar --format=" + format + " --no-read-sparse -cf b.tar README disk.raw");
    isRead("b.tar");
  }

  @Test
  void longNames() throws Exception {
    String name = "n".repeat(90) + "/" + "m".repeat(120) + "ä.raw";
    run("mkdir " + "n".repeat(90) + " && cp disk.raw " + name);
    for (String format : new String[] {"posix", "gnu", "oldgnu"}) {
      run("tar --format=" + format + " -cf a.tar README " + name);
      isRead("a.tar");
    }
    run("bsdtar -cf a.tar README " + name + " && zip -q a.zip README " + name);
    isRead("a.tar");
    isRead("a.zip");
  }

  @Test
  void manyMembersAndOthersThanFiles() throws Exception {
    run(
        "mkdir d && for i in $(seq 1000); do echo $i > d/f$i; done; ln -s f1 d/link; mkfifo"
            + " d/fifo");
    run("cp disk.raw d/ && ln d/f1 d/hard && tar -cf a.tar d");
    isRead("a.tar");
    run("rm d/fifo && zip -qry a.zip d && 7z a -bd -tzip b.zip d >/dev/null");
    isRead("a.zip");
    isRead("b.zip");
  }

  @Test
  void moreThan8GiB() throws Exception {
    Path large = folder.resolve("large.raw");
    try (var file =
        FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 9L << 30);
    }
    // Not stored: an archive of holes behind a header that tar made of the size.
    for (String format : new String[] {"gnu", "posix"}) {
      run("tar --format=" + format + " -cf - large.raw 2>/dev/null | head -c 2048 > head");
      Path tar = folder.resolve("large.tar");
      int data = format.equals("gnu") ? 512 : 1536;
      byte[] head = Arrays.copyOf(Files.readAllBytes(folder.resolve("head")), data);
      try (var file = FileChannel.open(tar, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(head), 0);
        file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), data + (9L << 30));
        file.write(ByteBuffer.wrap(new byte[1024]), data + (9L << 30) + 512);
      }
      try (Content content = open(Archives.Way.RANDOM, tar)) {
        ByteSource source = ((Content.Whole) content.bytes()).source();
        assertThat(source.size()).isEqualTo((9L << 30) + 3);
        ByteBuffer end = ByteBuffer.allocate(3);
        source.read(9L << 30, end);
        assertThat(end.array()).containsExactly(1, 2, 3);
        assertThat(source.runAt(1 << 20, 8L << 30).hole()).isTrue();
      }
      Files.delete(tar);
    }
    run("tar --format=gnu -S -cf a.tar large.raw");
    try (Content content = open(Archives.Way.RANDOM, folder.resolve("a.tar"))) {
      assertThat(((Content.Whole) content.bytes()).source().size()).isEqualTo((9L << 30) + 3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zip -q a.zip README disk.raw",
        "zip -q -0 a.zip README disk.raw",
        "zip -q -9 -fz a.zip README disk.raw",
        "zip -q -Z bzip2 a.zip README disk.raw",
        "zip -q - README disk.raw > a.zip",
        "cat disk.raw | zip -q a.zip README - && printf '@ -\\n@=disk.raw\\n' | zipnote -w a.zip",
        "7z a -bd -tzip a.zip README disk.raw >/dev/null",
        "7z a -bd -tzip -mx=0 a.zip README disk.raw >/dev/null",
        "7z a -bd -tzip -mm=Deflate64 a.zip README disk.raw >/dev/null",
        "7z a -bd -tzip -mm=BZip2 a.zip README disk.raw >/dev/null",
        "bsdtar --format=zip -cf a.zip README disk.raw",
        "python3 -c \"import zipfile as z; a=z.ZipFile('a.zip','w',z.ZIP_DEFLATED);"
            + " a.write('README'); a.write('disk.raw'); a.close()\"",
        "python3 -c \"import zipfile as z; a=z.ZipFile('a.zip','w',z.ZIP_BZIP2);"
            + " a.write('README'); a.write('disk.raw'); a.close()\""
      })
  void zip(String command) throws Exception {
    run(command);
    isRead("a.zip");
  }

  /** What every exporter of OVAs writes: descriptor, stream-optimized disks, manifest. */
  @ParameterizedTest
  @ValueSource(strings = {"ustar", "posix", "gnu"})
  void ova(String format) throws Exception {
    run(
        "qemu-img convert -q -O vmdk -o subformat=streamOptimized disk.raw vm-disk1.vmdk &&"
            + " qemu-img create -q -f vmdk -o subformat=streamOptimized vm-disk2.vmdk 4M");
    Path vmdk = folder.resolve("vm-disk1.vmdk");
    String ovf =
        new TestOvf()
            .file("ovf:id='file2' ovf:href='vm-disk2.vmdk'")
            .file("ovf:id='file1' ovf:href='vm-disk1.vmdk' ovf:size='" + Files.size(vmdk) + "'")
            .disk("ovf:diskId='d1' ovf:fileRef='file1' ovf:capacity='5000192'")
            .text();
    Files.writeString(folder.resolve("vm.ovf"), ovf);
    for (int bits : new int[] {1, 256, 512}) {
      run(
          "for f in vm.ovf vm-disk1.vmdk vm-disk2.vmdk; do echo \"SHA"
              + bits
              + "($f)= $(sha"
              + bits
              + "sum $f | cut -d' ' -f1)\"; done > vm.mf");
      for (String order :
          List.of(
              "vm.ovf vm.mf vm-disk1.vmdk vm-disk2.vmdk",
              "vm.ovf vm-disk2.vmdk vm-disk1.vmdk vm.mf")) {
        run("tar --format=" + format + " -cf vm.ova " + order);
        isRead("vm.ova", vmdk);
      }
    }
    List<String> parts = new ArrayList<>(List.of("vm.ovf"));
    run("split -a 9 -d -b 10000 vm-disk1.vmdk vm-disk1.vmdk.");
    try (var files = Files.list(folder)) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.matches("vm-disk1\\.vmdk\\.\\d+"))
          .sorted()
          .forEach(parts::add);
    }
    Files.writeString(
        folder.resolve("vm.ovf"), ovf.replace("ovf:size=", "ovf:chunkSize='10000' ovf:size="));
    run("tar --format=" + format + " -cf vm.ova " + String.join(" ", parts));
    assertThat(parts.size()).isGreaterThan(3);
    isRead("vm.ova", vmdk);
  }
}
