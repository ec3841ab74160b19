package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FilenameUtils;

/** Picks the disk in an archive that has no descriptor: by the names of its members. */
final class PlainSelection {

  private static final Set<String> DISKS =
      Set.of(
          "raw", "img", "dd", "bin", "qcow2", "qcow", "qed", "vmdk", "vdi", "vhd", "vpc", "vhdx",
          "hds", "ova");

  private static final Set<String> PACKED = Set.of("gz", "xz", "zst", "bz2", "lz4");

  /** Bytes of the largest VMDK descriptor that is looked at; what is larger is a disk. */
  static final int MAX_DESCRIPTOR = 1 << 20;

  /** {@code RW 4192256 SPARSE "disk-s001.vmdk"}, and the parent of a snapshot's disk. */
  private static final Pattern NAMED =
      Pattern.compile(
          "^[ \\t]*+(?:(?:RW|RDONLY|NOACCESS)[ \\t]++\\d++[ \\t]++\\w++|parentFileNameHint["
              + " \\t]*+=)[ \\t]*+\"([^\"\\n]*+)\"",
          Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  private PlainSelection() {}

  /** Whether the name is one of a disk, or of a packed one. */
  static boolean isDisk(Member member) {
    String name = member.lowerName();
    if (!member.isFile() || name.startsWith("._")) { // what macOS keeps beside a file
      return false;
    }
    return DISKS.contains(
        FilenameUtils.getExtension(
            PACKED.contains(FilenameUtils.getExtension(name))
                ? FilenameUtils.removeExtension(name)
                : name));
  }

  /** Whether it may be the text that names the files of a VMDK. */
  static boolean mayBeDescriptor(Member member) {
    return member.isFile()
        && member.lowerName().endsWith(".vmdk")
        && member.size() <= MAX_DESCRIPTOR;
  }

  /** Picks the only file, or the only one named like a disk that no other file names. */
  static Choice choose(Catalogue catalogue, OptionalInt number) throws IOException {
    List<Member> disks = disks(catalogue);
    if (disks.isEmpty()) {
      throw new CorruptImage(
          catalogue.source(),
          "archive",
          Fault.NOWHERE,
          "no disk among " + MemberList.listing(catalogue.members()),
          "a file named like a disk image, or only one file",
          "Unpack it and name the disk image");
    }
    if (number.isEmpty() && disks.size() > 1 || number.orElse(1) > disks.size()) {
      throw new AmbiguousImage(
          catalogue.source(),
          "archive",
          Fault.NOWHERE,
          number.isEmpty() ? disks.size() + " disks" : "no disk " + number.getAsInt(),
          listing(disks),
          "Choose one with --disk N");
    }
    Member disk = disks.get(number.orElse(1) - 1);
    Selection.requireSound(catalogue, disk);
    return new Choice(disk.fileName(), List.of(disk), OptionalLong.empty(), false, Map.of());
  }

  private static List<Member> disks(Catalogue catalogue) throws IOException {
    List<Member> files = catalogue.members().stream().filter(Member::isFile).toList();
    // A link may have been meant to be the disk, and the only file its description.
    if (files.size() == 1 && catalogue.members().stream().allMatch(PlainSelection::isWhatItSeems)) {
      return files;
    }
    var free = new HashSet<String>();
    files.stream().filter(PlainSelection::isDisk).map(Member::name).forEach(free::add);
    for (Member file : files) {
      if (mayBeDescriptor(file)) {
        removeNamed(file, catalogue.content(file, MAX_DESCRIPTOR), free);
      }
    }
    return files.stream().filter(f -> free.contains(f.name())).toList();
  }

  private static boolean isWhatItSeems(Member member) {
    return member.isFile() || member.kind() == Member.Kind.DIRECTORY;
  }

  /** Takes out the files that a text descriptor names; none for what is no such text. */
  private static void removeNamed(Member member, byte[] content, Set<String> free) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.startsWith("KDMV")
        || !text.startsWith("# Disk DescriptorFile") && !text.contains("createType")) {
      return;
    }
    Matcher line = NAMED.matcher(text);
    while (line.find()) {
      String name = member.folder() + line.group(1);
      if (!name.equals(member.name())) {
        free.remove(name);
      }
    }
  }

  private static String listing(List<Member> disks) {
    int shown = 20;
    var lines = new ArrayList<String>();
    for (int i = 0; i < Math.min(disks.size(), shown); i++) {
      Member disk = disks.get(i);
      lines.add((i + 1) + ": " + disk.shown() + " (" + Fault.number(disk.size()) + " bytes)");
    }
    return String.join(", ", lines)
        + (disks.size() > shown ? " and " + (disks.size() - shown) + " more" : "");
  }
}
