package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Opens one VMDK: finds its descriptor, judges it, and opens the extents it lists. */
final class VmdkOpener {

  private final ExtentFiles files;
  private final OpenContext context;
  private final PageCache cache;
  private final List<VmdkExtent> extents = new ArrayList<>();
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final Map<ByteSource, Long> flatEnds = new LinkedHashMap<>();

  /**
   * @param files the caller's to close when opening fails
   */
  VmdkOpener(ExtentFiles files, OpenContext context) {
    this.files = files;
    this.context = context;
    this.cache = context.cache();
  }

  /** Opens what the file turns out to be. */
  VmdkImage open() throws IOException {
    ByteSource own = files.own();
    int length = (int) Math.min(own.size(), SparseHeader.SIZE);
    ByteView head = own.view("header", 0, length, ByteOrder.LITTLE_ENDIAN);
    if (head.startsWith(0, SparseHeader.MAGIC)) {
      return openSparse();
    }
    refuseParts(head);
    return openDescriptor();
  }

  /** Refuses the sparse extents of ESX, which never hold their descriptor. */
  private static void refuseParts(ByteView head) throws UnsupportedFeature {
    boolean cowd = head.startsWith(0, CowdHeader.MAGIC);
    if (cowd || head.startsWith(0, SeSparseHeader.MAGIC)) {
      throw new UnsupportedFeature(
          head.source(),
          "magic",
          0,
          (cowd ? "a vmfsSparse extent (COWD)" : "a seSparse extent") + ", one part of a disk",
          "a disk with its descriptor",
          "Name the disk's descriptor, the small .vmdk text file that lists this extent");
    }
  }

  private VmdkImage openSparse() throws IOException {
    ByteSource own = files.own();
    SparseHeader header = SparseHeader.read(own, "sparse extent header", 0);
    EmbeddedDisk disk = EmbeddedDisk.of(own.describe(), header, embedded(own, header));
    addSparse(own, header);
    return image(disk.descriptor(), disk.createType());
  }

  private VmdkImage openDescriptor() throws IOException {
    ByteSource own = files.own();
    if (own.size() > Descriptor.MAX_LENGTH) {
      throw new LimitExceeded(
          own.describe(),
          "descriptor",
          0,
          Fault.number(own.size()) + " bytes",
          "up to " + Fault.number(Descriptor.MAX_LENGTH));
    }
    ByteView text = own.view("descriptor", 0, (int) own.size(), ByteOrder.LITTLE_ENDIAN);
    if (!DescriptorProbe.startsHere(text, own.size())) {
      throw new CorruptImage(
          own.describe(),
          "file",
          0,
          "neither a sparse extent nor a descriptor",
          "'KDMV', or text with a createType",
          "It is no VMDK; leave the format out to have it recognised");
    }
    Descriptor descriptor = Descriptor.parse(text);
    descriptor.requirePlain();
    CreateType createType = descriptor.createType();
    for (ExtentLine line : descriptor.extents()) {
      switch (line.type()) {
        case ZERO -> extents.add(new ZeroExtent(Sectors.toBytes(line.sectors())));
        case FLAT, VMFS -> addFlat(file(descriptor, line), line);
        case SPARSE, VMFSSPARSE, SESPARSE ->
            addSplit(file(descriptor, line), line, descriptor, createType);
      }
    }
    flatEnds.forEach(this::noteLonger);
    return image(descriptor, createType);
  }

  private static Optional<Descriptor> embedded(ByteSource file, SparseHeader header)
      throws IOException {
    header.requireInside(file);
    if (!header.hasDescriptor()) {
      return Optional.empty();
    }
    return EmbeddedDisk.parse(
        file.view(
            EmbeddedDisk.STRUCTURE,
            Sectors.toBytes(header.descriptorOffset()),
            EmbeddedDisk.length(file.describe(), header),
            ByteOrder.LITTLE_ENDIAN));
  }

  private ByteSource file(Descriptor descriptor, ExtentLine line) throws IOException {
    return files.open(line, descriptor.names().decode("extent line", line.at(), line.name()));
  }

  private void addFlat(ByteSource file, ExtentLine line) throws CorruptImage {
    long length = Sectors.toBytes(line.sectors());
    long offset = Sectors.toBytes(line.offset());
    if (offset > file.size() || length > file.size() - offset) {
      throw new CorruptImage(
          file.describe(),
          "extent file",
          Fault.NOWHERE,
          Fault.number(file.size()) + " bytes",
          Fault.number(length)
              + " bytes from "
              + Fault.number(offset)
              + " on, as "
              + files.own().describe()
              + " says",
          "The extent is truncated or not the right one; copy it again");
    }
    extents.add(new FlatExtent(length, file, offset));
    flatEnds.merge(file, offset + length, Math::max);
  }

  private void noteLonger(ByteSource file, long end) {
    if (end < file.size()) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.SIZES_DISAGREE,
              "extent file " + file.describe(),
              Fault.NOWHERE,
              Fault.number(file.size()) + " bytes",
              Fault.number(end) + " bytes, all that the descriptor uses"));
    }
  }

  private void addSplit(
      ByteSource file, ExtentLine line, Descriptor descriptor, CreateType createType)
      throws IOException {
    // What the file is decides, as the line's type is only what it should be.
    int length = (int) Math.min(file.size(), SparseHeader.SIZE);
    ByteView head = file.view("header", 0, length, ByteOrder.LITTLE_ENDIAN);
    if (head.startsWith(0, CowdHeader.MAGIC)) {
      CowdHeader header = CowdHeader.read(file);
      if (header.uncleanShutdown()) {
        anomalies.add(
            new Anomaly(
                Anomaly.Kind.DIRTY,
                header.structure() + " uncleanShutdown of " + file.describe(),
                header.uncleanShutdownAt(),
                "set",
                "0"));
      }
      addEsx(file, header, line);
    } else if (head.startsWith(0, SeSparseHeader.MAGIC)) {
      addEsx(file, SeSparseHeader.read(file), line);
    } else {
      addHosted(file, line, descriptor, createType);
    }
  }

  private void addEsx(ByteSource file, EsxHeader header, ExtentLine line) throws CorruptImage {
    header.requireSize(file.describe(), line);
    extents.add(new EsxExtent(file, header, Sectors.toBytes(line.sectors()), cache));
  }

  private void addHosted(
      ByteSource file, ExtentLine line, Descriptor descriptor, CreateType createType)
      throws IOException {
    SparseHeader header = SparseHeader.read(file, "sparse extent header", 0);
    Optional<Descriptor> embedded = embedded(file, header);
    if (embedded.isPresent()) {
      embedded.get().requirePlain();
      requireSameParent(descriptor, embedded.get());
    }
    EmbeddedDisk.requireSame(file.describe(), header, line, createType);
    addSparse(file, header);
  }

  /** An extent that is a delta by its own descriptor must not be read as if it were whole. */
  private static void requireSameParent(Descriptor descriptor, Descriptor embedded)
      throws CorruptImage {
    Optional<ContentId> inside = embedded.parentId();
    if (inside.isPresent() && !inside.equals(descriptor.parentId())) {
      throw new CorruptImage(
          embedded.source(),
          "embedded descriptor parentCID",
          embedded.at(),
          inside.get().toString(),
          "ffffffff, or the parentCID of " + descriptor.source());
    }
  }

  private void addSparse(ByteSource file, SparseHeader header) throws IOException {
    SparseExtent extent = SparseExtent.open(file, header, cache);
    extents.add(extent);
    for (Anomaly anomaly : extent.anomalies()) {
      anomalies.add(file == files.own() ? anomaly : named(anomaly, file));
    }
  }

  private static Anomaly named(Anomaly anomaly, ByteSource file) {
    return new Anomaly(
        anomaly.kind(),
        anomaly.structure() + " of " + file.describe(),
        anomaly.offset(),
        anomaly.observed(),
        anomaly.expected());
  }

  private VmdkImage image(Descriptor descriptor, CreateType createType) throws IOException {
    long size = extents.stream().mapToLong(VmdkExtent::length).sum();
    OptionalLong grainBytes =
        extents.stream()
            .map(VmdkExtent::grainBytes)
            .filter(OptionalLong::isPresent)
            .findFirst()
            .orElse(OptionalLong.empty());
    Optional<SparseHeader> sparse =
        extents.stream()
            .filter(SparseExtent.class::isInstance)
            .map(e -> ((SparseExtent) e).header())
            .findFirst();
    var details =
        new ImageDetails(descriptor, createType, size, extents.size(), grainBytes, sparse);
    Optional<Referenced<DiskImage>> parent = openParent(descriptor);
    return new VmdkImage(
        files,
        new ExtentMap(extents, parent.map(Referenced::opened).orElse(null)),
        descriptor,
        details.info(files.files(), anomalies, parent));
  }

  private Optional<Referenced<DiskImage>> openParent(Descriptor descriptor) throws IOException {
    Optional<ParentReference> reference = descriptor.parent();
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    Referenced<DiskImage> parent = reference.get().open(context, files.neighbours());
    files.alsoClose(parent.opened());
    return Optional.of(parent);
  }
}
