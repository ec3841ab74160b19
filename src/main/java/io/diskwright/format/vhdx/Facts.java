package io.diskwright.format.vhdx;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an image's metadata says, put together for reports.
 *
 * @param damaged copies of a structure that could not be used
 */
record Facts(
    FileTypeIdentifier identifier,
    Header header,
    Metadata metadata,
    Replay replay,
    BlockAllocationTable.BlockCounts blocks,
    List<Anomaly> damaged) {

  ImageInfo info(@Nullable Parent parent) {
    var files = new ArrayList<ExternalFile>();
    var anomalies = new ArrayList<>(damaged);
    if (replay.entries() > 0) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.DIRTY,
              "log",
              header.logOffset(),
              logState(),
              "an empty log, as a clean shutdown leaves it"));
    }
    if (parent != null) {
      ImageInfo below = parent.image().info();
      files.add(parent.file());
      files.addAll(below.externalFiles());
      for (Anomaly a : below.anomalies()) {
        anomalies.add(inParent(a, parent.image().describe()));
      }
    }
    String creator = Fault.printable(identifier.creator());
    return new ImageInfo(
        "vhdx",
        subformat(),
        metadata.virtualDiskSize(),
        OptionalLong.of(metadata.parameters().blockSize()),
        creator.isEmpty() ? Optional.empty() : Optional.of(creator),
        List.of(),
        List.copyOf(files),
        List.copyOf(anomalies),
        Collections.unmodifiableMap(details()));
  }

  private String subformat() {
    FileParameters parameters = metadata.parameters();
    return parameters.hasParent()
        ? "differencing"
        : parameters.leaveBlockAllocated() ? "fixed" : "dynamic";
  }

  private Map<String, String> details() {
    var details = new LinkedHashMap<String, String>();
    details.put("virtual disk id", metadata.virtualDiskId().toString());
    details.put("data write guid", header.dataWriteGuid().toString());
    details.put("logical sector size", Integer.toString(metadata.logicalSectorSize()));
    details.put("physical sector size", Integer.toString(metadata.physicalSectorSize()));
    if (metadata.logicalSectorSize() != 512) {
      details.put(
          "sector size note",
          "partition tables and file systems made for sectors of 4096 bytes are neither found nor"
              + " booted on a disk with sectors of 512 bytes");
    }
    details.put("blocks", blocks.stored() + " of " + blocks.all() + " allocated");
    if (blocks.draft() > 0) {
      details.put("blocks unmapped as in version 0.95", Long.toString(blocks.draft()));
    }
    details.put("log", replay.entries() == 0 ? "empty" : logState());
    metadata
        .parentLocator()
        .ifPresent(locator -> {
          details.put("parent linkage", locator.linkages().getFirst().toString());
          locator
              .paths()
              .forEach((key, path) ->
                  details.put("parent " + key.replace('_', ' '), Fault.printable(path.text())));
        });
    return details;
  }

  private String logState() {
    return replay.entries()
        + (replay.entries() == 1 ? " entry" : " entries")
        + " with "
        + replay.changes()
        + " changes, replayed in memory"
        + (replay.growth() == 0
            ? ""
            : ", the file " + Fault.number(replay.growth()) + " bytes longer, all zeros");
  }

  private static Anomaly inParent(Anomaly anomaly, String file) {
    return new Anomaly(
        anomaly.kind(),
        "parent " + file + ": " + anomaly.structure(),
        anomaly.offset(),
        anomaly.observed(),
        anomaly.expected());
  }
}
