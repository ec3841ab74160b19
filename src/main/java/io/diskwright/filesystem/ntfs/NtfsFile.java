package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A file: a base record and the records that extend it, as one list of attributes. */
final class NtfsFile {

  /** As Windows: an attribute list is no longer. */
  private static final int MAX_LIST = 256 << 10;

  /** What the records of one file may take, of which each is read into memory. */
  private static final int MAX_RECORDS_BYTES = 32 << 20;

  /** Of the table itself, whose pieces are put together once for each. */
  private static final int MAX_MFT_RECORDS = 1 << 10;

  private final FileRecord base;
  private final List<Attribute> attributes;

  private NtfsFile(FileRecord base, List<Attribute> attributes) {
    this.base = base;
    this.attributes = attributes;
  }

  static NtfsFile of(NtfsVolume volume, FileRecord base) throws IOException {
    for (Attribute attribute : base.attributes()) {
      if (attribute.type() == Attribute.ATTRIBUTE_LIST) {
        return new NtfsFile(base, gather(volume, base, attribute));
      }
    }
    return new NtfsFile(base, base.attributes());
  }

  private static List<Attribute> gather(NtfsVolume volume, FileRecord base, Attribute list)
      throws IOException {
    List<Attribute> all = new ArrayList<>(base.attributes());
    boolean isMft = base.number() == NtfsVolume.MFT;
    Set<Long> read = new HashSet<>();
    read.add(base.number());
    for (AttributeListEntry entry : AttributeListEntry.all(value(volume, list))) {
      long number = entry.reference() & FileRecord.NUMBER_MASK;
      if (!read.add(number)) {
        continue;
      }
      int most = isMft ? MAX_MFT_RECORDS : MAX_RECORDS_BYTES / volume.boot().recordSize();
      if (read.size() > most) {
        throw list.view().tooLarge("records", 0, "more than " + most, "at most " + most);
      }
      if (isMft && number >= volume.records()) {
        // Each piece of the table tells where the next one lies.
        volume.extendMft(all);
      }
      all.addAll(extension(volume, base, entry).attributes());
    }
    return all;
  }

  private static FileRecord extension(NtfsVolume volume, FileRecord base, AttributeListEntry entry)
      throws IOException {
    FileRecord record = volume.record(entry.reference());
    if ((record.baseReference() & FileRecord.NUMBER_MASK) != base.number() || !record.isInUse()) {
      throw new CorruptImage(
          volume.describe(),
          "file record " + record.number() + " base record",
          Fault.NOWHERE,
          Fault.number(record.baseReference() & FileRecord.NUMBER_MASK),
          base.number() + ", whose attribute list names it");
    }
    return record;
  }

  private static ByteView value(NtfsVolume volume, Attribute list) throws IOException {
    if (!list.nonResident()) {
      return list.value();
    }
    ByteSource content = NtfsStream.open(volume, List.of(list));
    if (content.size() > MAX_LIST) {
      throw list.view()
          .tooLarge("data size", 48, Fault.number(content.size()), "at most " + MAX_LIST);
    }
    return content.view(list.structure(), 0, (int) content.size(), ByteOrder.LITTLE_ENDIAN);
  }

  FileRecord record() {
    return base;
  }

  List<Attribute> attributes() {
    return attributes;
  }

  /** The first attribute of a type without a name. */
  Optional<Attribute> first(int type) {
    return attributes.stream().filter(a -> a.type() == type).findFirst();
  }

  /** The pieces of a stream or index, in their order; none when there is no such attribute. */
  List<Attribute> pieces(int type, String name) throws CorruptImage {
    List<Attribute> pieces = new ArrayList<>();
    for (Attribute attribute : attributes) {
      if (attribute.type() == type && attribute.name().equals(name)) {
        pieces.add(attribute);
      }
    }
    for (Attribute piece : pieces) {
      if (pieces.size() > 1 && !piece.nonResident()) {
        throw piece.view().corrupt("form code", 8, "a second value", "one, or pieces of one");
      }
    }
    pieces.sort(Comparator.comparingLong(Attribute::lowestVcn));
    return pieces;
  }

  /** The content of a stream that must be there. */
  ByteSource stream(NtfsVolume volume, String name) throws IOException {
    List<Attribute> pieces = pieces(Attribute.DATA, name);
    if (pieces.isEmpty()) {
      throw new CorruptImage(
          volume.describe(),
          "file record " + base.number(),
          Fault.NOWHERE,
          "no $DATA" + (name.isEmpty() ? "" : " named '" + name + "'"),
          "a stream");
    }
    return NtfsStream.open(volume, pieces);
  }

  /** The names, the long ones first. */
  List<FileName> names() throws CorruptImage {
    List<FileName> names = new ArrayList<>();
    for (Attribute attribute : attributes) {
      if (attribute.type() == Attribute.FILE_NAME) {
        names.add(FileName.parse(attribute.value(), 0));
      }
    }
    names.sort(Comparator.comparing(FileName::isShort));
    return names;
  }
}
