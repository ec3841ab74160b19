package io.diskwright.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.filesystem.TreeFiller.Part;
import io.diskwright.source.FileSource;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filesystems made by mkfs.xfs and filled by the kernel, read back and compared with it. */
@Tag("interop")
class XfsInteropTest {

  private static final Part[] ORDINARY =
      EnumSet.complementOf(EnumSet.of(Part.HUNDRED_THOUSAND)).toArray(Part[]::new);

  @TempDir private Path folder;

  private Path made(String options, long size) throws Exception {
    Path image = folder.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    List<String> command = new ArrayList<>(List.of("mkfs.xfs", "-q", "-f"));
    Stream.of(options.split(" ")).filter(o -> !o.isEmpty()).forEach(command::add);
    command.add(image.toString());
    Tool.run(command.toArray(String[]::new));
    return image;
  }

  private static XfsFileSystem open(FileSource source) throws IOException {
    return XfsFileSystem.open(source).orElseThrow();
  }

  private static List<Problem> check(XfsFileSystem fileSystem) throws IOException {
    List<Problem> problems = new ArrayList<>();
    fileSystem.check(problems::add);
    return problems;
  }

  private static void assertAsTheKernelSeesIt(Path image) throws Exception {
    try (FileSource source = FileSource.open(image)) {
      XfsFileSystem fileSystem = open(source);
      try (Mount mount = Mount.of(image, "xfs", "loop,ro,norecovery")) {
        KernelView.assertSame(fileSystem, mount.point(), EnumSet.allOf(Column.class));
      }
      FilesystemFacts facts = fileSystem.facts();
      assertThat(facts.problems()).isEmpty();
      assertThat(facts.clean()).isTrue();
      assertThat(facts.recovery()).isEqualTo(Recovery.NOT_NEEDED);
      assertThat(facts.orphans()).isZero();
      assertThat(check(fileSystem).stream().limit(10)).isEmpty();
    }
    Tool.run("xfs_repair", "-n", "-f", image.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-b size=1024 -i size=512 -n size=4096 -m rmapbt=1",
        "-b size=2048 -i size=1024 -n size=8192",
        "-n size=65536 -i size=2048",
        "-m bigtime=0,inobtcount=0,finobt=0,reflink=0 -i sparse=0",
        "-i nrext64=1 -m rmapbt=1",
        "-d agcount=7,su=64k,sw=2 -l su=64k,size=64m -s size=4096",
        "-b size=16384",
        "-b size=65536",
      })
  void isReadAsTheKernelReadsIt(String options) throws Exception {
    Path image = made(options, 512 << 20);
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), ORDINARY);
    }
    assertAsTheKernelSeesIt(image);
  }

  @Test
  void aHundredThousandEntries() throws Exception {
    Path image = made("", 512 << 20);
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), Part.HUNDRED_THOUSAND);
    }
    assertAsTheKernelSeesIt(image);
  }
}
