package io.diskwright.source;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.LimitExceeded;
import io.diskwright.source.Content.Passing;
import io.diskwright.source.Content.Whole;
import io.diskwright.source.Content.Wrapping;
import io.diskwright.source.archive.ArchiveFormat;
import io.diskwright.source.compressed.CompressedFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Peels what an image is wrapped in, layer by layer, each recognised by its content. */
public final class Contents {

  /** No sane image lies deeper; a file that contains itself does. */
  private static final int MAX_LAYERS = 6;

  private static final int HEAD = 1 << 16;

  /** Formats whose images start with the guest's own bytes, which may look like anything. */
  private static final Set<String> BEGIN_WITH_GUEST = Set.of("raw", "vhd");

  /** What the footer of a VHD starts with, and its length in bytes. */
  private static final String VHD_FOOTER = "conectix";

  private static final int VHD_FOOTER_LENGTH = 512;

  private Contents() {}

  /**
   * Opens a file so that the image in it can be read at any offset, if its wrappers allow that;
   * otherwise it comes once.
   *
   * @throws io.diskwright.io.ImageException when a wrapper is refused
   */
  public static Content open(Path file, OpenOptions options) throws IOException {
    return peel(openAsItIs(file, options), options);
  }

  /** Opens a file that is no wrapper, whatever it looks like. */
  public static Content openAsItIs(Path file, OpenOptions options) throws IOException {
    return new Content(
        file, new Whole(FileSource.open(file)), surroundings(file, options), Wrapping.NONE);
  }

  /** Opens a file to be read once and in order, which verifies most of what wrappers promise. */
  public static Content openForward(Path file, OpenOptions options) throws IOException {
    return forward(file, ForwardSource.of(FileSource.open(file)), options);
  }

  /**
   * Opens a stream.
   *
   * @param name what messages call it; files that the image names are looked for beside it
   * @param stream closed with the content
   */
  public static Content openStream(Path name, InputStream stream, OpenOptions options)
      throws IOException {
    String shown = name.toString().equals("-") ? "standard input" : name.toString();
    return forward(name, new ForwardSource(shown, stream), options);
  }

  private static Content forward(Path name, ForwardSource source, OpenOptions options)
      throws IOException {
    return peel(
        new Content(name, new Passing(source), surroundings(name, options), Wrapping.NONE),
        options);
  }

  private static Surroundings surroundings(Path file, OpenOptions options) {
    return new FolderSurroundings(file, options.references());
  }

  private static Content peel(Content wrapped, OpenOptions options) throws IOException {
    Content content = wrapped;
    boolean archive = false;
    int layersOfName = 0;
    try {
      while (true) {
        ByteView head = head(content);
        Optional<CompressedFormat> compressed = CompressedFormat.of(head);
        Optional<ArchiveFormat> archived =
            compressed.isPresent() ? Optional.empty() : ArchiveFormat.of(head);
        if (compressed.isEmpty() && archived.isEmpty()
            || isTakenAsItIs(content, options, compressed)) {
          refuseChoice(content, options, archive);
          return content;
        }
        requireLayer(content, layersOfName, head, name(compressed, archived));
        if (compressed.isPresent()) {
          content = decompressed(content, compressed.get());
          layersOfName++;
        } else {
          content = member(content, archived.orElseThrow(), options);
          archive = true;
          layersOfName = 0;
        }
      }
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private static String name(
      Optional<CompressedFormat> compressed, Optional<ArchiveFormat> archived) {
    return compressed
        .map(CompressedFormat::label)
        .orElseGet(() -> archived.orElseThrow().name().toLowerCase(Locale.ROOT));
  }

  private static ByteView head(Content content) throws IOException {
    return switch (content.bytes()) {
      case Whole(var source) ->
          source.view("head", 0, (int) Math.min(HEAD, source.size()), ByteOrder.BIG_ENDIAN);
      case Passing(var source) -> source.peek("head", HEAD, ByteOrder.BIG_ENDIAN);
    };
  }

  /**
   * A user who names such a format has looked; only a name that says otherwise is believed more.
   */
  private static boolean isTakenAsItIs(
      Content content, OpenOptions options, Optional<CompressedFormat> compressed) {
    if (options.format().filter(BEGIN_WITH_GUEST::contains).isEmpty()) {
      return false;
    }
    String suffix = ImageNames.suffix(content.path());
    return compressed.isPresent()
        ? !ImageNames.isCompressed(suffix)
        : !ImageNames.isArchive(suffix) && content.wrapping().layers().isEmpty();
  }

  /**
   * @param layersOfName how many layers of the file of that name are peeled already
   */
  private static void requireLayer(Content content, int layersOfName, ByteView head, String found)
      throws IOException {
    int depth = content.wrapping().layers().size();
    if (depth >= MAX_LAYERS) {
      throw new LimitExceeded(
          head.source(),
          "wrappers",
          0,
          "another one, " + found + ", in " + depth + " others",
          "up to " + MAX_LAYERS,
          "Unpack it first");
    }
    String promised =
        layersOfName == 0
            ? ImageNames.suffix(content.path())
            : ImageNames.imageSuffix(content.path());
    boolean named = ImageNames.isPlain(promised) || ImageNames.isContainer(promised);
    if (named || endsAsVhd(content)) {
      throw new AmbiguousImage(
          head.source(),
          "content",
          0,
          "the signature of "
              + found
              + (named ? ", in a file named ." + promised : ", in a file that ends as a VHD does"),
          "one kind of file",
          "A guest can write such a signature into its own disk; say with --from what the file is,"
              + " or name it for what it is");
    }
  }

  private static boolean endsAsVhd(Content content) throws IOException {
    if (!(content.bytes() instanceof Whole(var source)) || source.size() < VHD_FOOTER_LENGTH) {
      return false;
    }
    long footer = source.size() - VHD_FOOTER_LENGTH;
    return source
        .view("footer", footer, VHD_FOOTER_LENGTH, ByteOrder.BIG_ENDIAN)
        .startsWith(0, VHD_FOOTER);
  }

  private static void refuseChoice(Content content, OpenOptions options, boolean archive) {
    if (!archive && options.disk().isPresent()) {
      throw new IllegalArgumentException(
          "--disk chooses among the disks of an archive, and " + content.path() + " is no archive");
    }
  }

  private static Content decompressed(Content content, CompressedFormat format) throws IOException {
    Wrapping wrapping = inside(content.wrapping(), Wrapping.NONE, format.label());
    Content.Bytes bytes =
        switch (content.bytes()) {
          case Whole(var source) -> {
            var whole = format.whole(source);
            yield whole.isPresent()
                ? new Whole(whole.get())
                : new Passing(format.forward(ForwardSource.of(source)));
          }
          case Passing(var source) -> new Passing(format.forward(source));
        };
    return new Content(content.path(), bytes, content.surroundings(), wrapping);
  }

  private static Content member(Content content, ArchiveFormat format, OpenOptions options)
      throws IOException {
    Content member =
        switch (content.bytes()) {
          case Whole(var source) -> format.open(source, content.path(), options);
          case Passing(var source) -> format.openForward(source, content.path(), options);
        };
    return new Content(
        member.path(),
        member.bytes(),
        member.surroundings(),
        inside(content.wrapping(), member.wrapping(), ""));
  }

  /** Both promises hold; the inner capacity is the one about the disk. */
  private static Wrapping inside(Wrapping outer, Wrapping inner, String label) {
    List<String> layers = new ArrayList<>(outer.layers());
    layers.addAll(inner.layers());
    if (!label.isEmpty()) {
      layers.add(label);
    }
    OptionalLong capacity = inner.capacity().isPresent() ? inner.capacity() : outer.capacity();
    Content.Check check =
        outer.check() == Content.Check.NONE
            ? inner.check()
            : inner.check() == Content.Check.NONE
                ? outer.check()
                : cancelled -> {
                  outer.check().run(cancelled);
                  inner.check().run(cancelled);
                };
    return new Wrapping(layers, capacity, check);
  }
}
