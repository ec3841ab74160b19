package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the volume's own files tell. */
final class NtfsFacts {

  private static final int DIRTY = 0x1;
  private static final int MODIFIED_BY_CHKDSK = 0x8000;
  private static final int LOG_CLEAN = 2;
  private static final int LOG_NO_CLIENT = 0xffff;
  private static final int LOG_PAGE = 4096;
  private static final int HIBERNATION_HEADER = 4096;
  private static final String HIBERNATION_FILE = "hiberfil.sys";

  private final NtfsVolume volume;
  private final NtfsFileSystem tree;
  private final long volumeSize;
  private final Map<String, String> details = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private String label = "";
  private boolean dirty;
  private boolean logInUse;

  NtfsFacts(NtfsVolume volume, NtfsFileSystem tree, long volumeSize) {
    this.volume = volume;
    this.tree = tree;
    this.volumeSize = volumeSize;
  }

  FilesystemFacts facts() throws IOException {
    BootSector boot = volume.boot();
    attempt(this::volumeInformation);
    attempt(this::log);
    attempt(this::hibernation);
    attempt(this::backup);
    if (!volume.upperCase().isOwn()) {
      problems.add(new Problem("$UpCase", -1, "a table that cannot be read", "upper case letters"));
    }
    long size = boot.totalSectors() * boot.bytesPerSector();
    if (size > volumeSize) {
      problems.add(
          new Problem("boot sector total sectors", 0x28, size + " bytes", "at most " + volumeSize));
    }
    return new FilesystemFacts(
        "ntfs",
        label,
        String.format(Locale.ROOT, "%016X", boot.serialNumber()),
        boot.clusterSize(),
        size,
        volumeSize,
        freeClusters(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        !dirty && !logInUse,
        dirty,
        logInUse ? Recovery.NEEDED : Recovery.NOT_NEEDED,
        0,
        List.of(),
        Map.copyOf(details),
        List.copyOf(problems));
  }

  /** Finds something out. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (ImageException e) {
      problems.add(Problem.of(e));
    }
  }

  private void volumeInformation() throws IOException {
    NtfsFile file = volume.file(NtfsVolume.VOLUME);
    Optional<Attribute> name = file.first(Attribute.VOLUME_NAME);
    if (name.isPresent()) {
      ByteView value = name.get().value();
      label = new String(value.bytes(0, value.length()), StandardCharsets.UTF_16LE);
    }
    Optional<Attribute> information = file.first(Attribute.VOLUME_INFORMATION);
    if (information.isPresent()) {
      ByteView value = information.get().value();
      int flags = value.u16(10);
      dirty = (flags & DIRTY) != 0;
      details.put("version", value.u8(8) + "." + value.u8(9));
      details.put("volume flags", String.format(Locale.ROOT, "0x%04x", flags));
      if ((flags & MODIFIED_BY_CHKDSK) != 0) {
        details.put("chkdsk", "has changed the volume");
      }
    }
  }

  /**
   * Whether the log says that the volume was in use when it was last written, by the newer of its
   * two restart pages.
   */
  private void log() throws IOException {
    ByteSource log = stream(NtfsVolume.LOG_FILE);
    String state = "empty";
    long newest = -1;
    for (int page = 0; page < 2 && log.size() >= (page + 1L) * LOG_PAGE; page++) {
      ByteView view =
          log.view(
              "$LogFile restart page", (long) page * LOG_PAGE, LOG_PAGE, ByteOrder.LITTLE_ENDIAN);
      if (!view.startsWith(0, "CHKD") && !view.startsWith(0, "RSTR")) {
        continue;
      }
      int area = view.u16(0x18);
      long sequence = view.u64(area);
      if (sequence > newest) {
        newest = sequence;
        boolean clean =
            view.u16(area + 12) == LOG_NO_CLIENT || (view.u16(area + 14) & LOG_CLEAN) != 0;
        logInUse = !clean;
        state = clean ? "clean" : "in use";
      }
    }
    details.put("log", state);
  }

  private void hibernation() throws IOException {
    Optional<Node> file = tree.root().child(HIBERNATION_FILE);
    if (file.isEmpty()) {
      details.put("hibernation", "no hiberfil.sys");
      return;
    }
    ByteSource content = file.get().content();
    if (content.size() < HIBERNATION_HEADER) {
      details.put("hibernation", "unknown: hiberfil.sys has " + content.size() + " bytes");
      return;
    }
    ByteView head = content.view(HIBERNATION_FILE, 0, 4, ByteOrder.LITTLE_ENDIAN);
    String magic =
        new String(head.bytes(0, 4), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    details.put(
        "hibernation",
        switch (magic) {
          case "hibr" -> "hibernated";
          case "wake", "rstr" -> "woken";
          default -> "none";
        });
  }

  /** The copy of the boot sector, in the sector behind those that the volume counts. */
  private void backup() throws IOException {
    BootSector boot = volume.boot();
    long at = boot.totalSectors() * boot.bytesPerSector();
    if (at > volumeSize - BootSector.LENGTH) {
      return;
    }
    ByteView copy =
        volume.metadata().view("boot sector copy", at, BootSector.LENGTH, ByteOrder.LITTLE_ENDIAN);
    ByteView first =
        volume.metadata().view("boot sector", 0, BootSector.LENGTH, ByteOrder.LITTLE_ENDIAN);
    boolean same =
        ByteBuffer.wrap(copy.bytes(0, BootSector.LENGTH))
            .equals(ByteBuffer.wrap(first.bytes(0, BootSector.LENGTH)));
    details.put("boot sector copy", same ? "same" : "different");
  }

  private ByteSource stream(long number) throws IOException {
    return volume.file(number).stream(volume, "");
  }

  /** Counts the clear bits of the bitmap, of clusters that the volume really has. */
  private long freeClusters() throws IOException {
    long[] free = {0};
    attempt(() -> {
      ByteSource bitmap = stream(NtfsVolume.BITMAP);
      long clusters = volume.clusters();
      ByteBuffer block = ByteBuffer.allocate(1 << 18);
      for (long at = 0; at * 8 < clusters; at += block.capacity()) {
        block.clear().limit((int) Math.min(block.capacity(), (clusters + 7) / 8 - at));
        bitmap.read(at, block);
        block.flip();
        int last = block.limit() - 1;
        long padding = Math.max(0, (at + block.limit()) * 8 - clusters);
        block.put(last, (byte) (block.get(last) | 0xff << 8 - padding));
        while (block.hasRemaining()) {
          free[0] += 8 - Integer.bitCount(Byte.toUnsignedInt(block.get()));
        }
      }
    });
    return free[0];
  }
}
