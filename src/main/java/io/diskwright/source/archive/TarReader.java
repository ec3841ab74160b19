package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Walks through the members of a tar archive: old, ustar, pax and GNU. */
final class TarReader {

  /** GNU's own header of a name that is too long for the header; systems end at 4 KiB. */
  private static final int MAX_LONG_NAME = 1 << 16;

  /** So large that no file is, so small that no sum with it overflows. */
  private static final long MAX_SIZE = 1L << 60;

  /** Headers that may stand before one member: two long names and two extended ones are usual. */
  private static final int MAX_EXTENSIONS = 16;

  private final Tape tape;
  private long dataEnd;
  private int index;
  private int extensions;
  private int stretches = SparseMapBuilder.MAX_ENTRIES;
  private @Nullable PaxHeader pax;
  private @Nullable String longName;

  /**
   * @param tape at the start of the archive
   */
  TarReader(Tape tape) {
    this.tape = tape;
    this.dataEnd = tape.position();
  }

  /**
   * A member; its stored data lies at the tape's position.
   *
   * @param stored bytes of it, without padding and without a sparse map
   * @param map of a sparse member
   */
  record Entry(Member member, long stored, Optional<SparseMap> map) {}

  /**
   * The next member.
   *
   * @return null at the two blocks of zeros that end an archive
   * @throws CorruptImage when there are none, or a header is damaged
   */
  @Nullable Entry next() throws IOException {
    tape.skip("tar member's data", dataEnd - tape.position());
    pax = null;
    longName = null;
    extensions = 0;
    while (true) {
      if (tape.atEnd()) {
        throw truncated();
      }
      ByteView view = tape.view(TarHeader.NAME, TarHeader.BLOCK, ByteOrder.BIG_ENDIAN);
      if (view.isZero(0, TarHeader.BLOCK)) {
        end(view);
        return null;
      }
      TarHeader header = TarHeader.parse(view);
      if (!isExtension(view, header)) {
        return entry(view, header);
      }
    }
  }

  private CorruptImage truncated() {
    return new CorruptImage(
        tape.describe(),
        "tar archive",
        tape.position(),
        "its end",
        "two blocks of zeros before that",
        "The archive is truncated; copy or download it again");
  }

  private void end(ByteView view) throws IOException {
    if (pax != null || longName != null) {
      throw view.corrupt("block", 0, "the end of the archive", "the member that was announced");
    }
    // One block, and then the end, is what some writers leave; anything else is damage.
    if (!tape.atEnd()) {
      ByteView second = tape.view(TarHeader.NAME, TarHeader.BLOCK, ByteOrder.BIG_ENDIAN);
      if (!second.isZero(0, TarHeader.BLOCK)) {
        throw view.corrupt("block", 0, "a single block of zeros", "two, which end the archive");
      }
    }
  }

  /** Takes in a header that only says more about the next one. */
  private boolean isExtension(ByteView view, TarHeader header) throws IOException {
    int limit =
        switch (header.typeflag()) {
          case 'x', 'X', 'g' -> PaxHeader.MAX_SIZE;
          case 'L', 'K' -> MAX_LONG_NAME;
          default -> 0;
        };
    if (limit == 0) {
      return false;
    }
    if (++extensions > MAX_EXTENSIONS) {
      throw view.tooLarge(
          "typeflag", 0, "more than " + MAX_EXTENSIONS + " extensions of one member", "up to that");
    }
    if (header.size() > limit) {
      throw view.tooLarge(
          "size", 124, Fault.number(header.size()) + " bytes of extension", "up to " + limit);
    }
    int size = (int) header.size();
    ByteView data = tape.view(PaxHeader.NAME, size, ByteOrder.BIG_ENDIAN);
    tape.skip(PaxHeader.NAME, padding(size));
    switch (header.typeflag()) {
      case 'L' -> longName = data.text(0, size, StandardCharsets.UTF_8);
      case 'K' -> {} // where a link leads, which nobody follows
      case 'g' -> PaxHeader.parse(data).checkGlobal();
      default -> pax = PaxHeader.parse(data);
    }
    return true;
  }

  private Entry entry(ByteView view, TarHeader header) throws IOException {
    String name = longName != null ? longName : header.name();
    long size = header.size();
    if (pax != null) {
      name = pax.path().orElse(name);
      size = pax.size().orElse(size);
    }
    Member.Kind kind = header.kind(name);
    if (size > 0 && kind != Member.Kind.FILE && kind != Member.Kind.OTHER) {
      throw new UnsupportedFeature(
          tape.describe(),
          "tar header size",
          view.offset(),
          "a " + kind.words() + " " + Member.shown(name) + " with data",
          "data of regular files, since tools disagree about any other",
          "Pack the archive again without it");
    }
    dataEnd = end(view, name, size);
    SparseMapBuilder builder = sparse(view, header);
    long stored = dataEnd - padding(size) - tape.position();
    Optional<SparseMap> map =
        builder == null ? Optional.empty() : Optional.of(builder.build(stored));
    stretches -= builder == null ? 0 : builder.count();
    long content = map.isPresent() ? map.get().size() : stored;
    return new Entry(new Member(index++, name, kind, content, view.offset()), stored, map);
  }

  private long end(ByteView view, String name, long size) throws LimitExceeded {
    if (size > MAX_SIZE) {
      throw view.tooLarge(
          "size", 124, Fault.number(size) + " for " + Member.shown(name), "up to 2^60");
    }
    return tape.position() + size + padding(size);
  }

  /** Reads the map of a sparse member, wherever it stands; null for any other member. */
  private @Nullable SparseMapBuilder sparse(ByteView view, TarHeader header) throws IOException {
    if (header.typeflag() == 'S') {
      long before = tape.position();
      SparseMapBuilder builder = GnuSparse.read(view, tape, stretches);
      dataEnd += tape.position() - before; // blocks of the header, which its size does not count
      return builder;
    }
    OptionalLong real = pax == null ? OptionalLong.empty() : pax.sparseSize();
    if (pax == null || real.isEmpty()) {
      return null;
    }
    var builder = new SparseMapBuilder(view, real.getAsLong(), stretches);
    if (pax.mapIsInData()) {
      new SparseMapText(view, tape, dataEnd).addTo(builder);
    } else {
      pax.addTo(builder);
    }
    return builder;
  }

  private static long padding(long size) {
    return -size & (TarHeader.BLOCK - 1);
  }
}
