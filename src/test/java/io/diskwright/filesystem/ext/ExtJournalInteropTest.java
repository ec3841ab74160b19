package io.diskwright.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.FileSource;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes copied while they were mounted: the kernel replays a copy's journal, and so do we. */
@Tag("interop")
@Tag("root")
class ExtJournalInteropTest {

  /** Leaves changes in the journal, with blocks that are revoked and blocks that are escaped. */
  private static final String CHANGES =
      """
      import os, subprocess, sys
      volume, copy, rounds = sys.argv[2], sys.argv[3], int(sys.argv[4])
      os.chdir(sys.argv[1])
      for r in range(rounds):
          os.makedirs('d%d/e' % r)
          for i in range(80): open('d%d/f%d' % (r, i), 'w').write('x' * (i * 37 + r))
          if r:
              for i in range(0, 80, 3): os.remove('d%d/f%d' % (r - 1, i))
          if r > 2:
              os.rename('d%d' % (r - 2), 'd%d/moved' % r)
          open('magic%d' % r, 'wb').write(b'\\xc0\\x3b\\x39\\x98' * 2048)
          fd = os.open('d%d/f1' % r, os.O_RDWR); os.write(fd, b'yy'); os.fsync(fd); os.close(fd)
          if r % 2: os.sync()
          if r % 3 == 2: subprocess.check_call('rm -r d%d/e; mkdir d%d/e' % (r, r), shell=True)
      gone = open('gone', 'w'); gone.write('z' * 5000); gone.flush(); os.fsync(gone.fileno())
      os.remove('gone')
      fd = os.open('escaped', os.O_CREAT | os.O_RDWR)
      for i in range(8): os.write(fd, b'\\xc0\\x3b\\x39\\x98' * 256)
      os.fsync(fd)
      os.close(os.open('last', os.O_CREAT))
      top = os.open('.', os.O_RDONLY); os.fsync(top)
      subprocess.check_call(['cp', '--sparse=always', volume, copy])
      """;

  /** A file made after the last whole transaction, and made durable alone. */
  private static final String FAST_COMMIT =
      """
      import os, subprocess, sys
      volume, copy = sys.argv[2], sys.argv[3]
      os.chdir(sys.argv[1])
      open('before', 'w').write('x' * 10000)
      os.sync()
      for i in range(3):
          fd = os.open('after', os.O_CREAT | os.O_RDWR); os.write(fd, b'x' * 5000 * i); os.fsync(fd)
      subprocess.check_call(['cp', '--sparse=always', volume, copy])
      """;

  @TempDir private Path folder;

  private Path dirty(String mkfs, String options, int rounds) throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), mkfs, 48 << 20);
    Path copy = folder.resolve("copy");
    try (Mount mount = Mount.of(volume, "ext4", "loop," + options)) {
      Tool.runWithInput(
          CHANGES,
          List.of(
              "python3",
              "-",
              mount.point().toString(),
              volume.toString(),
              copy.toString(),
              "" + rounds));
    }
    return copy;
  }

  @ParameterizedTest
  @CsvSource({
    "-t ext4, defaults, 6",
    "-t ext4 -O ^metadata_csum ^64bit, defaults, 6",
    "-t ext4 -b 1024 -J size=1, 'data=journal', 40",
    "-t ext3 -b 1024 -J size=1, journal_checksum, 30",
    "-t ext4 -O ^metadata_csum, 'data=writeback,journal_async_commit', 6",
    "-t ext4 -O orphan_file, defaults, 3",
    "-t ext4 -O bigalloc -C 16384, defaults, 4",
  })
  void theJournalIsReplayedAsTheKernelReplaysIt(String mkfs, String options, int rounds)
      throws Exception {
    Path copy = dirty(mkfs.replace(" ^64bit", ",^64bit"), options, rounds);
    Path replayed = Files.copy(copy, folder.resolve("replayed"));
    try (FileSource source = FileSource.open(copy)) {
      ExtFileSystem fileSystem = ExtVolumes.open(source);
      FilesystemFacts facts = fileSystem.facts();
      assertThat(facts.problems()).isEmpty();
      assertThat(facts.recovery()).isEqualTo(Recovery.REPLAYED);
      assertThat(facts.clean()).isFalse();
      assertThat(facts.orphans()).isEqualTo(1);
      assertThat(facts.details().get("journal")).matches("[1-9].* transactions replayed, .*");
      try (Mount mount = Mount.of(replayed, "ext4", "loop")) {
        KernelView.assertSame(fileSystem, mount.point(), EnumSet.allOf(Column.class));
      }
      assertThat(ExtVolumes.check(fileSystem).stream().limit(10)).isEmpty();
    }
  }

  @Test
  void fastCommitsAreNotReadAndThatIsSaid() throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), "-t ext4 -O fast_commit", 64 << 20);
    Path copy = folder.resolve("copy");
    try (Mount mount = Mount.of(volume, "ext4", "loop")) {
      Tool.runWithInput(
          FAST_COMMIT,
          List.of("python3", "-", mount.point().toString(), volume.toString(), copy.toString()));
    }
    try (FileSource source = FileSource.open(copy)) {
      ExtFileSystem fileSystem = ExtVolumes.open(source);
      FilesystemFacts facts = fileSystem.facts();
      assertThat(facts.recovery()).isEqualTo(Recovery.NEEDED);
      assertThat(facts.problems()).extracting(Problem::found).first().asString().contains("fast");
      assertThat(fileSystem.root().child("before")).isPresent();
      assertThat(fileSystem.root().child("after")).isEmpty();
    }
  }

  @Test
  void aJournalOnAnotherDeviceIsNotReadAndThatIsSaid() throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), "-t ext4 -O ^metadata_csum", 16 << 20);
    Tool.run("debugfs", "-w", "-R", "feature +needs_recovery", volume.toString());
    RawFile.patch(volume, 1024 + 0xe0, new byte[4]);
    try (FileSource source = FileSource.open(volume)) {
      FilesystemFacts facts = ExtVolumes.open(source).facts();
      assertThat(facts.recovery()).isEqualTo(Recovery.NEEDED);
      assertThat(facts.problems()).extracting(Problem::found).first().asString().contains("device");
    }
    Path journal = ExtVolumes.make(folder.resolve("journal"), "-t ext4 -O journal_dev", 16 << 20);
    try (FileSource source = FileSource.open(journal)) {
      assertThatThrownBy(() -> ExtFileSystem.open(source))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("journal_dev");
    }
  }
}
