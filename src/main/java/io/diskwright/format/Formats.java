package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.qcow2.Qcow2Format;
import io.diskwright.format.raw.RawFormat;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.FileSource;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every format diskwright reads. RAW is last: it is what nothing else recognised. */
public final class Formats {

  /** Heap for the metadata pages of one image and its chain, in bytes. */
  private static final long METADATA_CACHE = 16 << 20;

  private static final RawFormat RAW = new RawFormat();

  private static final List<ImageFormat> RECOGNISED = List.of(new Qcow2Format());

  private Formats() {}

  /** The names {@code --from} takes. */
  public static List<String> names() {
    var names = new ArrayList<>(RECOGNISED.stream().map(ImageFormat::name).toList());
    names.add(RAW.name());
    return List.copyOf(names);
  }

  /**
   * Opens the image the user named.
   *
   * @param format one of {@link #names()}; empty to recognise it by content
   * @throws UnsupportedFeature for another format name
   */
  public static DiskImage open(Path file, Optional<String> format, ReferencePolicy policy)
      throws IOException {
    FileSource source = FileSource.open(file);
    return open(
        source,
        format,
        new OpenContext(file, new PageCache(METADATA_CACHE), policy, Formats::open));
  }

  private static DiskImage open(FileSource source, Optional<String> format, OpenContext context)
      throws IOException {
    ImageFormat chosen;
    try {
      if (source.size() == 0) {
        throw new CorruptImage(
            source.describe(), "file", Fault.NOWHERE, "an empty file", "an image");
      }
      chosen = format.isPresent() ? byName(format.get(), source) : recognise(source);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    return chosen.open(source, context);
  }

  private static ImageFormat byName(String name, FileSource source) throws IOException {
    if (name.equals(RAW.name())) {
      return RAW;
    }
    return RECOGNISED.stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UnsupportedFeature(
                source.describe(),
                "format",
                Fault.NOWHERE,
                "'" + name + "'",
                String.join(", ", names())));
  }

  private static ImageFormat recognise(FileSource source) throws IOException {
    Probe probe = Probe.of(source);
    var matching = new ArrayList<ImageFormat>();
    for (ImageFormat format : RECOGNISED) {
      if (format.recognises(probe)) {
        matching.add(format);
      }
    }
    if (matching.size() > 1) {
      throw new AmbiguousImage(
          source.describe(),
          "content",
          Fault.NOWHERE,
          "signatures of "
              + String.join(" and ", matching.stream().map(ImageFormat::name).toList()),
          "one format");
    }
    return matching.isEmpty() ? RAW : matching.getFirst();
  }
}
