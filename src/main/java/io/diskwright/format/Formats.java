package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.qcow2.Qcow2Format;
import io.diskwright.format.raw.RawFormat;
import io.diskwright.format.vdi.VdiFormat;
import io.diskwright.format.vhd.VhdFormat;
import io.diskwright.format.vmdk.VmdkFormat;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.FileSource;
import io.diskwright.source.FolderSurroundings;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.FilenameUtils;

/** Every format diskwright reads. RAW is last: it is what nothing else recognised. */
public final class Formats {

  /** Heap for the metadata pages of one image and its chain, in bytes. */
  private static final long METADATA_CACHE = 16 << 20;

  private static final RawFormat RAW = new RawFormat();

  private static final List<ImageFormat> RECOGNISED =
      List.of(new Qcow2Format(), new VmdkFormat(), new VdiFormat(), new VhdFormat());

  /** Names that promise a container: without its signature the file is damaged, not RAW. */
  private static final Set<String> CONTAINER_SUFFIXES =
      Set.of("qcow2", "qcow", "qed", "vmdk", "vdi", "vhd", "vpc", "vhdx", "avhd", "avhdx", "ova");

  /**
   * Names that promise a plain disk: a container's signature at its start may be the guest's work.
   */
  private static final Set<String> PLAIN_SUFFIXES = Set.of("raw", "dd");

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
   * @throws UnsupportedFeature for another format name
   */
  public static DiskImage open(Path file, OpenOptions options) throws IOException {
    var cache = new PageCache(METADATA_CACHE);
    return open(
        FileSource.open(file),
        options.format(),
        new OpenContext(
            file,
            new FolderSurroundings(file, options.references()),
            cache,
            options,
            Formats::open));
  }

  /** As {@link #open(Path, OpenOptions)}. */
  public static DiskImage open(Path file, Optional<String> format, ReferencePolicy references)
      throws IOException {
    return open(file, OpenOptions.defaults().withFormat(format).withReferences(references));
  }

  private static DiskImage open(ByteSource source, Optional<String> format, OpenContext context)
      throws IOException {
    ImageFormat chosen;
    try {
      if (source.size() == 0) {
        throw new CorruptImage(
            source.describe(), "file", Fault.NOWHERE, "an empty file", "an image");
      }
      chosen =
          format.isPresent() ? byName(format.get(), source) : recognise(source, context.file());
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    return chosen.open(source, context);
  }

  private static ImageFormat byName(String name, ByteSource source) throws IOException {
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

  private static ImageFormat recognise(ByteSource source, Path file) throws IOException {
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
    String suffix = suffix(file);
    if (matching.isEmpty()) {
      refuseUnreadContainer(source, probe);
      if (CONTAINER_SUFFIXES.contains(suffix)) {
        throw new AmbiguousImage(
            source.describe(),
            "content",
            0,
            "no signature of an image format, in a file named ." + suffix,
            "content that fits the name",
            "The file is damaged or misnamed; if it really is a plain disk, use --from raw");
      }
      return RAW;
    }
    ImageFormat format = matching.getFirst();
    if (PLAIN_SUFFIXES.contains(suffix) && probe.startsWithContainer(format)) {
      throw new AmbiguousImage(
          source.describe(),
          "content",
          0,
          "a " + format.name() + " signature, in a file named ." + suffix,
          "a plain disk",
          "A guest can write such a signature into its own disk; say which it is with --from "
              + format.name()
              + " or --from raw");
    }
    Polyglot.refuse(probe, format, source.describe());
    return format;
  }

  private static void refuseUnreadContainer(ByteSource source, Probe probe)
      throws UnsupportedFeature {
    Optional<KnownSignature> known = KnownSignature.of(probe);
    if (known.isPresent()) {
      throw new UnsupportedFeature(
          source.describe(),
          "signature",
          known.get().offset(),
          known.get().what(),
          String.join(", ", names()),
          "Unpack it first (" + known.get().tool() + "), or use --from raw if it is a plain disk");
    }
  }

  private static String suffix(Path path) {
    return FilenameUtils.getExtension(path.getFileName().toString()).toLowerCase(Locale.ROOT);
  }
}
