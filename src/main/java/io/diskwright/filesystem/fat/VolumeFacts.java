package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Gathers what a volume says of itself. */
final class VolumeFacts {

  /**
   * Tables up to this size are read whole, to compare them and count free clusters; beyond, the
   * hint is taken.
   */
  static final long READ_WHOLE = 16 << 20;

  private static final int STATE_MOUNTED = 1;
  private static final int STATE_ERRORS = 2;
  private static final int STATE_AT = 0x41;
  private static final String NO_NAME = "NO NAME";

  private final FatVolume volume;
  private final BootSector boot;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> details = new TreeMap<>();

  private VolumeFacts(FatVolume volume) {
    this.volume = volume;
    this.boot = volume.boot();
  }

  static FilesystemFacts of(FatVolume volume) throws IOException {
    return new VolumeFacts(volume).facts();
  }

  private FilesystemFacts facts() throws IOException {
    long volumeSize = volume.content().size();
    if (boot.size() > volumeSize) {
      problem("boot sector BPB_TotSec32", 32, boot.size(), "at most the volume's " + volumeSize);
    }
    if (boot.clusters() < boot.dataClusters()) {
      problem(
          "boot sector BPB_FATSz",
          boot.fatOffset(0),
          boot.clusters() + 2,
          boot.dataClusters() + 2 + " entries of the file allocation table");
    }
    compareBackup();
    if (boot.fatBytes() <= READ_WHOLE) {
      new TableComparison(volume, problems::add).run();
    }
    long free = free();
    String label = label();
    long second = volume.fat().get(1);
    boolean flagged = boot.kind() != FatKind.FAT12;
    long top = boot.kind().mask() + 1;
    boolean clean = (boot.state() & STATE_MOUNTED) == 0 && !(flagged && (second & top >> 1) == 0);
    boolean errors = (boot.state() & STATE_ERRORS) != 0 || (flagged && (second & top >> 2) == 0);
    details.put("fats", Integer.toString(boot.numberOfFats()));
    details.put("oem", boot.oemName());
    String bootLabel = CodePage437.decode(boot.volumeLabel()).stripTrailing();
    if (!bootLabel.isEmpty() && !bootLabel.equals(NO_NAME)) {
      details.put("boot label", bootLabel);
    }
    return new FilesystemFacts(
        FatFileSystem.TYPE,
        label,
        serial(),
        boot.clusterBytes(),
        boot.size(),
        volumeSize,
        free,
        OptionalLong.empty(),
        OptionalLong.empty(),
        clean,
        errors,
        Recovery.NOT_NEEDED,
        0,
        List.of(boot.kind().name()),
        Map.copyOf(details),
        List.copyOf(problems));
  }

  private String serial() {
    long id = boot.volumeId();
    return id == 0 ? "" : String.format(Locale.ROOT, "%04X-%04X", id >>> 16, id & 0xffff);
  }

  /** The label is an entry of the root directory; that of the boot sector is not kept up. */
  private String label() throws IOException {
    try {
      var scan = new DirectoryScan(volume, FatVolume.ROOT);
      while (scan.label().isEmpty() && scan.next() != null) {
        continue;
      }
      return scan.label().map(ShortEntry::label).orElse("");
    } catch (ImageException e) {
      problems.add(Problem.of(e));
      return "";
    }
  }

  /** The clusters that are free, counted in the file allocation table. */
  private long count() throws IOException {
    long free = 0;
    for (long cluster = 2; volume.fat().isCluster(cluster); cluster++) {
      free += volume.fat().get(cluster) == 0 ? 1 : 0;
    }
    return free;
  }

  private long free() throws IOException {
    Optional<FsInfo> info = FsInfo.read(volume);
    if (info.isPresent() && !info.get().signed()) {
      problems.add(
          new Problem("FSInfo", info.get().offset(), "no signatures", "RRaA, rrAa and 0xaa550000"));
    }
    OptionalLong hint = info.isPresent() ? info.get().free(boot.clusters()) : OptionalLong.empty();
    hint.ifPresent(count -> details.put("free clusters hint", Long.toString(count)));
    return boot.fatBytes() > READ_WHOLE && hint.isPresent() ? hint.getAsLong() : count();
  }

  /** The backup may differ in the state, which only the first copy is kept up in. */
  private void compareBackup() throws IOException {
    OptionalInt sector = boot.backup();
    if (sector.isEmpty()) {
      return;
    }
    long offset = (long) sector.getAsInt() * boot.bytesPerSector();
    byte[] first = sector("boot sector", 0, BootSector.SIZE).bytes(0, BootSector.SIZE);
    byte[] backup = sector("backup boot sector", offset, BootSector.SIZE).bytes(0, BootSector.SIZE);
    for (int i = 0; i < first.length; i++) {
      if (first[i] != backup[i] && i != STATE_AT) {
        problem(
            "backup boot sector",
            offset + i,
            Byte.toUnsignedInt(backup[i]),
            "the boot sector's " + Byte.toUnsignedInt(first[i]));
        return;
      }
    }
  }

  private ByteView sector(String structure, long offset, int length) throws IOException {
    ByteSource metadata = volume.metadata();
    return metadata.view(structure, offset, length, ByteOrder.LITTLE_ENDIAN);
  }

  private void problem(String structure, long offset, long found, String expected) {
    problems.add(new Problem(structure, offset, Fault.number(found), expected));
  }
}
