package io.diskwright.validate.rule;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.PartitionRole;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.source.FileSource;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Subject;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import io.diskwright.volume.Volumes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What rules ask about an image. Each fact is read when it is first asked for; none takes more than
 * a few reads. For one thread; closing it closes the file it read again, not the disk.
 */
public final class Facts implements Closeable {

  private static final Map<String, Rule> RULES = Rules.all();
  private static final String NOT_YET =
      "Looks into the files of Windows, which the rules of this version do not do yet.";

  private final Subject subject;
  private final Map<String, Lazy<Outcome>> outcomes = new HashMap<>();
  private final Lazy<ContainerFile> container = new Lazy<>(this::readContainer);
  private final Lazy<VhdFacts> vhd = new Lazy<>(this::readVhd);
  private final Lazy<PartitionTable> table = new Lazy<>(this::readTable);
  private final Lazy<List<Volume>> volumes = new Lazy<>(this::readVolumes);
  private final Lazy<Guest> guest;
  private final Lazy<GuestFacts> files = new Lazy<>(this::readFiles);
  private @Nullable FileSource file;

  /** Facts about one image. */
  public Facts(Subject subject) {
    this.subject = subject;
    this.guest = new Lazy<>(() -> Guest.inspect(subject.disk()));
  }

  /** Facts about one image whose guest was looked into already. */
  public Facts(Subject subject, Guest guest) {
    this.subject = subject;
    this.guest = new Lazy<>(() -> guest);
  }

  /** Whose requirements count. */
  public Profile profile() {
    return subject.profile();
  }

  /** Whether the structures of the filesystems are walked. */
  public boolean deep() {
    return subject.deep();
  }

  /** What the container says of itself. */
  public ImageInfo info() {
    return subject.disk().info();
  }

  /** The guest-visible disk. */
  DiskImage disk() {
    return subject.disk();
  }

  /** The disk's size in bytes. */
  public long size() {
    return subject.disk().size();
  }

  /** The file the user named, as a file. */
  ContainerFile container() throws IOException {
    return container.get();
  }

  /** The structures of a VHD; empty for other formats. */
  Optional<VhdFacts> vhd() throws IOException {
    return info().format().equals("vhd") ? Optional.of(vhd.get()) : Optional.empty();
  }

  /** The disk's partition table. */
  public PartitionTable table() throws IOException {
    return table.get();
  }

  /** The disk's volumes, each probed. */
  List<Volume> volumes() throws IOException {
    return volumes.get();
  }

  /** The guest's family, as far as it is proven: by its system's files, else by its volumes. */
  public GuestFamily family() throws IOException {
    Optional<OperatingSystem> os = guest().os();
    return os.isPresent()
        ? switch (os.get().family()) {
          case LINUX -> GuestFamily.LINUX;
          case FREEBSD -> GuestFamily.BSD;
          case WINDOWS -> GuestFamily.WINDOWS;
        }
        : GuestFamily.of(table(), volumes());
  }

  /** The guest in the disk. */
  public Guest guest() throws IOException {
    return guest.get();
  }

  /**
   * What another rule says of the image, judged once.
   *
   * @param rule its id
   * @throws io.diskwright.io.ImageException when the image does not yield what it must read
   */
  public Outcome outcome(String rule) throws IOException {
    Lazy<Outcome> known = outcomes.get(rule);
    if (known == null) {
      Rule asked = RULES.get(rule);
      known = new Lazy<>(() -> asked == null ? Outcome.unknown(NOT_YET) : asked.check(this));
      outcomes.put(rule, known);
    }
    return known.get();
  }

  /** What rules ask about the guest's files. */
  public GuestFacts files() throws IOException {
    return files.get();
  }

  /** The partitions with a role, in the table's order. */
  List<Partition> partitions(PartitionRole role) throws IOException {
    return table().partitions().stream().filter(p -> PartitionRole.of(p) == role).toList();
  }

  /**
   * Guest bytes, little-endian; empty when they do not all lie on the disk.
   *
   * @param length bytes, at least 0
   */
  Optional<ByteView> bytes(String structure, long offset, int length) throws IOException {
    return bytes(structure, offset, length, ByteOrder.LITTLE_ENDIAN);
  }

  /** Guest bytes in either order; empty when they do not all lie on the disk. */
  Optional<ByteView> bytes(String structure, long offset, int length, ByteOrder order)
      throws IOException {
    if (offset < 0 || offset > size() || length > size() - offset) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    disk().read(offset, bytes);
    return Optional.of(new ByteView(bytes.flip(), order, disk().describe(), structure, offset));
  }

  /** The container's bytes: the file's, or those of what was inside it. */
  private ByteSource file() throws IOException {
    Optional<ByteSource> inside = disk().container();
    if (inside.isPresent()) {
      return inside.get();
    }
    FileSource current = file;
    if (current == null) {
      current = FileSource.open(subject.file());
      file = current;
    }
    return current;
  }

  private ContainerFile readContainer() throws IOException {
    String name = String.valueOf(subject.file().getFileName());
    // The file's own name promises the wrapper; what is in it is called as it likes.
    return ContainerFile.read(info().wrappers().isEmpty() ? name : "", file());
  }

  private GuestFacts readFiles() throws IOException {
    return new GuestFacts(guest(), profile());
  }

  private VhdFacts readVhd() throws IOException {
    return VhdFacts.read(file());
  }

  private PartitionTable readTable() throws IOException {
    return PartitionTable.read(disk());
  }

  private List<Volume> readVolumes() throws IOException {
    return Volumes.of(disk(), table());
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
