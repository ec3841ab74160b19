package io.diskwright.fuzz;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.Formats;
import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.ImageException;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An image that a native tool made, and which of its bytes are worth changing.
 *
 * @param format as the manifest names it
 * @param image the file that is opened
 * @param changed the file that is changed: the image, or one that it names
 * @param metadata the pages of {@code changed} that hold no data of the disk
 */
record Seed(String format, String image, String changed, BitSet metadata) {

  /** Bytes of a page in {@link #metadata}. */
  static final int PAGE = 4096;

  /** Larger ones cost more cases than they are worth. */
  private static final long MAX_LENGTH = 8 << 20;

  private static final int MAX_EXTENTS = 100_000;

  /** Copies a folder of images into another, and finds what can be changed in them. */
  static List<Seed> prepare(Path images, Path work) throws IOException {
    copyAll(images, work);
    var seeds = new ArrayList<Seed>();
    try (Stream<String> lines = Files.lines(images.resolve("manifest.tsv"))) {
      for (String line : lines.skip(1).toList()) {
        String[] cells = line.split("\t", -1);
        add(seeds, cells[1], work.resolve(cells[0]));
      }
    }
    return seeds;
  }

  private static void copyAll(Path images, Path work) throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) <= MAX_LENGTH) {
          SparseFile.write(work.resolve(file.getFileName()), Files.readAllBytes(file));
        }
      }
    }
  }

  private static void add(List<Seed> seeds, String format, Path image) throws IOException {
    if (!Files.exists(image)) {
      return;
    }
    var files = new ArrayList<Path>(List.of(image));
    var data = new ArrayList<FileRange>();
    try (DiskImage disk = Formats.open(image, OpenOptions.defaults())) {
      disk.info().externalFiles().stream().map(ExternalFile::path).forEach(files::add);
      var cursor = new ExtentCursor(disk, 0, disk.size());
      for (int i = 0; i < MAX_EXTENTS; i++) {
        Extent extent = cursor.next();
        if (extent == null) {
          break;
        }
        FileRange range = stored(extent);
        if (range != null) {
          data.add(range);
        }
      }
    } catch (ImageException e) {
      // To be refused as it is: what has been found so far is changed all the same.
    }
    for (Path file : files) {
      seeds.add(
          new Seed(
              format,
              image.getFileName().toString(),
              file.getFileName().toString(),
              metadata(file, data)));
    }
  }

  private static FileRange stored(Extent extent) {
    return switch (extent) {
      case Extent.Zero zero -> null;
      case Extent.Data e -> range(e.source(), e.sourceOffset(), e.length());
      case Extent.Encoded e -> range(e.source(), e.sourceOffset(), e.encodedLength());
    };
  }

  private static FileRange range(ByteSource source, long offset, long length) {
    return source.fileRange(offset, length);
  }

  /** What neither is a hole nor lies whole inside data. */
  private static BitSet metadata(Path file, List<FileRange> data) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    var pages = new BitSet();
    for (int at = 0; at < bytes.length; at += PAGE) {
      if (!SparseFile.isZero(bytes, at, Math.min(PAGE, bytes.length - at))) {
        pages.set(at / PAGE);
      }
    }
    for (FileRange range : data) {
      // What was unpacked lies in a file that nobody finds any more.
      if (Files.exists(range.file()) && Files.isSameFile(range.file(), file)) {
        int from = (int) Math.ceilDiv(range.offset(), (long) PAGE);
        int to = (int) ((range.offset() + range.length()) / PAGE);
        if (from < to) {
          pages.clear(from, to);
        }
      }
    }
    return pages;
  }

  @Override
  public String toString() {
    return Objects.equals(image, changed) ? image : image + " with " + changed;
  }
}
