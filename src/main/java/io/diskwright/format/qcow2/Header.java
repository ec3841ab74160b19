package io.diskwright.format.qcow2;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * The image header. Offsets and sizes are bytes; what they point to is checked by those who follow
 * them.
 *
 * @param clusterBits log2 of the cluster size, 9 to 21
 * @param size bytes the guest sees, at least 0
 * @param cryptMethod 0 none, 1 AES, 2 LUKS; anything else may stand here too
 * @param l1Size entries of the active L1 table
 * @param refcountTableClusters at least 1
 * @param refcountOrder log2 of the bits of a reference count, 0 to 6
 * @param headerLength bytes
 */
record Header(
    int version,
    long backingFileOffset,
    long backingFileSize,
    int clusterBits,
    long size,
    long cryptMethod,
    long l1Size,
    long l1TableOffset,
    long refcountTableOffset,
    long refcountTableClusters,
    long nbSnapshots,
    long snapshotsOffset,
    long incompatibleFeatures,
    long compatibleFeatures,
    long autoclearFeatures,
    int refcountOrder,
    int headerLength,
    int compressionType) {

  static final String NAME = "qcow2 header";

  /** The longest header a known version has; a longer one holds what may be ignored. */
  static final int MAX_LENGTH = 112;

  static final String MAGIC = "QFI\u00fb";

  static final int VERSION_AT = 4;
  static final int BACKING_FILE_OFFSET_AT = 8;
  static final int BACKING_FILE_SIZE_AT = 16;
  static final int CLUSTER_BITS_AT = 20;
  static final int SIZE_AT = 24;
  static final int CRYPT_METHOD_AT = 32;
  static final int L1_SIZE_AT = 36;
  static final int L1_TABLE_OFFSET_AT = 40;
  static final int REFCOUNT_TABLE_OFFSET_AT = 48;
  static final int REFCOUNT_TABLE_CLUSTERS_AT = 56;
  static final int NB_SNAPSHOTS_AT = 60;
  static final int SNAPSHOTS_OFFSET_AT = 64;
  static final int INCOMPATIBLE_FEATURES_AT = 72;
  static final int COMPATIBLE_FEATURES_AT = 80;
  static final int AUTOCLEAR_FEATURES_AT = 88;
  static final int REFCOUNT_ORDER_AT = 96;
  static final int HEADER_LENGTH_AT = 100;
  static final int COMPRESSION_TYPE_AT = 104;

  private static final long AUTOCLEAR_BITMAPS = 1;
  private static final long AUTOCLEAR_RAW_DATA = 2;
  private static final int V2_LENGTH = 72;
  private static final int V3_MIN_LENGTH = 104;
  private static final int V2_REFCOUNT_ORDER = 4;
  private static final int MIN_CLUSTER_BITS = 9;
  private static final int MAX_CLUSTER_BITS = 21;
  private static final int MAX_REFCOUNT_ORDER = 6;

  /**
   * Reads the header and checks every field that can be judged by itself.
   *
   * @param view from the start of the file on, up to {@link #MAX_LENGTH} bytes
   */
  static Header parse(ByteView view) throws ImageException {
    if (!view.startsWith(0, MAGIC)) {
      throw view.corrupt("magic", 0, "other bytes", "'QFI' and 0xfb");
    }
    int version = version(view);
    int clusterBits = clusterBits(view);
    long size = view.u64(SIZE_AT);
    if (size < 0) {
      throw view.corrupt("size", SIZE_AT, Fault.number(size), "up to 2^63-1 bytes");
    }
    boolean v3 = version >= 3;
    int headerLength = v3 ? headerLength(view, 1L << clusterBits) : V2_LENGTH;
    return new Header(
        version,
        view.u64(BACKING_FILE_OFFSET_AT),
        view.u32(BACKING_FILE_SIZE_AT),
        clusterBits,
        size,
        view.u32(CRYPT_METHOD_AT),
        view.u32(L1_SIZE_AT),
        view.u64(L1_TABLE_OFFSET_AT),
        view.u64(REFCOUNT_TABLE_OFFSET_AT),
        view.u32(REFCOUNT_TABLE_CLUSTERS_AT),
        view.u32(NB_SNAPSHOTS_AT),
        view.u64(SNAPSHOTS_OFFSET_AT),
        v3 ? view.u64(INCOMPATIBLE_FEATURES_AT) : 0,
        v3 ? view.u64(COMPATIBLE_FEATURES_AT) : 0,
        v3 ? view.u64(AUTOCLEAR_FEATURES_AT) : 0,
        v3 ? refcountOrder(view) : V2_REFCOUNT_ORDER,
        headerLength,
        headerLength > COMPRESSION_TYPE_AT ? view.u8(COMPRESSION_TYPE_AT) : 0);
  }

  /** Bytes of a cluster. */
  int clusterSize() {
    return 1 << clusterBits;
  }

  /** Whether the bitmaps extension is up to date; a writer that does not know it clears this. */
  boolean bitmapsConsistent() {
    return (autoclearFeatures & AUTOCLEAR_BITMAPS) != 0;
  }

  /** Whether a writer keeps the external data file such that it is the disk all by itself. */
  boolean rawExternalData() {
    return (autoclearFeatures & AUTOCLEAR_RAW_DATA) != 0;
  }

  private static int version(ByteView view) throws ImageException {
    long version = view.u32(VERSION_AT);
    if (version == 2 || version == 3) {
      return (int) version;
    }
    if (version == 1) {
      throw view.unsupported(
          "version", VERSION_AT, "1, the old qcow format", "2 or 3; --from qcow for that one");
    }
    if (version == 0) {
      throw view.corrupt("version", VERSION_AT, "0", "2 or 3");
    }
    throw view.unsupported("version", VERSION_AT, Fault.number(version), "2 or 3");
  }

  private static int clusterBits(ByteView view) throws CorruptImage {
    long bits = view.u32(CLUSTER_BITS_AT);
    if (bits < MIN_CLUSTER_BITS || bits > MAX_CLUSTER_BITS) {
      throw view.corrupt(
          "cluster_bits",
          CLUSTER_BITS_AT,
          Fault.number(bits),
          MIN_CLUSTER_BITS + " to " + MAX_CLUSTER_BITS);
    }
    return (int) bits;
  }

  private static int headerLength(ByteView view, long clusterSize) throws CorruptImage {
    long length = view.u32(HEADER_LENGTH_AT);
    if (length < V3_MIN_LENGTH || length > clusterSize || length % 8 != 0) {
      throw view.corrupt(
          "header_length",
          HEADER_LENGTH_AT,
          Fault.number(length),
          "a multiple of 8 from " + V3_MIN_LENGTH + " to the cluster size " + clusterSize);
    }
    return (int) length;
  }

  private static int refcountOrder(ByteView view) throws CorruptImage {
    long order = view.u32(REFCOUNT_ORDER_AT);
    if (order > MAX_REFCOUNT_ORDER) {
      throw view.corrupt(
          "refcount_order", REFCOUNT_ORDER_AT, Fault.number(order), "0 to " + MAX_REFCOUNT_ORDER);
    }
    return (int) order;
  }
}
