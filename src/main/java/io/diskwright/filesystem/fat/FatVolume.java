package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What every part of the reader needs of a volume.
 *
 * @param content read straight, for the content of files
 * @param metadata the same bytes, cached
 * @param fat the table in force
 */
record FatVolume(ByteSource content, ByteSource metadata, BootSector boot, AllocationTable fat) {

  /** The most bytes a directory can have, says the specification; Linux grows none beyond. */
  static final int MAX_DIRECTORY = 1 << 21;

  private static final long CACHE = 16 << 20;

  /** The number of the root directory, which may have no cluster; 1 never is a cluster. */
  static final long ROOT = 1;

  static FatVolume of(ByteSource volume, BootSector boot) throws CorruptImage {
    var metadata = new CachedSource(volume, new PageCache(CACHE));
    var fat = new AllocationTable(metadata, boot, boot.activeFat());
    metadata.checkInside("root directory", boot.rootOffset(), boot.rootBytes());
    return new FatVolume(volume, metadata, boot, fat);
  }

  /** The most clusters a directory can have. */
  long maxDirectoryClusters() {
    return Math.max(1, MAX_DIRECTORY / boot.clusterBytes());
  }

  /** The first cluster of a directory that has one. */
  long firstCluster(long number) {
    return number == ROOT ? boot.rootCluster() : number;
  }

  /**
   * The clusters of a directory.
   *
   * @param number its first cluster, or {@link #ROOT} on FAT32
   * @throws CorruptImage when it has more than a directory can have
   */
  ClusterChain directoryChain(long number) throws IOException {
    long most = maxDirectoryClusters();
    long first = firstCluster(number);
    ClusterChain chain = ClusterChain.follow(fat, directoryName(number), first, most + 1);
    if (chain.length() > most) {
      throw new CorruptImage(
          metadata.describe(),
          directoryName(number),
          boot.clusterOffset(first),
          "more than " + most + " clusters",
          "1 to " + most + " clusters, " + MAX_DIRECTORY + " bytes",
          "Check the filesystem inside the guest");
    }
    return chain;
  }

  /** Whether a directory is the one that lies before the clusters on FAT12 and FAT16. */
  boolean isFixedRoot(long number) {
    return number == ROOT && boot.kind() != FatKind.FAT32;
  }

  /**
   * The number of the directory that an entry leads to; empty when it leads nowhere.
   *
   * @param firstCluster as the entry has it
   */
  OptionalLong directoryNumber(long firstCluster) {
    if (boot.kind() == FatKind.FAT32 && firstCluster == boot.rootCluster()) {
      return OptionalLong.of(ROOT);
    }
    return fat.isCluster(firstCluster) ? OptionalLong.of(firstCluster) : OptionalLong.empty();
  }

  static String directoryName(long number) {
    return number == ROOT ? "root directory" : "directory " + number;
  }
}
