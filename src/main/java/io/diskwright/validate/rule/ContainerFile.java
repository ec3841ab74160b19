package io.diskwright.validate.rule;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file and the formats whose signatures it carries.
 *
 * @param name the file's name without the suffix of an unfinished output
 * @param size bytes
 * @param head the first bytes, up to 64 KiB, big-endian
 * @param signatures every format whose signature was found
 */
record ContainerFile(String name, long size, ByteView head, List<String> signatures) {

  private static final int HEAD = 1 << 16;
  private static final int ISO_9660 = 0x8001;
  private static final int TAR = 257;
  private static final String UNFINISHED = ".partial";

  private static final Map<String, String> SUFFIXES =
      Map.ofEntries(
          Map.entry("raw", "raw"),
          Map.entry("dd", "raw"),
          Map.entry("qcow2", "qcow2"),
          Map.entry("qcow", "qcow"),
          Map.entry("qed", "qed"),
          Map.entry("vmdk", "vmdk"),
          Map.entry("vdi", "vdi"),
          Map.entry("vhd", "vhd"),
          Map.entry("vpc", "vhd"),
          Map.entry("vhdx", "vhdx"),
          Map.entry("iso", "iso"),
          Map.entry("ova", "ova"));

  /** Formats that hold a disk, as opposed to archives and CDs. */
  private static final List<String> DISK_FORMATS =
      List.of("qcow2", "qcow", "qed", "vmdk", "vdi", "vhd", "vhdx");

  /**
   * Reads what there is to know.
   *
   * @param name the file's; empty when it has none of its own
   */
  static ContainerFile read(String name, ByteSource file) throws IOException {
    ByteView head = file.view("head", 0, (int) Math.min(HEAD, file.size()), ByteOrder.BIG_ENDIAN);
    return new ContainerFile(
        name.endsWith(UNFINISHED) ? name.substring(0, name.length() - UNFINISHED.length()) : name,
        file.size(),
        head,
        signatures(file, head));
  }

  /** The format the file's name promises; empty when it promises none. */
  Optional<String> namedFormat() {
    int dot = name.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(SUFFIXES.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /** Signatures of disk formats other than this one. */
  List<String> otherDiskFormats(String format) {
    return signatures.stream()
        .filter(DISK_FORMATS::contains)
        .filter(f -> !f.equals(format))
        .toList();
  }

  private static List<String> signatures(ByteSource file, ByteView head) throws IOException {
    var found = new ArrayList<String>();
    boolean version1 = head.startsWith(0, "QFI\u00fb\0\0\0\u0001");
    add(found, "qcow", version1);
    add(found, "qcow2", !version1 && head.startsWith(0, "QFI\u00fb"));
    add(found, "qed", head.startsWith(0, "QED\0"));
    add(
        found,
        "vmdk",
        head.startsWith(0, "KDMV")
            || head.startsWith(0, "COWD")
            || head.startsWith(0, "# Disk DescriptorFile")
            || head.startsWith(0, "\u00be\u00ba\u00fe\u00ca\0\0\0\0"));
    add(found, "vdi", head.startsWith(0x40, "\u007f\u0010\u00da\u00be"));
    add(found, "vhd", head.startsWith(0, "conectix") || endsInFooter(file));
    add(found, "vhdx", head.startsWith(0, "vhdxfile"));
    add(found, "iso", head.startsWith(ISO_9660, "CD001"));
    add(found, "tar", head.startsWith(TAR, "ustar"));
    add(found, "gzip", head.startsWith(0, "\u001f\u008b\b"));
    add(found, "xz", head.startsWith(0, "\u00fd7zXZ\0"));
    add(found, "bzip2", head.startsWith(0, "BZh") && head.startsWith(4, "1AY&SY"));
    add(found, "zstd", head.startsWith(0, "(\u00b5/\u00fd"));
    add(found, "lz4", head.startsWith(0, "\u0004\"M\u0018"));
    add(found, "zip", head.startsWith(0, "PK\u0003\u0004"));
    add(found, "7z", head.startsWith(0, "7z\u00bc\u00af'\u001c"));
    return List.copyOf(found);
  }

  private static boolean endsInFooter(ByteSource file) throws IOException {
    return VhdFacts.footerOffset(file).isPresent();
  }

  private static void add(List<String> found, String format, boolean present) {
    if (present) {
      found.add(format);
    }
  }
}
