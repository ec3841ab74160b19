package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Problem;
import io.diskwright.source.FileSource;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/** Volumes made by mke2fs, and what the kernel and the tools say of them. */
final class ExtVolumes {

  private static final String MEBIBYTE_FILLER =
      """
      import os, subprocess, sys
      os.chdir(sys.argv[1])
      def write(name, data):
          with open(name, 'wb') as f: f.write(data)
      os.mkdir('forms')
      with open('forms/unwritten', 'wb') as f:
          os.posix_fallocate(f.fileno(), 0, 1 << 20); os.pwrite(f.fileno(), b'x' * 5000, 300000)
      write('forms/punched', b'p' * (1 << 20))
      subprocess.run(['fallocate', '-p', '-o', '100000', '-l', '300000', 'forms/punched'])
      with open('forms/shorter', 'wb') as f: f.write(b's' * 100000); f.truncate(777)
      for name in ('immutable', 'append', 'nodump', 'sync', 'noatime'): write('forms/' + name, b'')
      for flag, name in (('+i', 'immutable'), ('+a', 'append'), ('+d', 'nodump'), ('+S', 'sync'), ('+A', 'noatime')):
          subprocess.run(['chattr', flag, 'forms/' + name])
      with open('forms/scattered', 'wb') as f:
          for i in range(700): f.seek(i * 12288); f.write(b'%d' % i)
      for i in range(300):
          os.makedirs('growing', exist_ok=True)
          write('growing/%s%d' % ('g' * (i % 200), i), b'')
          if i == 5 or i == 40: os.sync()
      for i in range(0, 300, 2): os.remove('growing/%s%d' % ('g' * (i % 200), i))
      """;

  private ExtVolumes() {}

  /**
   * Makes a filesystem.
   *
   * @param options of mke2fs, separated by blanks
   * @param size bytes
   */
  static Path make(Path file, String options, long size) throws Exception {
    RawFile.create(file, size);
    List<String> command = new ArrayList<>(List.of("mke2fs", "-q", "-F"));
    command.addAll(Arrays.asList(options.split(" ")));
    command.add(file.toString());
    Tool.runWithInput("", command);
    return file;
  }

  /** Makes what ext alone has. */
  static void fillForms(Path mountPoint) throws Exception {
    Tool.runWithInput(MEBIBYTE_FILLER, List.of("python3", "-", mountPoint.toString()));
  }

  static ExtFileSystem open(FileSource source) throws IOException {
    return ExtFileSystem.open(source).orElseThrow();
  }

  static List<Problem> check(ExtFileSystem fileSystem) throws IOException {
    List<Problem> problems = new ArrayList<>();
    fileSystem.check(problems::add);
    return problems;
  }

  /** Compares with the volume mounted, its journal as it is. */
  static void assertAsTheKernelShows(Path file) throws Exception {
    try (FileSource source = FileSource.open(file);
        Mount mount = Mount.of(file, "ext4", "loop,ro,noload")) {
      KernelView.assertSame(open(source), mount.point(), EnumSet.allOf(Column.class));
    }
  }

  /** Compares the facts of a sound volume with what the tools say. */
  static void assertAsTheToolsSay(Path file) throws Exception {
    String told = Tool.run("dumpe2fs", "-h", file.toString());
    String blkid = Tool.run("blkid", "-p", "-o", "export", file.toString()) + "\n";
    try (FileSource source = FileSource.open(file)) {
      ExtFileSystem fileSystem = open(source);
      FilesystemFacts facts = fileSystem.facts();
      assertThat(facts.problems()).isEmpty();
      assertThat(facts.clean()).isTrue();
      assertThat(facts.errors()).isFalse();
      assertThat(facts.orphans()).isZero();
      assertThat(blkid).contains("\nTYPE=" + facts.type() + "\n");
      assertThat(blkid).contains("\nUUID=" + facts.uuid() + "\n");
      if (!facts.label().isEmpty()) {
        assertThat(blkid).contains("\nLABEL=" + facts.label() + "\n");
      }
      assertThat(field(told, "Block size")).isEqualTo("" + facts.blockSize());
      assertThat(field(told, "Block count")).isEqualTo("" + facts.size() / facts.blockSize());
      assertThat(field(told, "Free blocks")).isEqualTo("" + facts.freeBlocks());
      assertThat(field(told, "Inode count")).isEqualTo("" + facts.inodes().orElseThrow());
      assertThat(field(told, "Free inodes")).isEqualTo("" + facts.freeInodes().orElseThrow());
      assertThat(field(told, "Filesystem features"))
          .isEqualTo(facts.features().stream().collect(Collectors.joining(" ")));
      assertThat(check(fileSystem).stream().limit(10)).isEmpty();
    }
    Tool.run("e2fsck", "-fn", file.toString());
  }

  private static String field(String told, String name) {
    return told.lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1)
        .strip();
  }
}
