package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Mount;
import io.diskwright.filesystem.TreeFiller;
import io.diskwright.filesystem.TreeFiller.Part;
import io.diskwright.volume.Tool;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes made by mke2fs and filled by the kernel, read back and compared with it. */
@Tag("interop")
@Tag("root")
class ExtFileSystemInteropTest {

  private static final Set<Part> SMALL =
      EnumSet.of(
          Part.SIZES,
          Part.LINKS,
          Part.SPECIAL,
          Part.ODD_NAMES,
          Part.BYTE_NAMES,
          Part.OWNERS,
          Part.ATTRIBUTES,
          Part.LISTS);

  private static final Set<Part> LARGE = EnumSet.complementOf(EnumSet.of(Part.HUNDRED_THOUSAND));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t ext2 -b 1024 -I 128 -L old",
        "-t ext2 -b 4096 -O ^dir_index,^filetype",
        "-r 0 -t ext2",
        "-t ext3 -b 1024 -L journaled",
        "-t ext3 -b 4096 -I 256",
        "-t ext4 -b 1024 -O ^64bit,^metadata_csum",
        "-t ext4 -b 2048 -O ^64bit,metadata_csum -I 512",
        "-t ext4 -O ^metadata_csum,uninit_bg,^64bit",
        "-t ext4 -O ^metadata_csum,uninit_bg,64bit",
        "-t ext4 -O ^extents,^64bit,^flex_bg",
        "-t ext4 -O ^flex_bg,^resize_inode,meta_bg -b 1024 -g 1024",
        "-t ext4 -O bigalloc -C 16384",
        "-t ext4 -O bigalloc -b 1024 -C 8192",
        "-t ext4 -O inline_data",
        "-t ext4 -O inline_data -b 1024 -I 1024 -E lazy_itable_init=0",
        "-t ext4 -O ea_inode -I 128 -b 1024",
        "-t ext4 -O sparse_super2,metadata_csum_seed,^resize_inode",
        "-t ext4 -O ^has_journal,large_dir,mmp,stable_inodes",
        "-t ext4 -O orphan_file,fast_commit,encrypt,verity,ea_inode",
        "-t ext4 -E hash_seed=01234567-89ab-cdef-0123-456789abcdef -O inline_data,bigalloc -C"
            + " 65536",
      })
  void isReadAsTheKernelReadsIt(String options) throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), options, 64 << 20);
    fill(volume, SMALL);
    ExtVolumes.assertAsTheKernelShows(volume);
    ExtVolumes.assertAsTheToolsSay(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-t ext4", "-t ext3 -b 1024"})
  void largeTreesAreReadAsTheKernelReadsThem(String options) throws Exception {
    Path volume = ExtVolumes.make(folder.resolve("volume"), options, 400 << 20);
    fill(volume, LARGE);
    ExtVolumes.assertAsTheKernelShows(volume);
    ExtVolumes.assertAsTheToolsSay(volume);
  }

  private static void fill(Path volume, Set<Part> parts) throws Exception {
    try (Mount mount = Mount.of(volume, "ext4", "loop")) {
      TreeFiller.fill(mount.point(), parts.toArray(Part[]::new));
      ExtVolumes.fillForms(mount.point());
    }
    Tool.run("sync", volume.toString());
  }
}
