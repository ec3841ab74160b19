package io.diskwright.validate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one importer asks for. Profiles differ in data only.
 *
 * @param name what {@code --profile} takes
 * @param title the importer, for people
 * @param dated the day its requirements were last looked at, ISO 8601
 * @param formats the formats it takes; empty for every format that can be read
 * @param recommended the formats it recommends
 * @param minimumSize the smallest disk in bytes, 0 for no limit
 * @param maximumSize the largest disk in bytes, {@link Long#MAX_VALUE} for no limit
 * @param sizeMultiple what the converter rounds a disk up to, in bytes, at least 1 MiB
 * @param countedMultiple what the importer counts disks in, in bytes, 1 for none
 * @param partitionTables of {@code mbr}, {@code gpt} and {@code none}
 * @param bootModes of {@code BIOS} and {@code UEFI}
 * @param guest what it asks of the guest's own files
 * @param base the profile whose severities the catalogue has: its own name, or that which a user's
 *     profile extends
 * @param severity of rules that differs from the base's, in the catalogue's notation
 */
public record Profile(
    String name,
    String title,
    String dated,
    List<AcceptedFormat> formats,
    List<String> recommended,
    long minimumSize,
    long maximumSize,
    long sizeMultiple,
    long countedMultiple,
    List<String> partitionTables,
    List<String> bootModes,
    GuestRequirements guest,
    String base,
    Map<String, String> severity) {

  /** The profile of the import notes that the project was built from. */
  public static final String DEFAULT = "alibaba";

  private static final String RESOURCE = "profiles.json";

  /** Takes copies of the lists. */
  public Profile {
    formats = List.copyOf(formats);
    recommended = List.copyOf(recommended);
    partitionTables = List.copyOf(partitionTables);
    bootModes = List.copyOf(bootModes);
    severity = Map.copyOf(severity);
  }

  /**
   * A format an importer takes.
   *
   * @param format as {@link io.diskwright.disk.ImageInfo#format()}
   * @param subformats empty for all
   * @param condition under which it is taken, empty for none
   */
  public record AcceptedFormat(String format, List<String> subformats, String condition) {

    /** Takes a copy of the list. */
    public AcceptedFormat {
      subformats = List.copyOf(subformats);
    }

    @Override
    public String toString() {
      return subformats.isEmpty() ? format : format + " (" + String.join(", ", subformats) + ")";
    }
  }

  /**
   * The profile with a name.
   *
   * @throws IllegalArgumentException when there is none; the message lists the names
   */
  public static Profile named(String name) {
    return of(resource(name));
  }

  static Resource resource(String name) {
    return resources().stream()
        .filter(p -> p.text("name").equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no profile '" + name + "'; there are " + String.join(", ", names())));
  }

  /**
   * A user's own profile: a JSON object that names one of diskwright's under {@code extends} and
   * gives what differs, in the words of profiles.json; {@code severity} has rules with {@code E},
   * {@code W}, {@code i} or {@code off}.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Profile read(Path file) throws IOException {
    return ProfileFile.read(file);
  }

  /** Every profile's name, the default first. */
  public static List<String> names() {
    return resources().stream().map(p -> p.text("name")).toList();
  }

  /** All profiles as they are written. */
  static List<Resource> resources() {
    return Resource.load(RESOURCE).objects("profiles");
  }

  /** Which entry of {@link #formats()} takes such an image; empty when none does. */
  public Optional<AcceptedFormat> accepts(String format, String subformat) {
    if (formats.isEmpty()) {
      return Optional.of(new AcceptedFormat(format, List.of(), ""));
    }
    return formats.stream()
        .filter(f -> f.format().equals(format))
        .filter(f -> f.subformats().isEmpty() || f.subformats().contains(subformat))
        .findFirst();
  }

  static Profile of(Resource data) {
    return new Profile(
        data.text("name"),
        data.text("title"),
        data.text("dated"),
        data.objects("formats").stream()
            .map(f ->
                new AcceptedFormat(
                    f.text("format"),
                    f.textsOr("subformats", List.of()),
                    f.textOr("condition", "")))
            .toList(),
        data.texts("recommended"),
        data.numberOr("minimumSize", 0),
        data.numberOr("maximumSize", Long.MAX_VALUE),
        data.number("sizeMultiple"),
        data.numberOr("countedMultiple", 1),
        data.texts("partitionTables"),
        data.texts("bootModes"),
        GuestRequirements.of(data.object("guest")),
        data.textOr("extends", data.text("name")),
        data.textsByName("severity"));
  }
}
