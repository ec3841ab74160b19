package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.raw.RawFormat;
import io.diskwright.format.vhd.VhdFormat;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.OwningSource;
import io.diskwright.io.PageCache;
import io.diskwright.source.Content;
import io.diskwright.source.Content.Wrapping;
import io.diskwright.source.FolderSurroundings;
import io.diskwright.source.ImageNames;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.Spool;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.input.CloseShieldInputStream;

/** Opens the image that was found inside its wrappers, at any offset or once. */
final class ContentOpener {

  /** Heap for the metadata pages of one image and its chain, in bytes. */
  private static final long METADATA_CACHE = 16 << 20;

  /** Names that promise a footer, which a stream shows at its end only. */
  private static final Set<String> FOOTER_SUFFIXES = Set.of("vhd", "vpc");

  private ContentOpener() {}

  /** Opens it as it comes where its format allows that, and at any offset where it does not. */
  static Opened once(Content content, OpenOptions options) throws IOException {
    if (content.bytes() instanceof Content.Passing passing) {
      Optional<ForwardDisk> disk = disk(passing.source(), content, options);
      if (disk.isPresent()) {
        return new Opened.Once(disk.get());
      }
    }
    return new Opened.Anywhere(anywhere(content, options));
  }

  /** Opens it as it comes; closes the content when it does not come as a disk. */
  static Optional<ForwardDisk> forward(Content content, OpenOptions options) throws IOException {
    Optional<ForwardDisk> disk =
        content.bytes() instanceof Content.Passing passing
            ? disk(passing.source(), content, options)
            : Optional.empty();
    if (disk.isEmpty()) {
      content.close();
    }
    return disk;
  }

  /** Closes the source when it throws; leaves it as it is when it does not come as a disk. */
  private static Optional<ForwardDisk> disk(
      ForwardSource source, Content content, OpenOptions options) throws IOException {
    String suffix = suffix(content);
    Optional<ForwardDisk> disk;
    try {
      ImageFormat chosen =
          Formats.choose(
              Probe.of(source),
              source.describe(),
              FOOTER_SUFFIXES.contains(suffix) ? "" : suffix,
              options.format());
      Formats.refuseSnapshot(chosen, source.describe(), options.snapshot());
      disk =
          options.format().isEmpty() && chosen instanceof RawFormat
              ? Optional.of(VhdFormat.openPlainStream(source))
              : chosen.openForward(source, context(content, options));
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    if (content.wrapping() == Wrapping.NONE) {
      return disk;
    }
    String promised = options.format().isEmpty() && FOOTER_SUFFIXES.contains(suffix) ? "vhd" : "";
    return disk.map(d -> new UnwrappedDisk(d, content.wrapping(), promised));
  }

  /** Opens it at any offset, unpacked into the spool folder where there is no other way. */
  static DiskImage anywhere(Content content, OpenOptions options) throws IOException {
    ByteSource source =
        switch (content.bytes()) {
          case Content.Whole(var whole) -> whole;
          case Content.Passing(var passing) -> spooled(passing, content, options);
        };
    ImageFormat chosen;
    try {
      chosen =
          Formats.choose(Probe.of(source), source.describe(), suffix(content), options.format());
      Formats.refuseSnapshot(chosen, source.describe(), options.snapshot());
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    DiskImage image = chosen.open(source, context(content, options));
    if (content.wrapping() == Wrapping.NONE) {
      return image;
    }
    try {
      Capacity.check(image.describe(), image.size(), content.wrapping());
    } catch (IOException | RuntimeException e) {
      image.close();
      throw e;
    }
    return new UnwrappedImage(image, source, content.wrapping());
  }

  private static ByteSource spooled(ForwardSource passing, Content content, OpenOptions options)
      throws IOException {
    if (content.surroundings() instanceof FolderSurroundings) {
      return Spool.spool(passing, options, reason(content));
    }
    // What lies beside it in its archive may still be named, so that stays open.
    var kept =
        new ForwardSource(passing.describe(), CloseShieldInputStream.wrap(passing.asStream()));
    try {
      ByteSource spool = Spool.spool(kept, options, reason(content));
      return new OwningSource(
          spool,
          () -> {
            try (spool;
                passing) {
              // both are closed even when one fails
            }
          });
    } catch (IOException | RuntimeException e) {
      passing.close();
      throw e;
    }
  }

  private static String reason(Content content) {
    String layers = String.join(", ", content.wrapping().layers());
    return "the image is read at many places, and "
        + (layers.isEmpty() ? "a stream" : layers)
        + " yields it in one go only";
  }

  private static String suffix(Content content) {
    return content.wrapping().layers().isEmpty()
        ? ImageNames.suffix(content.path())
        : ImageNames.imageSuffix(content.path());
  }

  private static OpenContext context(Content content, OpenOptions options) {
    return new OpenContext(
        content.path(),
        content.surroundings(),
        new PageCache(METADATA_CACHE),
        options,
        Formats::open);
  }
}
