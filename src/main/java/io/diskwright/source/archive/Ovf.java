package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an OVF descriptor says about disks.
 *
 * @param source the archive and in it the descriptor, for messages
 * @param files what it references, in its order
 * @param disks those of its DiskSection, in its order
 */
record Ovf(String source, List<OvfFile> files, List<OvfDisk> disks) {

  private static final int MAX_LISTED = 20;
  private static final Set<String> COMPRESSIONS = Set.of("", "identity", "gzip");
  private static final String SECTION = "OVF DiskSection";

  /** A disk and the file that holds it. */
  record Chosen(OvfDisk disk, OvfFile file) {}

  /** Whether a member is a descriptor. */
  static boolean isDescriptor(Member member) {
    return member.lowerName().endsWith(".ovf") && !member.plainName().startsWith("._");
  }

  /**
   * The disk to read.
   *
   * @param number which, from 1 on; empty for the only one that is stored
   * @throws AmbiguousImage when there is a choice and no number
   */
  Chosen choose(OptionalInt number) throws IOException {
    if (disks.stream().noneMatch(OvfDisk::hasFile)) {
      throw new CorruptImage(
          source,
          SECTION,
          Fault.NOWHERE,
          disks.isEmpty() ? "no disk" : listing(),
          "a disk with a file");
    }
    OvfDisk disk = number.isPresent() ? byNumber(number.getAsInt()) : only();
    if (!disk.parentRef().isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "OVF Disk parentRef",
          Fault.NOWHERE,
          Member.shown(disk.diskId()) + ", the changes to " + Member.shown(disk.parentRef()),
          "a disk that is complete",
          "Export the machine without snapshots");
    }
    return new Chosen(disk, file(disk));
  }

  private OvfDisk only() throws AmbiguousImage {
    List<OvfDisk> stored = disks.stream().filter(OvfDisk::hasFile).toList();
    if (stored.size() > 1) {
      throw new AmbiguousImage(
          source,
          SECTION,
          Fault.NOWHERE,
          disks.size() + " disks: " + listing(),
          "one to read",
          "Choose one with --disk N");
    }
    return stored.getFirst();
  }

  private OvfDisk byNumber(int number) throws AmbiguousImage {
    if (number > disks.size() || !disks.get(number - 1).hasFile()) {
      throw new AmbiguousImage(
          source,
          SECTION,
          Fault.NOWHERE,
          number > disks.size() ? "no disk " + number : "nothing stored of disk " + number,
          listing(),
          "Choose one of these with --disk N");
    }
    return disks.get(number - 1);
  }

  private String listing() {
    var lines = new ArrayList<String>();
    for (int i = 0; i < Math.min(disks.size(), MAX_LISTED); i++) {
      lines.add((i + 1) + ": " + disks.get(i).shown());
    }
    return String.join(", ", lines)
        + (disks.size() > MAX_LISTED ? " and " + (disks.size() - MAX_LISTED) + " more" : "");
  }

  private OvfFile file(OvfDisk disk) throws IOException {
    List<OvfFile> found = files.stream().filter(f -> f.id().equals(disk.fileRef())).toList();
    if (found.size() != 1) {
      throw new CorruptImage(
          source,
          "OVF Disk fileRef",
          Fault.NOWHERE,
          Member.shown(disk.fileRef()) + ", the id of " + found.size() + " files",
          "the id of one file in References");
    }
    OvfFile file = found.getFirst();
    if (!COMPRESSIONS.contains(file.compression())) {
      throw new UnsupportedFeature(
          source,
          "OVF File compression",
          Fault.NOWHERE,
          Member.shown(file.compression()),
          "gzip, identity");
    }
    return file;
  }
}
