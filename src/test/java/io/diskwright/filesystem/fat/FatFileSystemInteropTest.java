package io.diskwright.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.KernelView.Column;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.source.FileSource;
import io.diskwright.volume.RawFile;
import io.diskwright.volume.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Volumes made by mkfs.fat and filled by Linux' vfat, compared with what Linux shows of them. */
@Tag("interop")
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FatFileSystemInteropTest {

  private static final Set<Column> COLUMNS = EnumSet.allOf(Column.class);

  private static final String FAT_FILLER =
      """
      import fcntl, struct
      if 'SHORT_NAMES' in parts:
          os.mkdir('short')
          for i in range(150): write('short/long file name %d.text' % i, b'%d' % i)
          for name in ['UPPER.TXT', 'lower.txt', 'MIXED.txt', 'other.TXT', 'NOEXT', 'noext2', 'a.b.c',
                       'plus+sign', 'Ünder.txt', 'ÄÖÜ.TXT', 'éàü.ext', '.dot', 'two  spaces.x']:
              write('short/' + name, name.encode())
          for i, letter in enumerate('RHSA'):
              name = 'short/attribute.' + letter
              write(name, b'')
              fd = os.open(name, os.O_RDONLY)
              fcntl.ioctl(fd, 0x40047211, struct.pack('I', [1, 2, 4, 32][i]))
              os.close(fd)
          for i in range(0, 150, 4): os.remove('short/long file name %d.text' % i)
      if 'UNITS' in parts:
          os.mkdir('units')
          for name in ['n' * 255, '\\u65e5' * 85, '\\U0001f600' * 60, 'm' * 13, 'm' * 14, 'm' * 26, 'p' * 12]:
              write('units/' + name, name.encode())
      if 'TIMES' in parts:
          os.mkdir('times')
          for i, t in enumerate([315532800, 315532801, 951782399, 1582934400, 4102444799, 4107542399,
                                 4107542400, 4133980798]):
              write('times/%d' % i, b''); os.utime('times/%d' % i, (t, t))
      if 'THOUSAND' in parts:
          os.mkdir('thousand')
          for i in range(1000): write('thousand/%s-%d' % ('n' * (i % 90), i), b'%d' % i)
          for i in range(0, 1000, 3): os.remove('thousand/%s-%d' % ('n' * (i % 90), i))
      if 'TURNS' in parts:
          os.mkdir('turns')
          files = [open('turns/%d' % i, 'wb', buffering=0) for i in range(4)]
          for i in range(30):
              for f in files:
                  f.write(noise[i * 1000:i * 1000 + 3000]); os.fsync(f.fileno())
          for f in files: f.close()
      """;

  private static final String SMALL = "SHORT_NAMES,UNITS,TIMES,ODD_NAMES";
  private static final String FILES = SMALL + ",TURNS,SIZES";

  private static final List<String> VOLUMES =
      List.of(
          "2 " + SMALL + " -F 12",
          "16 " + FILES + " -F 12 -s 16 -r 1008 -n LABEL12",
          "16 " + SMALL + " -F 12 -s 128 -f 1",
          "16 " + FILES + " -F 16 -s 1 -h 63 -n fat_16",
          "32 DEEP,SIZES -F 16 -s 4",
          "128 " + SMALL + " -F 16 -S 4096 -s 2",
          "40 " + FILES + ",THOUSAND -F 32 -s 1 -n FAT-32",
          "64 " + SMALL + " -F 32 -s 2 -f 1 -b 9 -R 40",
          "300 " + FILES + " -F 32 -S 4096 -s 1",
          "600 SIZES,FRAGMENTED -F 32 -s 64 -i 0000abcd",
          "3 " + SMALL + " -F 32 -s 1");

  @TempDir private static Path folder;
  private final List<Path> files = new ArrayList<>();
  private List<Map<String, String>> views = List.of();

  @BeforeAll
  void makeVolumes() throws Exception {
    List<String> parts = new ArrayList<>();
    for (String volume : VOLUMES) {
      String[] words = volume.split(" ");
      Path file = folder.resolve("volume-" + files.size());
      RawFile.create(file, Long.parseLong(words[0]) << 20);
      List<String> command = new ArrayList<>(List.of("mkfs.fat"));
      command.addAll(Arrays.asList(words).subList(2, words.length));
      command.add(file.toString());
      Tool.runWithInput("", command);
      files.add(file);
      parts.add(words[1]);
    }
    views = VfatKernel.fillAndList(folder, files, TreeFiller.script() + FAT_FILLER, parts);
  }

  static IntStream volumes() {
    return IntStream.range(0, VOLUMES.size());
  }

  @ParameterizedTest
  @MethodSource("volumes")
  void showsWhatLinuxShows(int volume) throws Exception {
    try (FileSource source = FileSource.open(files.get(volume))) {
      FatFileSystem fat = FatFileSystem.open(source).orElseThrow();
      assertThat(views.get(volume)).hasSizeGreaterThan(50);
      KernelView.assertSame(fat, views.get(volume), COLUMNS);
    }
  }

  @ParameterizedTest
  @MethodSource("volumes")
  void saysWhatBlkidAndFsckSay(int volume) throws Exception {
    String file = files.get(volume).toString();
    try (FileSource source = FileSource.open(files.get(volume))) {
      FatFileSystem fat = FatFileSystem.open(source).orElseThrow();
      FilesystemFacts facts = fat.facts();
      assertThat(facts.label()).isEqualTo(blkid(file, "LABEL"));
      assertThat(facts.uuid()).isEqualTo(blkid(file, "UUID"));
      assertThat(facts.clean()).isTrue();
      assertThat(facts.errors()).isFalse();
      assertThat(facts.problems()).isEmpty();
      String summary = Tool.run("fsck.fat", "-n", "-v", file);
      assertThat(summary).contains(facts.features().getFirst().substring(3) + " bit entries");
      List<Problem> problems = new ArrayList<>();
      fat.check(problems::add);
      assertThat(problems).isEmpty();
    }
  }

  private static String blkid(String file, String tag) throws Exception {
    return Tool.run("sh", "-c", "blkid -p -o value -s " + tag + " " + file + " || true").strip();
  }
}
