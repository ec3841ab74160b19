package io.diskwright.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.filesystem.TreeFiller.Part;
import io.diskwright.source.FileSource;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
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
@Tag("root")
class XfsInteropTest {

  private static final Part[] ORDINARY =
      EnumSet.complementOf(EnumSet.of(Part.HUNDRED_THOUSAND, Part.FRAGMENTED)).toArray(Part[]::new);

  @TempDir private Path folder;

  private Path made(String options, long size) throws Exception {
    Path image = folder.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    // The variables are those of the tool's own tests, which may have small logs.
    List<String> command =
        new ArrayList<>(
            List.of("env", "TEST_DIR=1", "TEST_DEV=1", "QA_CHECK_FS=1", "mkfs.xfs", "-q", "-f"));
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

  /** What only XFS has, and what makes its structures large. */
  private static final String FORMS =
      """
      import os, subprocess, sys
      os.chdir(sys.argv[1])
      noise = os.urandom(1 << 16)
      def io(name, *commands):
          subprocess.check_call(['xfs_io', '-f', *sum((['-c', c] for c in commands), []), name],
              stdout=subprocess.DEVNULL)
      io('unwritten', 'falloc 0 1m', 'pwrite 100k 64k', 'falloc 8m 4k')
      with open('punched', 'wb') as f:
          for i in range(160): f.write(noise)
      io('punched', *('fpunch %dk 4k' % (i * 8) for i in range(1200)))
      for i in range(2000):
          os.makedirs('fragments', exist_ok=True)
          open('fragments/%s-%d' % ('n' * 180, i), 'w').write('x')
      for name, count, size in (('some', 5, 100), ('more', 700, 90)):
          open(name, 'w')
          for i in range(count): os.setxattr(name, 'user.%d' % i, noise[i:i + size])
      for i in range(120):
          open('values-%d' % (i % 2), 'a')
          os.setxattr('values-%d' % (i % 2), 'user.%d' % i, noise[i:i + 5000])
      os.symlink('/'.join(['s' * 101] * 10)[:1023], 'link-of-1023')
      for name, count in (('one-block', 30), ('one-leaf', 200)):
          os.mkdir(name)
          for i in range(count): os.mkdir(name + '/' + 'd' * 80 + str(i))
      """;

  private static void fillForms(Path mountPoint) throws Exception {
    Tool.runWithInput(FORMS, List.of("python3", "-", mountPoint.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-m bigtime=0,inobtcount=0,finobt=0,reflink=0 -i sparse=0",
      })
  void isReadAsTheKernelReadsIt(String options) throws Exception {
    Path image = made(options, 512 << 20);
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), ORDINARY);
    }
    assertAsTheKernelSeesIt(image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-b size=1024 -i size=512 -n size=4096 -m rmapbt=1",
        "-b size=2048 -i size=1024 -n size=8192",
        "-n size=65536 -i size=2048",
        "-i nrext64=1 -m rmapbt=1",
        "-d agcount=7,su=64k,sw=2 -l su=64k,size=64m -s size=4096",
        "-b size=65536",
      })
  void everySizeIsReadAsTheKernelReadsIt(String options) throws Exception {
    Path image = made(options, 512 << 20);
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(
          mount.point(), Part.MANY, Part.LINKS, Part.ODD_NAMES, Part.ATTRIBUTES, Part.LISTS);
      fillForms(mount.point());
    }
    assertAsTheKernelSeesIt(image);
  }

  @Test
  void allFormsAreReadAsTheKernelReadsThem() throws Exception {
    Path image = made("-b size=1024", 512 << 20);
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(
          mount.point(), Part.HUNDRED_THOUSAND, Part.SPECIAL, Part.LINKS, Part.ATTRIBUTES);
      fillForms(mount.point());
      Tool.run("cp", "--reflink=always", mount.point() + "/punched", mount.point() + "/shared");
      Tool.run("xfs_io", "-c", "pwrite 16k 4k", mount.point() + "/shared");
    }
    assertAsTheKernelSeesIt(image);
    try (FileSource source = FileSource.open(image)) {
      assertThat(Forms.of(open(source)))
          .contains(
              "directory, local",
              "directory, block",
              "directory, SINGLE_LEAF",
              "directory, NODE",
              "directory, extents",
              "directory, btree",
              "file, extents",
              "file, btree",
              "extent, written",
              "extent, unwritten",
              "symbolic link, local",
              "symbolic link, extents",
              "attributes, local",
              "attributes, extents",
              "attributes, btree",
              "attributes, ATTRIBUTE_LEAF",
              "attributes, NODE",
              "attributes, remote value",
              "block device, device");
    }
  }

  /** The kernel keeps pointers to parents as attributes; mkfs.xfs does not know that yet. */
  @Test
  void pointersToParentsAreNotShown() throws Exception {
    Path image = made("", 512 << 20);
    Tool.run(
        "xfs_db", "-x", "-c", "sb 0", "-c", "write -d features_incompat 0xcb", image.toString());
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), Part.DEEP, Part.LINKS, Part.ATTRIBUTES);
    }
    try (FileSource source = FileSource.open(image)) {
      XfsFileSystem fileSystem = open(source);
      try (Mount mount = Mount.of(image, "xfs", "loop,ro,norecovery")) {
        KernelView.assertSame(fileSystem, mount.point(), EnumSet.allOf(Column.class));
      }
      assertThat(Forms.of(fileSystem)).contains("attributes, parent");
      assertThat(fileSystem.facts().features()).contains("exchange", "parent");
      assertThat(check(fileSystem)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m crc=0 -b size=512",
        "-m crc=0 -n size=8192,ftype=1 -l version=1",
        "-m crc=0 -i size=1024 -l lazy-count=0",
        "-m crc=0 -i size=512 -n version=ci -b size=1024",
        "-n version=ci -m finobt=1",
      })
  void whatTheKernelDoesNotMountIsReadAsItWasMade(String options) throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    TreeFiller.fill(tree, Part.MANY, Part.LINKS, Part.SPECIAL);
    if (!options.contains("crc=0")) {
      // mkfs.xfs writes long ones without the headers that version 5 asks for.
      Files.delete(tree.resolve("links/slow"));
      Files.delete(tree.resolve("links/1000"));
    }
    Files.delete(tree.resolve("special/socket"));
    Path prototype = Files.writeString(folder.resolve("prototype"), Prototype.of(tree));
    Path image = made(options + " -p " + prototype, 512 << 20);
    try (FileSource source = FileSource.open(image)) {
      XfsFileSystem fileSystem = open(source);
      KernelView.assertSame(
          fileSystem,
          tree,
          EnumSet.of(
              Column.TYPE,
              Column.MODE,
              Column.UID,
              Column.GID,
              Column.SIZE,
              Column.DEVICE,
              Column.TARGET,
              Column.CONTENT));
      assertThat(fileSystem.facts().problems()).isEmpty();
      assertThat(fileSystem.facts().clean()).isTrue();
      assertThat(check(fileSystem)).isEmpty();
      boolean folding = options.contains("version=ci");
      assertThat(fileSystem.root().child("LINKS").isPresent()).isEqualTo(folding);
      Node many = fileSystem.root().child("many").orElseThrow();
      assertThat(many.child("Entry-1-N").isPresent()).isEqualTo(folding);
    }
    Tool.run("xfs_repair", "-n", "-f", image.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-l su=64k", "-m crc=0 -l version=1", "-l sectsize=4096 -s size=4096"})
  void aDirtyLogIsReported(String options) throws Exception {
    Path image = made(options, 512 << 20);
    assertThat(facts(image).recovery()).isEqualTo(Recovery.NOT_NEEDED);
    if (options.contains("crc=0")) {
      return;
    }
    Path copy = folder.resolve("copy");
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), Part.MANY);
      Tool.run("sync", "-f", mount.point().toString());
      Tool.run("cp", "--sparse=always", image.toString(), copy.toString());
    }
    FilesystemFacts dirty = facts(copy);
    assertThat(dirty.clean()).isFalse();
    assertThat(dirty.recovery()).isEqualTo(Recovery.NEEDED);
    assertThat(dirty.details().get("log")).startsWith("dirty");
    FilesystemFacts clean = facts(image);
    assertThat(clean.clean()).isTrue();
    assertThat(clean.recovery()).isEqualTo(Recovery.NOT_NEEDED);
    assertThat(log(copy)).contains("<DIRTY>");
    assertThat(log(image)).contains("<CLEAN>");
  }

  private static String log(Path image) throws Exception {
    String device = Tool.run("losetup", "-f", "--show", "-r", image.toString()).strip();
    try {
      return Tool.run("xfs_logprint", "-t", device);
    } finally {
      Tool.run("losetup", "-d", device);
    }
  }

  /** The log is small and has been written round several times. */
  @Test
  void theHeadOfALogThatWentRoundIsFound() throws Exception {
    Path image = made("-l size=6m", 512 << 20);
    Path copy = folder.resolve("copy");
    for (int i = 0; i < 4; i++) {
      try (Mount mount = Mount.of(image, "xfs", "loop")) {
        Tool.run("rm", "-rf", mount.point() + "/100000");
        Path files = Files.createDirectory(mount.point().resolve("100000"));
        Tool.runWithInput(
            "import os, sys\nfor i in range(5000): os.mkdir('%s/%d' % (sys.argv[1], i))",
            List.of("python3", "-", files.toString()));
        Tool.run("sync", "-f", mount.point().toString());
        Tool.run("cp", "--sparse=always", image.toString(), copy.toString());
      }
      assertThat(facts(image).clean()).isTrue();
      assertThat(facts(copy).clean()).isFalse();
    }
    assertThat(facts(image).details().get("log")).doesNotEndWith("round 1");
  }

  /** A frozen filesystem is all in place, but for its open files without a name. */
  @Test
  void openFilesWithoutANameAreCounted() throws Exception {
    Path image = made("", 512 << 20);
    Path copy = folder.resolve("copy");
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      Tool.runWithInput(
          """
          import os, subprocess, sys
          top, image, copy = sys.argv[1:]
          files = [open('%s/%d' % (top, i), 'w') for i in range(7)]
          for i in range(7): os.remove('%s/%d' % (top, i))
          subprocess.check_call(['xfs_freeze', '-f', top])
          try: subprocess.check_call(['cp', '--sparse=always', image, copy])
          finally: subprocess.check_call(['xfs_freeze', '-u', top])
          """,
          List.of("python3", "-", mount.point().toString(), image.toString(), copy.toString()));
    }
    assertThat(facts(copy).orphans()).isEqualTo(7);
    assertThat(facts(image).orphans()).isZero();
  }

  @Test
  void otherDevicesAreNamed() throws Exception {
    Path log = folder.resolve("log");
    Path realtime = folder.resolve("realtime");
    for (Path device : List.of(log, realtime)) {
      try (var file = new RandomAccessFile(device.toFile(), "rw")) {
        file.setLength(128 << 20);
      }
    }
    Path image =
        made(
            "-m reflink=0,rmapbt=0 -l logdev=" + log + ",size=64m -r rtdev=" + realtime, 512 << 20);
    FilesystemFacts facts = facts(image);
    assertThat(facts.clean()).isFalse();
    assertThat(facts.details().get("log")).contains("external", "unknown");
    assertThat(facts.details().get("realtime")).contains("another device");
    try (FileSource source = FileSource.open(image)) {
      assertThat(check(open(source))).isEmpty();
    }
  }

  @Test
  void whatGrewIsReadAsTheKernelReadsIt() throws Exception {
    Path image = made("-m uuid=11111111-2222-3333-4444-555555555555", 320 << 20);
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(777 << 20);
    }
    try (Mount mount = Mount.of(image, "xfs", "loop")) {
      TreeFiller.fill(mount.point(), Part.SIZES);
      Tool.run("xfs_growfs", mount.point().toString());
      TreeFiller.fill(mount.point(), Part.DEEP);
    }
    Tool.run("xfs_admin", "-U", "66666666-7777-8888-9999-aaaaaaaaaaaa", image.toString());
    assertAsTheKernelSeesIt(image);
    FilesystemFacts facts = facts(image);
    assertThat(facts.size()).isEqualTo(777 << 20);
    assertThat(facts.uuid()).isEqualTo("66666666-7777-8888-9999-aaaaaaaaaaaa");
    assertThat(facts.details()).containsKey("metadata uuid");
  }

  private static FilesystemFacts facts(Path image) throws IOException {
    try (FileSource source = FileSource.open(image)) {
      return open(source).facts();
    }
  }
}
