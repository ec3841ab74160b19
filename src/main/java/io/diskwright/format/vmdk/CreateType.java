package io.diskwright.format.vmdk;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of disk a descriptor may declare and diskwright reads; the extents decide the rest. */
enum CreateType {
  MONOLITHIC_SPARSE("monolithicSparse", false),
  MONOLITHIC_FLAT("monolithicFlat", false),
  TWO_GB_MAX_EXTENT_SPARSE("twoGbMaxExtentSparse", false),
  TWO_GB_MAX_EXTENT_FLAT("twoGbMaxExtentFlat", false),
  STREAM_OPTIMIZED("streamOptimized", true),
  VMFS("vmfs", false),
  VMFS_PREALLOCATED("vmfsPreallocated", false),
  VMFS_EAGER_ZEROED_THICK("vmfsEagerZeroedThick", false),
  VMFS_THIN("vmfsThin", false),
  VMFS_SPARSE("vmfsSparse", false),
  SE_SPARSE("seSparse", false),
  CUSTOM("custom", true);

  private final String word;
  private final boolean compressible;

  CreateType(String word, boolean compressible) {
    this.word = word;
    this.compressible = compressible;
  }

  /** The word in the descriptor. */
  String word() {
    return word;
  }

  /** Whether sparse extents of such a disk may be compressed. */
  boolean compressible() {
    return compressible;
  }

  /** The kind of that word in any case, if diskwright reads it. */
  static Optional<CreateType> of(String word) {
    return Arrays.stream(values()).filter(t -> t.word.equalsIgnoreCase(word)).findFirst();
  }

  /** All words, for messages. */
  static String words() {
    return Arrays.stream(values()).map(CreateType::word).collect(Collectors.joining(", "));
  }
}
