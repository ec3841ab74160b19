package io.diskwright.format.vmdk;

import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.OpenContext;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files of one VMDK: its own and those of its extents, each open once, and its parent. */
final class ExtentFiles implements Closeable {

  private static final String ROLE = "extent";

  private final ByteSource own;
  private final OpenContext context;
  private final Map<String, OpenContext.Referenced<ByteSource>> opened = new LinkedHashMap<>();
  private final List<Closeable> others = new ArrayList<>();
  private final Neighbours neighbours;

  /**
   * @param own the file the user named, closed with the others
   */
  ExtentFiles(ByteSource own, OpenContext context) {
    this.own = own;
    this.context = context;
    this.neighbours = new Neighbours(context);
  }

  /** The file the user named. */
  ByteSource own() {
    return own;
  }

  /** What lies beside them. */
  Neighbours neighbours() {
    return neighbours;
  }

  /** The extents' files, in the order of the disk. */
  List<ExternalFile> files() {
    return opened.values().stream().map(OpenContext.Referenced::file).toList();
  }

  /**
   * The file of an extent.
   *
   * @param name the line's, decoded
   * @throws UnsafeReference when it may not be opened, is not there, or is the descriptor itself
   */
  ByteSource open(ExtentLine line, String name) throws IOException {
    OpenContext.Referenced<ByteSource> known = opened.get(name);
    if (known == null) {
      known = openNew(line, name);
      opened.put(name, known);
      if (context.isOwnFile(known.file())) {
        throw new UnsafeReference(
            own.describe(),
            ROLE,
            line.at(),
            "'" + name + "', the descriptor itself",
            "a file of its own",
            "Correct the name in the descriptor");
      }
    }
    return known.opened();
  }

  private OpenContext.Referenced<ByteSource> openNew(ExtentLine line, String name)
      throws IOException {
    try {
      return context.openFile(ROLE, name, line.at());
    } catch (UnsafeReference e) {
      Optional<String> other = neighbours.otherCase(name);
      if (other.isPresent()) {
        return context.openFile(ROLE, other.get(), line.at());
      }
      throw refused(e.fault(), line, name);
    }
  }

  /** The same refusal with what the file is needed for, and where one of its name lies. */
  private UnsafeReference refused(Fault fault, ExtentLine line, String name) throws IOException {
    Optional<String> namesake = neighbours.namesake(name);
    return new UnsafeReference(
        fault.source(),
        String.format(
            Locale.ROOT,
            "%s of %s bytes of the disk",
            ROLE,
            Fault.number(Sectors.toBytes(line.sectors()))),
        fault.offset(),
        fault.found(),
        fault.allowed(),
        fault.remedy() + namesake.map(n -> "; a file of that name is '" + n + "'").orElse(""));
  }

  /** Another thing to close with the files. */
  void alsoClose(Closeable opened) {
    others.add(opened);
  }

  @Override
  public void close() throws IOException {
    var all = new ArrayList<Closeable>(others);
    all.add(own);
    opened.values().forEach(f -> all.add(f.opened()));
    IOException failure = null;
    for (Closeable file : all) {
      try {
        file.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
