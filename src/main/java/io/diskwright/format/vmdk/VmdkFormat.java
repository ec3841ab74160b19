package io.diskwright.format.vmdk;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.util.Optional;

/**
 * VMDK: a text descriptor over flat, sparse and zero extents, or one sparse file that holds its
 * descriptor. An extent of plain bytes has no mark of its own: alone, it is RAW.
 */
public final class VmdkFormat implements ImageFormat {

  @Override
  public String name() {
    return "vmdk";
  }

  @Override
  public boolean recognises(Probe probe) throws IOException {
    return probe.head().startsWith(0, SparseHeader.MAGIC)
        || probe.head().startsWith(0, CowdHeader.MAGIC)
        || probe.head().startsWith(0, SeSparseHeader.MAGIC)
        || DescriptorProbe.startsHere(probe.head(), probe.size());
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    var files = new ExtentFiles(source, context);
    try {
      return new VmdkOpener(files, context).open();
    } catch (IOException | RuntimeException e) {
      try {
        files.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  @Override
  public Optional<ForwardDisk> openForward(ForwardSource source, OpenContext context)
      throws IOException {
    try {
      return StreamOpener.open(source);
    } catch (IOException | RuntimeException e) {
      try {
        source.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }
}
