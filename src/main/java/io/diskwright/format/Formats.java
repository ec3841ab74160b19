package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.parallels.ParallelsFormat;
import io.diskwright.format.qcow.QcowFormat;
import io.diskwright.format.qcow2.Qcow2Format;
import io.diskwright.format.qed.QedFormat;
import io.diskwright.format.raw.RawFormat;
import io.diskwright.format.vdi.VdiFormat;
import io.diskwright.format.vhd.VhdFormat;
import io.diskwright.format.vhdx.VhdxFormat;
import io.diskwright.format.vmdk.VmdkFormat;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.Contents;
import io.diskwright.source.ImageNames;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every format diskwright reads. RAW is last: it is what nothing else recognised. */
public final class Formats {

  private static final RawFormat RAW = new RawFormat();

  private static final List<ImageFormat> RECOGNISED =
      List.of(
          new Qcow2Format(),
          new VmdkFormat(),
          new VdiFormat(),
          new VhdFormat(),
          new ParallelsFormat(),
          new VhdxFormat(),
          new QcowFormat(),
          new QedFormat());

  private Formats() {}

  /** The names {@code --from} takes. */
  public static List<String> names() {
    var names = new ArrayList<>(RECOGNISED.stream().map(ImageFormat::name).toList());
    names.add(RAW.name());
    return List.copyOf(names);
  }

  /**
   * Opens the image the user named, out of whatever it is wrapped in. What cannot be read at any
   * offset inside its wrappers is unpacked into the spool folder first.
   *
   * @throws UnsupportedFeature for another format name
   */
  public static DiskImage open(Path file, OpenOptions options) throws IOException {
    return ContentOpener.anywhere(Contents.open(file, options), options);
  }

  /**
   * Opens a file as what it was written as: a guest's own bytes decide nothing, and it names no
   * other file.
   *
   * @param format its name
   */
  public static DiskImage openWritten(Path file, String format) throws IOException {
    OpenOptions options =
        OpenOptions.defaults()
            .withFormat(Optional.of(format))
            .withReferences(ReferencePolicy.deny());
    return ContentOpener.anywhere(Contents.openAsItIs(file, options), options);
  }

  /**
   * Opens a stream, as {@link #open(Path, OpenOptions)}.
   *
   * @param name what messages call it
   * @param stream closed with the image
   */
  public static DiskImage open(Path name, InputStream stream, OpenOptions options)
      throws IOException {
    return ContentOpener.anywhere(Contents.openStream(name, stream, options), options);
  }

  /**
   * Opens the image the user named to read it once: as it comes, where its format and its wrappers
   * make that the shorter way, or else as {@link #open(Path, OpenOptions)}.
   */
  public static Opened openForOnePass(Path file, OpenOptions options) throws IOException {
    Content content = Contents.open(file, options);
    if (content.bytes() instanceof Content.Passing
        || content.wrapping().check() == Content.Check.NONE) {
      return ContentOpener.once(content, options);
    }
    // Read in order, what the manifest promises is verified on the way.
    Optional<ForwardDisk> disk = Optional.empty();
    try {
      disk = ContentOpener.forward(Contents.openForward(file, options), options);
    } finally {
      if (disk.isPresent()) {
        content.close();
      }
    }
    return disk.isPresent()
        ? new Opened.Once(disk.get())
        : new Opened.Anywhere(ContentOpener.anywhere(content, options));
  }

  /**
   * Opens a stream, as {@link #openForOnePass(Path, OpenOptions)}.
   *
   * @param name what messages call it
   * @param stream closed with the image
   */
  public static Opened openStream(Path name, InputStream stream, OpenOptions options)
      throws IOException {
    return ContentOpener.once(Contents.openStream(name, stream, options), options);
  }

  /** As {@link #open(Path, OpenOptions)}. */
  public static DiskImage open(Path file, Optional<String> format, ReferencePolicy references)
      throws IOException {
    return open(file, OpenOptions.defaults().withFormat(format).withReferences(references));
  }

  /** Opens what an image names. */
  static DiskImage open(ByteSource source, Optional<String> format, OpenContext context)
      throws IOException {
    ImageFormat chosen;
    try {
      chosen =
          choose(Probe.of(source), source.describe(), ImageNames.suffix(context.file()), format);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    return chosen.open(source, context);
  }

  /**
   * The format an image is opened as.
   *
   * @param suffix what the file's name promises, in lower case
   * @param given its name, when it need not be recognised
   */
  static ImageFormat choose(Probe probe, String name, String suffix, Optional<String> given)
      throws IOException {
    if (probe.size() == 0) {
      throw new CorruptImage(name, "file", Fault.NOWHERE, "an empty file", "an image");
    }
    return given.isPresent() ? byName(given.get(), name) : recognise(probe, name, suffix);
  }

  private static ImageFormat byName(String name, String file) throws IOException {
    if (name.equals(RAW.name())) {
      return RAW;
    }
    return RECOGNISED.stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UnsupportedFeature(
                file, "format", Fault.NOWHERE, "'" + name + "'", String.join(", ", names())));
  }

  private static ImageFormat recognise(Probe probe, String name, String suffix) throws IOException {
    var matching = new ArrayList<ImageFormat>();
    for (ImageFormat format : RECOGNISED) {
      if (format.recognises(probe)) {
        matching.add(format);
      }
    }
    if (matching.size() > 1) {
      throw new AmbiguousImage(
          name,
          "content",
          Fault.NOWHERE,
          "signatures of "
              + String.join(" and ", matching.stream().map(ImageFormat::name).toList()),
          "one format");
    }
    if (matching.isEmpty()) {
      refuseUnreadContainer(name, probe);
      if (ImageNames.isContainer(suffix)
          || ImageNames.isCompressed(suffix)
          || ImageNames.isArchive(suffix)) {
        throw new AmbiguousImage(
            name,
            "content",
            0,
            "no signature of an image format, in a file named ." + suffix,
            "content that fits the name",
            "The file is damaged or misnamed; if it really is a plain disk, use --from raw");
      }
      return RAW;
    }
    ImageFormat format = matching.getFirst();
    if (ImageNames.isPlain(suffix) && probe.startsWithContainer(format)) {
      throw new AmbiguousImage(
          name,
          "content",
          0,
          "a " + format.name() + " signature, in a file named ." + suffix,
          "a plain disk",
          "A guest can write such a signature into its own disk; say which it is with --from "
              + format.name()
              + " or --from raw");
    }
    Polyglot.refuse(probe, format, name);
    return format;
  }

  static void refuseSnapshot(ImageFormat format, String name, Optional<String> snapshot)
      throws UnsupportedFeature {
    if (snapshot.isPresent() && !format.readsSnapshots()) {
      throw new UnsupportedFeature(
          name,
          "format",
          Fault.NOWHERE,
          format.name() + ", which has no internal snapshots to find '" + snapshot.get() + "' in",
          "a format with internal snapshots: qcow2",
          "Leave out --snapshot");
    }
  }

  private static void refuseUnreadContainer(String name, Probe probe) throws UnsupportedFeature {
    Optional<KnownSignature> known = KnownSignature.of(probe);
    if (known.isPresent()) {
      throw new UnsupportedFeature(
          name,
          "signature",
          known.get().offset(),
          known.get().what(),
          String.join(", ", names()),
          "Unpack it first (" + known.get().tool() + "), or use --from raw if it is a plain disk");
    }
  }
}
