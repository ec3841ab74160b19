package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The feature words of the superblock.
 *
 * @param versionnum version in the low four bits, features of version 4 above
 * @param features2 more features of version 4; version 5 keeps them as they were
 * @param readOnlyCompatible what may be unknown to who only reads
 * @param incompatible what must be known
 * @param logIncompatible what a replay of the log must know
 */
record Features(
    int versionnum,
    long features2,
    long readOnlyCompatible,
    long incompatible,
    long logIncompatible) {

  private static final int VERSION_MASK = 0xf;
  private static final int ASCII_CI = 0x4000;
  private static final int DIRECTORY_V2 = 0x2000;
  private static final int MORE_BITS = 0x8000;

  private static final long LAZY_COUNT = 0x2;
  private static final long ATTR2 = 0x8;
  private static final long PROJID32 = 0x80;
  private static final long FTYPE_V4 = 0x200;

  private static final long FINOBT = 0x1;
  private static final long RMAPBT = 0x2;
  private static final long REFLINK = 0x4;
  private static final List<String> READ_ONLY_NAMES =
      List.of("finobt", "rmapbt", "reflink", "inobtcount");

  private static final long FTYPE = 0x1;
  private static final long SPARSE = 0x2;
  private static final long META_UUID = 0x4;
  private static final long BIGTIME = 0x8;
  private static final long NEEDS_REPAIR = 0x10;
  private static final long NREXT64 = 0x20;
  private static final long EXCHANGE = 0x40;
  private static final long PARENT = 0x80;

  /** Names of the incompatible bits by number, those that are not read among them. */
  private static final List<String> INCOMPATIBLE_NAMES =
      List.of(
          "ftype",
          "sparse",
          "metauuid",
          "bigtime",
          "needsrepair",
          "nrext64",
          "exchange",
          "parent",
          "metadir",
          "zoned",
          "zonegaps");

  private static final long READ =
      FTYPE | SPARSE | META_UUID | BIGTIME | NEEDS_REPAIR | NREXT64 | EXCHANGE | PARENT;

  static Features parse(ByteView view) throws ImageException {
    int versionnum = view.u16(100);
    int version = versionnum & VERSION_MASK;
    if (version != 4 && version != 5) {
      throw view.unsupported("versionnum", 100, "version " + version, "versions 4 and 5");
    }
    boolean five = version == 5;
    if (!five && (versionnum & DIRECTORY_V2) == 0) {
      throw view.unsupported("versionnum", 100, "directories of version 1", "version 2");
    }
    var features =
        new Features(
            versionnum,
            five || (versionnum & MORE_BITS) != 0 ? view.u32(200) : 0,
            five ? view.u32(212) : 0,
            five ? view.u32(216) : 0,
            five ? view.u32(220) : 0);
    long unread = features.incompatible & ~READ;
    if (unread != 0) {
      int bit = Long.numberOfTrailingZeros(unread);
      throw view.unsupported(
          "features_incompat",
          216,
          bit < INCOMPATIBLE_NAMES.size()
              ? "bit " + bit + " (" + INCOMPATIBLE_NAMES.get(bit) + ")"
              : "bit " + bit + ", which is not known",
          String.format(Locale.ROOT, "bits of 0x%x", READ));
    }
    return features;
  }

  /** Whether metadata carries checksums, owners and UUIDs. */
  boolean isV5() {
    return (versionnum & VERSION_MASK) == 5;
  }

  /** Whether directory entries say what they lead to. */
  boolean hasFileType() {
    return isV5() ? (incompatible & FTYPE) != 0 : (features2 & FTYPE_V4) != 0;
  }

  /** Whether names match whatever the case of their ASCII letters. */
  boolean isCaseInsensitive() {
    return (versionnum & ASCII_CI) != 0;
  }

  /** Whether the superblock's counters are right only after a clean unmount. */
  boolean hasLazyCount() {
    return isV5() || (features2 & LAZY_COUNT) != 0;
  }

  boolean hasFreeInodeTree() {
    return (readOnlyCompatible & FINOBT) != 0;
  }

  boolean hasReverseMap() {
    return (readOnlyCompatible & RMAPBT) != 0;
  }

  boolean hasReflink() {
    return (readOnlyCompatible & REFLINK) != 0;
  }

  boolean hasSparseInodes() {
    return (incompatible & SPARSE) != 0;
  }

  /** Whether metadata carries another UUID than the one the filesystem is known by. */
  boolean hasMetaUuid() {
    return (incompatible & META_UUID) != 0;
  }

  boolean needsRepair() {
    return (incompatible & NEEDS_REPAIR) != 0;
  }

  /** What is on, in the words of {@code xfs_info}. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (isV5()) {
      names.add("crc");
    }
    addAll(names, readOnlyCompatible, READ_ONLY_NAMES, "ro-compat");
    addAll(names, incompatible, INCOMPATIBLE_NAMES, "incompat");
    if (!isV5() && hasFileType()) {
      names.add("ftype");
    }
    if (isV5() || (features2 & ATTR2) != 0) {
      names.add("attr2");
    }
    if (isV5() || (features2 & PROJID32) != 0) {
      names.add("projid32bit");
    }
    if (isCaseInsensitive()) {
      names.add("ascii-ci");
    }
    if (hasLazyCount()) {
      names.add("lazy-count");
    }
    return List.copyOf(names);
  }

  private static void addAll(List<String> names, long bits, List<String> known, String word) {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      if ((bits >>> bit & 1) != 0) {
        names.add(bit < known.size() ? known.get(bit) : word + "-bit-" + bit);
      }
    }
  }
}
