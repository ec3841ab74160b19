package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * qcow2, versions 2 and 3, with everything that is needed to read the active disk: backing files,
 * compressed clusters (zlib and Zstandard), subclusters, encryption (LUKS1 and AES). External data
 * files are refused.
 */
public final class Qcow2Format implements ImageFormat {

  @Override
  public String name() {
    return "qcow2";
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, Header.MAGIC);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    DiskImage backing = null;
    try {
      int length = (int) Math.min(Header.MAX_LENGTH, source.size());
      ByteView view = source.view(Header.NAME, 0, length, ByteOrder.BIG_ENDIAN);
      Header header = Header.parse(view);
      BackingReference.checkPlace(header, source.describe());
      HeaderExtensions extensions = HeaderExtensions.read(source, header);
      Features features = Features.of(header, extensions.featureNames(), source.describe());
      L1Table l1 = L1Table.open(source, header, Layout.of(header, features), context.cache());
      MetadataMap metadata = MetadataMap.of(source, header, l1, context.cache());
      if (extensions.encryption().isPresent()) {
        metadata = metadata.with(source, extensions.encryption().get().region());
      }
      Optional<Encryption> encryption =
          Encryption.open(source, header, extensions, context.secretFile());
      var facts =
          new Facts(header, features, extensions, encryption, SnapshotTable.read(source, header));

      Optional<BackingReference> reference = BackingReference.read(source, header);
      Referenced<DiskImage> referenced =
          reference.isEmpty() ? null : openBacking(reference.get(), extensions, context);
      backing = referenced == null ? null : referenced.opened();
      var map =
          new ClusterMap(
              source,
              l1,
              metadata,
              context.cache(),
              features.compression().codec(),
              encryption.map(Encryption::decryption).orElse(null),
              backing);
      return new Qcow2Image(source, header.size(), map, backing, facts.info(reference, referenced));
    } catch (IOException | RuntimeException e) {
      close(source, backing, e);
      throw e;
    }
  }

  private static Referenced<DiskImage> openBacking(
      BackingReference reference, HeaderExtensions extensions, OpenContext context)
      throws IOException {
    return context.openImage(
        "backing",
        reference.name(),
        reference.offset(),
        extensions.backingFormat().map(Qcow2Format::formatName));
  }

  /** qemu calls VHD by the name of the product it came from. */
  private static String formatName(String qemuName) {
    return qemuName.equals("vpc") ? "vhd" : qemuName;
  }

  private static void close(ByteSource source, @Nullable DiskImage backing, Exception reason) {
    try (source;
        backing) {
      // both are closed whatever happens
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
