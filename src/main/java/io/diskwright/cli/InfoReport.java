package io.diskwright.cli;

import io.diskwright.convert.Sizes;
import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.disk.ImageInfo.Snapshot;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestVolume;
import io.diskwright.io.Fault;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.VolumeContent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * What {@code info} shows.
 *
 * @param fileSize length of the named file in bytes
 * @param allocated guest bytes that are stored, whatever their encoded length
 */
record InfoReport(
    Path file,
    ImageInfo info,
    long fileSize,
    long allocated,
    PartitionTable table,
    GuestReport guest) {

  /**
   * @param deep whether to walk all structures of the filesystems
   */
  static InfoReport of(Path file, DiskImage disk, boolean deep) throws IOException {
    Guest guest = Guest.inspect(disk);
    return new InfoReport(
        file,
        disk.info(),
        Files.size(file),
        allocated(disk),
        guest.table(),
        GuestReport.of(guest, deep));
  }

  /** Takes a line's name and value. */
  @FunctionalInterface
  interface Lines {
    void line(String name, String value);
  }

  private static long allocated(DiskImage disk) throws IOException {
    long bytes = 0;
    var cursor = new ExtentCursor(disk, 0, disk.size());
    for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
      if (!(extent instanceof Extent.Zero)) {
        bytes += extent.length();
      }
    }
    return bytes;
  }

  static String describe(Anomaly anomaly) {
    return Fault.printable(
        anomaly.structure() + ": " + anomaly.observed() + "; expected " + anomaly.expected());
  }

  void text(PrintWriter out) {
    line(out, "file", file.toString());
    line(out, "format", (info.format() + " " + info.subformat()).strip());
    if (!info.wrappers().isEmpty()) {
      line(out, "inside", String.join(", ", info.wrappers()));
    }
    line(out, "virtual size", Sizes.exact(info.virtualSize()));
    line(out, "file size", Sizes.exact(fileSize));
    line(out, "allocated", Sizes.exact(allocated));
    info.clusterSize().ifPresent(size -> line(out, "cluster size", Sizes.human(size)));
    info.creator().ifPresent(creator -> line(out, "creator", creator));
    info.details().forEach((name, value) -> line(out, name, value));
    for (Snapshot snapshot : info.snapshots()) {
      line(out, "snapshot", snapshot.name() + ", " + Sizes.exact(snapshot.virtualSize()));
    }
    for (ExternalFile external : info.externalFiles()) {
      line(out, external.role(), external.path().toString());
    }
    for (Anomaly anomaly : info.anomalies()) {
      line(out, "note", describe(anomaly));
    }
    line(out, "partition table", table.kind().name().toLowerCase(Locale.ROOT));
    table.problems().forEach(p -> line(out, "table problem", p.structure() + ": " + p.found()));
    guest.text((name, value) -> line(out, name, value));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-16s %s%n", name, Fault.printable(value));
  }

  void json(PrintWriter out) {
    Json.print(
        out,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("file", file.toString());
          json.writeStringProperty("format", info.format());
          text(json, "subformat", info.subformat());
          wrappers(info, json);
          json.writeNumberProperty("virtualSize", info.virtualSize());
          json.writeNumberProperty("fileSize", fileSize);
          json.writeNumberProperty("allocatedSize", allocated);
          info.clusterSize().ifPresent(size -> json.writeNumberProperty("clusterSize", size));
          info.creator().ifPresent(creator -> json.writeStringProperty("creator", creator));
          details(json);
          snapshots(json);
          externalFiles(info, json);
          anomalies(json);
          json.writeStringProperty("partitionTable", table.kind().name().toLowerCase(Locale.ROOT));
          partitions(json);
          logicalVolumes(json);
          guest.guest(json);
          json.writeEndObject();
        });
  }

  private void details(JsonGenerator json) {
    json.writeName("details");
    json.writeStartObject();
    info.details().forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private void snapshots(JsonGenerator json) {
    json.writeName("snapshots");
    json.writeStartArray();
    for (Snapshot snapshot : info.snapshots()) {
      json.writeStartObject();
      json.writeStringProperty("name", snapshot.name());
      json.writeNumberProperty("virtualSize", snapshot.virtualSize());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void wrappers(ImageInfo info, JsonGenerator json) {
    json.writeName("wrappers");
    json.writeStartArray();
    info.wrappers().forEach(json::writeString);
    json.writeEndArray();
  }

  static void externalFiles(ImageInfo info, JsonGenerator json) {
    json.writeName("externalFiles");
    json.writeStartArray();
    for (ExternalFile external : info.externalFiles()) {
      json.writeStartObject();
      json.writeStringProperty("role", external.role());
      json.writeStringProperty("path", external.path().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void anomalies(JsonGenerator json) {
    json.writeName("anomalies");
    json.writeStartArray();
    for (Anomaly anomaly : info.anomalies()) {
      json.writeStartObject();
      json.writeStringProperty(
          "kind", anomaly.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      json.writeStringProperty("structure", anomaly.structure());
      json.writeStringProperty("observed", anomaly.observed());
      json.writeStringProperty("expected", anomaly.expected());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void partitions(JsonGenerator json) {
    json.writeName("partitions");
    json.writeStartArray();
    for (GuestReport.VolumeReport report : guest.volumes()) {
      report
          .volume()
          .partition()
          .ifPresent(partition -> partition(json, partition, report.volume()));
    }
    json.writeEndArray();
  }

  private void partition(JsonGenerator json, Partition partition, GuestVolume volume) {
    json.writeStartObject();
    json.writeNumberProperty("number", partition.number());
    json.writeNumberProperty("start", partition.start());
    json.writeNumberProperty("size", partition.length());
    json.writeStringProperty("type", partition.type());
    json.writeBooleanProperty("active", partition.active());
    text(json, "name", partition.name());
    filesystem(json, volume);
    json.writeEndObject();
  }

  /** What lies in no partition of its own: logical volumes, a disk without a table. */
  private void logicalVolumes(JsonGenerator json) {
    json.writeName("volumes");
    json.writeStartArray();
    for (GuestReport.VolumeReport report : guest.volumes()) {
      if (report.volume().partition().isEmpty()) {
        json.writeStartObject();
        json.writeStringProperty("name", report.volume().name());
        json.writeNumberProperty("size", report.volume().length());
        filesystem(json, report.volume());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void filesystem(JsonGenerator json, GuestVolume volume) {
    text(json, "filesystem", volume.type());
    text(json, "label", volume.label());
    text(json, "uuid", volume.content().map(VolumeContent::uuid).orElse(""));
    guest.integrity(volume, json);
  }

  /** Unknown values are absent. */
  private static void text(JsonGenerator json, String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }
}
