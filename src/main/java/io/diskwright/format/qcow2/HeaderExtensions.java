package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;

/**
 * The header extensions diskwright knows; others may be skipped by their definition.
 *
 * @param backingFormat the backing file's format as the image names it
 * @param encryption where the LUKS header lies
 * @param dataFile the name of an external data file, which need not be UTF-8
 */
record HeaderExtensions(
    Optional<String> backingFormat,
    FeatureNameTable featureNames,
    Optional<BitmapsExtension> bitmaps,
    Optional<EncryptionExtension> encryption,
    Optional<ByteView> dataFile) {

  static final String NAME = "qcow2 header extension";

  private static final int END = 0;
  private static final int BACKING_FORMAT = 0xe2792aca;
  private static final int FEATURE_NAME_TABLE = 0x6803f857;
  private static final int BITMAPS = 0x23852875;
  private static final int DATA_FILE = 0x44415441;
  private static final int LUKS = 0x0537be77;

  private static final int PREFIX = 8;
  private static final int MAX_FORMAT_NAME = 64;

  /**
   * Reads the extension area: from the header's end to the backing file name, or to the end of the
   * first cluster when there is none.
   */
  static HeaderExtensions read(ByteSource source, Header header) throws IOException {
    long end = header.backingFileOffset() == 0 ? header.clusterSize() : header.backingFileOffset();
    int length = (int) end - header.headerLength(); // BackingReference has bounded the offset
    ByteView area = source.view(NAME, header.headerLength(), length, ByteOrder.BIG_ENDIAN);
    HeaderExtensions extensions = parse(area, header);
    if (extensions.bitmaps.isPresent()) {
      extensions.bitmaps.get().checkInside(source);
    }
    if (extensions.encryption.isPresent()) {
      extensions.encryption.get().checkInside(source);
    }
    return extensions;
  }

  private static HeaderExtensions parse(ByteView area, Header header) throws ImageException {
    // Early qemu put the backing file name right behind the last extension, without an end marker.
    boolean endMayLack = header.backingFileOffset() != 0;
    var seen = new HashSet<Integer>();
    Optional<String> backingFormat = Optional.empty();
    FeatureNameTable featureNames = FeatureNameTable.NONE;
    Optional<BitmapsExtension> bitmaps = Optional.empty();
    Optional<EncryptionExtension> encryption = Optional.empty();
    Optional<ByteView> dataFile = Optional.empty();
    int at = 0;
    while (true) {
      if (endMayLack && area.length() - at < PREFIX) {
        break;
      }
      int type = (int) area.u32(at);
      if (type == END) {
        break;
      }
      int length = length(area, at);
      if (known(type) && !seen.add(type)) {
        throw area.corrupt("type", at, name(type) + " again", "each type once");
      }
      ByteView data = data(area, at + PREFIX, length, type);
      switch (type) {
        case BACKING_FORMAT -> backingFormat = backingFormat(data);
        case FEATURE_NAME_TABLE -> featureNames = FeatureNameTable.parse(data);
        case BITMAPS -> {
          if (header.bitmapsConsistent()) {
            bitmaps = Optional.of(BitmapsExtension.parse(data, header.clusterSize()));
          }
        }
        case LUKS ->
            encryption = Optional.of(EncryptionExtension.parse(data, header.clusterSize()));
        case DATA_FILE -> dataFile = Optional.of(data);
        default -> {} // by the specification, unknown extensions do not change how to read
      }
      int padded = (length + 7) & ~7;
      at += PREFIX + Math.min(padded, area.length() - at - PREFIX);
    }
    return new HeaderExtensions(backingFormat, featureNames, bitmaps, encryption, dataFile);
  }

  private static int length(ByteView area, int at) throws CorruptImage {
    long length = area.u32(at + 4);
    int room = area.length() - at - PREFIX;
    if (length > room) {
      throw area.corrupt(
          "length", at + 4, Fault.number(length), "up to the " + room + " bytes of its area");
    }
    return (int) length;
  }

  private static ByteView data(ByteView area, int at, int length, int type) throws CorruptImage {
    return new ByteView(
        ByteBuffer.wrap(area.bytes(at, length)),
        ByteOrder.BIG_ENDIAN,
        area.source(),
        NAME + " " + name(type),
        area.offset() + at);
  }

  /** Text without a terminator of its own; old writers padded it with NULs. */
  private static Optional<String> backingFormat(ByteView data) throws CorruptImage {
    if (data.length() > MAX_FORMAT_NAME) {
      throw data.corrupt(
          "length", 0, Fault.number(data.length()), "up to " + MAX_FORMAT_NAME + " bytes");
    }
    String name = data.text(0, data.length(), StandardCharsets.UTF_8);
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private static boolean known(int type) {
    return switch (type) {
      case BACKING_FORMAT, FEATURE_NAME_TABLE, BITMAPS, DATA_FILE, LUKS -> true;
      default -> false;
    };
  }

  private static String name(int type) {
    return switch (type) {
      case BACKING_FORMAT -> "backing file format";
      case FEATURE_NAME_TABLE -> "feature name table";
      case BITMAPS -> "bitmaps";
      case DATA_FILE -> "external data file";
      case LUKS -> "full disk encryption";
      default -> String.format(Locale.ROOT, "0x%08x", type);
    };
  }
}
