package io.diskwright.filesystem.ext;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Feature bits of the superblock and their names, as {@code tune2fs} prints them. */
final class Features {

  static final int COMPAT_HAS_JOURNAL = 0x4;
  static final int COMPAT_SPARSE_SUPER2 = 0x200;
  static final int COMPAT_ORPHAN_FILE = 0x1000;

  static final int INCOMPAT_FILETYPE = 0x2;
  static final int INCOMPAT_RECOVER = 0x4;
  static final int INCOMPAT_JOURNAL_DEV = 0x8;
  static final int INCOMPAT_META_BG = 0x10;
  static final int INCOMPAT_64BIT = 0x80;
  static final int INCOMPAT_MMP = 0x100;
  static final int INCOMPAT_EA_INODE = 0x400;
  static final int INCOMPAT_CSUM_SEED = 0x2000;
  static final int INCOMPAT_LARGE_DIR = 0x4000;
  static final int INCOMPAT_INLINE_DATA = 0x8000;
  static final int INCOMPAT_CASEFOLD = 0x20000;

  static final int RO_COMPAT_SPARSE_SUPER = 0x1;
  static final int RO_COMPAT_HUGE_FILE = 0x8;
  static final int RO_COMPAT_GDT_CSUM = 0x10;
  static final int RO_COMPAT_BIGALLOC = 0x200;
  static final int RO_COMPAT_METADATA_CSUM = 0x400;
  static final int RO_COMPAT_SHARED_BLOCKS = 0x4000;
  static final int RO_COMPAT_ORPHAN_PRESENT = 0x10000;

  /** What blkid takes for a sign of ext4 rather than ext3. */
  private static final int EXT3_INCOMPAT = 0x2 | 0x4 | 0x10;

  private static final int EXT3_RO_COMPAT = 0x1 | 0x2 | 0x4;

  private static final Map<Integer, String> COMPAT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(0x1, "dir_prealloc"),
              Map.entry(0x2, "imagic_inodes"),
              Map.entry(COMPAT_HAS_JOURNAL, "has_journal"),
              Map.entry(0x8, "ext_attr"),
              Map.entry(0x10, "resize_inode"),
              Map.entry(0x20, "dir_index"),
              Map.entry(0x40, "lazy_bg"),
              Map.entry(0x100, "snapshot_bitmap"),
              Map.entry(COMPAT_SPARSE_SUPER2, "sparse_super2"),
              Map.entry(0x400, "fast_commit"),
              Map.entry(0x800, "stable_inodes"),
              Map.entry(COMPAT_ORPHAN_FILE, "orphan_file")));

  /** The incompatible features that are read; every other one is refused. */
  private static final Map<Integer, String> INCOMPAT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(INCOMPAT_FILETYPE, "filetype"),
              Map.entry(INCOMPAT_RECOVER, "needs_recovery"),
              Map.entry(INCOMPAT_META_BG, "meta_bg"),
              Map.entry(0x40, "extent"),
              Map.entry(INCOMPAT_64BIT, "64bit"),
              Map.entry(INCOMPAT_MMP, "mmp"),
              Map.entry(0x200, "flex_bg"),
              Map.entry(INCOMPAT_EA_INODE, "ea_inode"),
              Map.entry(INCOMPAT_CSUM_SEED, "metadata_csum_seed"),
              Map.entry(INCOMPAT_LARGE_DIR, "large_dir"),
              Map.entry(INCOMPAT_INLINE_DATA, "inline_data"),
              Map.entry(0x10000, "encrypt"),
              Map.entry(INCOMPAT_CASEFOLD, "casefold")));

  private static final Map<Integer, String> INCOMPAT_NOT_READ =
      Map.of(0x1, "compression", INCOMPAT_JOURNAL_DEV, "journal_dev", 0x1000, "dirdata");

  private static final Map<Integer, String> RO_COMPAT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(RO_COMPAT_SPARSE_SUPER, "sparse_super"),
              Map.entry(0x2, "large_file"),
              Map.entry(RO_COMPAT_HUGE_FILE, "huge_file"),
              Map.entry(RO_COMPAT_GDT_CSUM, "uninit_bg"),
              Map.entry(0x20, "dir_nlink"),
              Map.entry(0x40, "extra_isize"),
              Map.entry(0x100, "quota"),
              Map.entry(RO_COMPAT_BIGALLOC, "bigalloc"),
              Map.entry(RO_COMPAT_METADATA_CSUM, "metadata_csum"),
              Map.entry(0x800, "replica"),
              Map.entry(0x1000, "read-only"),
              Map.entry(0x2000, "project"),
              Map.entry(RO_COMPAT_SHARED_BLOCKS, "shared_blocks"),
              Map.entry(0x8000, "verity"),
              Map.entry(RO_COMPAT_ORPHAN_PRESENT, "orphan_present")));

  private Features() {}

  /** All features by name; those without one as {@code FEATURE_I17}. */
  static List<String> names(int compat, int incompat, int roCompat) {
    List<String> names = new ArrayList<>();
    add(names, compat, COMPAT, "C");
    add(names, incompat, INCOMPAT, "I");
    add(names, roCompat, RO_COMPAT, "R");
    return names;
  }

  /** The incompatible features that are not read, by name; unknown ones by their bit. */
  static List<String> unread(int incompat) {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int mask = 1 << bit;
      if ((incompat & mask) != 0 && !INCOMPAT.containsKey(mask)) {
        names.add(INCOMPAT_NOT_READ.getOrDefault(mask, "bit " + bit));
      }
    }
    return names;
  }

  /** The type as blkid tells it. */
  static String type(int compat, int incompat, int roCompat) {
    if ((incompat & ~EXT3_INCOMPAT) != 0 || (roCompat & ~EXT3_RO_COMPAT) != 0) {
      return "ext4";
    }
    return (compat & COMPAT_HAS_JOURNAL) != 0 ? "ext3" : "ext2";
  }

  private static void add(List<String> names, int bits, Map<Integer, String> known, String letter) {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int mask = 1 << bit;
      if ((bits & mask) != 0) {
        names.add(known.getOrDefault(mask, "FEATURE_" + letter + bit));
      }
    }
  }
}
