package io.diskwright.format.vhdx;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * VHDX, the format of Hyper-V: fixed, dynamic and differencing images, with sectors of 512 and 4096
 * bytes. A log that is not empty is replayed in memory; the file is never written.
 */
public final class VhdxFormat implements ImageFormat {

  static final String NAME = "vhdx";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, FileTypeIdentifier.SIGNATURE);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    Parent parent = null;
    try {
      source.checkInside("header section", 0, Region.HEADER_SECTION.length());
      var identifier =
          FileTypeIdentifier.parse(
              source.view(
                  FileTypeIdentifier.NAME, 0, FileTypeIdentifier.SIZE, ByteOrder.LITTLE_ENDIAN));
      Headers headers = Headers.read(source);
      Header header = headers.current();
      Replay replay = Replay.of(source, header);
      ByteSource image = replay.image();
      Regions regions = Regions.read(image, header);
      Metadata metadata = Metadata.read(image, regions.metadata());
      var table = BlockAllocationTable.open(image, regions, metadata, context.cache());
      BlockAllocationTable.BlockCounts blocks = table.check();
      List<Anomaly> damaged =
          Stream.concat(headers.damaged().stream(), regions.damaged().stream()).toList();
      var facts = new Facts(identifier, header, metadata, replay, blocks, damaged);
      if (metadata.parentLocator().isPresent()) {
        parent = Parent.open(metadata.parentLocator().get(), metadata, context);
      }
      var map =
          new BlockMap(
              image, table, metadata, context.cache(), parent == null ? null : parent.image());
      return new VhdxImage(image, facts, map, parent);
    } catch (IOException | RuntimeException e) {
      close(source, parent, e);
      throw e;
    }
  }

  private static void close(ByteSource source, @Nullable Parent parent, Exception reason) {
    try (source;
        DiskImage below = parent == null ? null : parent.image()) {
      // both are closed whatever happens
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
