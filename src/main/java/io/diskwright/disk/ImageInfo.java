package io.diskwright.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an image's container says about itself.
 *
 * @param format the format's name, as {@code --from} takes it
 * @param subformat the format's own word: {@code v3}, {@code streamOptimized}, {@code dynamic},
 *     {@code fixed}; empty for RAW
 * @param virtualSize bytes the guest sees, or saw when the snapshot that is read was taken
 * @param clusterSize bytes of a cluster, grain or block; empty where there is none
 * @param creator the program that says it made the image, if it says so
 * @param snapshots internal snapshots, whether one of them is read or the active state
 * @param externalFiles every other file that belongs to the image, the whole chain down
 * @param anomalies what is odd but does not make the bytes wrong
 * @param details further facts in the format's own terms, for {@code info}, in reading order
 * @param wrappers what the image was taken out of, outermost first: {@code gzip}, {@code OVA};
 *     empty when it is a file of its own
 */
public record ImageInfo(
    String format,
    String subformat,
    long virtualSize,
    OptionalLong clusterSize,
    Optional<String> creator,
    List<Snapshot> snapshots,
    List<ExternalFile> externalFiles,
    List<Anomaly> anomalies,
    Map<String, String> details,
    List<String> wrappers) {

  /** An image that is a file of its own. */
  public ImageInfo(
      String format,
      String subformat,
      long virtualSize,
      OptionalLong clusterSize,
      Optional<String> creator,
      List<Snapshot> snapshots,
      List<ExternalFile> externalFiles,
      List<Anomaly> anomalies,
      Map<String, String> details) {
    this(
        format,
        subformat,
        virtualSize,
        clusterSize,
        creator,
        snapshots,
        externalFiles,
        anomalies,
        details,
        List.of());
  }

  /** A disk of that many bytes without a container. */
  public static ImageInfo plain(long virtualSize) {
    return new ImageInfo(
        "raw",
        "",
        virtualSize,
        OptionalLong.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  /** The same, taken out of wrappers, outermost first. */
  public ImageInfo in(List<String> value) {
    return new ImageInfo(
        format,
        subformat,
        virtualSize,
        clusterSize,
        creator,
        snapshots,
        externalFiles,
        anomalies,
        details,
        List.copyOf(value));
  }

  /** An internal snapshot with the disk size it was taken at, in bytes. */
  public record Snapshot(String name, long virtualSize) {}

  /**
   * A file an image names: its role ({@code backing}, {@code extent}, …) and where it was found.
   */
  public record ExternalFile(String role, Path path) {}
}
