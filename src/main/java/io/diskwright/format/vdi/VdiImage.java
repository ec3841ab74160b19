package io.diskwright.format.vdi;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.disk.MappedDisk;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A VDI. Dynamic and static images differ in nothing that matters here: where each block lies is
 * the block map's word. In a differencing image a free block is the parent's. Closing it closes the
 * whole chain.
 */
final class VdiImage extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final VdiHeader header;
  private final BlockMap map;
  private final @Nullable Referenced<VdiImage> parent;

  private VdiImage(
      ByteSource source, VdiHeader header, BlockMap map, @Nullable Referenced<VdiImage> parent) {
    this.source = source;
    this.header = header;
    this.map = map;
    this.parent = parent;
  }

  /** Opens an image and its parents; the caller closes {@code source} when that fails. */
  static VdiImage open(ByteSource source, OpenContext context) throws IOException {
    VdiHeader header =
        VdiHeader.parse(source.view(VdiHeader.NAME, 0, VdiHeader.SIZE, ByteOrder.LITTLE_ENDIAN));
    BlockMap map = BlockMap.open(source, header, context.cache());
    return new VdiImage(
        source,
        header,
        map,
        header.u32Type() == VdiHeader.DIFFERENCING
            ? ParentSearch.open(source, header, context)
            : null);
  }

  /** The header, by which an image is known as a parent. */
  VdiHeader header() {
    return header;
  }

  @Override
  public long size() {
    return header.cbDisk();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    var files = new ArrayList<ExternalFile>();
    if (parent != null) {
      ImageInfo below = parent.opened().info();
      files.add(parent.file());
      files.addAll(below.externalFiles());
    }
    return new ImageInfo(
        "vdi",
        subformat(),
        size(),
        OptionalLong.of(header.cbBlock()),
        creator(),
        List.of(),
        List.copyOf(files),
        List.of(),
        details());
  }

  private String subformat() {
    return parent != null
        ? "differencing"
        : header.u32Type() == VdiHeader.FIXED ? "static" : "dynamic";
  }

  /** The greeting without its frame of angle brackets. */
  private Optional<String> creator() {
    String text = Fault.printable(header.szFileInfo().strip());
    if (text.startsWith("<<<") && text.endsWith(">>>") && text.length() >= 6) {
      text = text.substring(3, text.length() - 3).strip();
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private Map<String, String> details() {
    var details = new LinkedHashMap<String, String>();
    details.put("version", (header.u32Version() >>> 16) + "." + (header.u32Version() & 0xFFFF));
    details.put("uuid", header.uuidCreate().toString());
    details.put("modification uuid", header.uuidModify().toString());
    if (parent != null) {
      details.put("parent uuid", header.uuidLinkage().toString());
    }
    if (!header.szComment().isBlank()) {
      details.put("comment", Fault.printable(header.szComment().strip()));
    }
    details.put("geometry", header.legacyGeometry());
    details.put("blocks", header.cBlocksAllocated() + " of " + header.cBlocks() + " allocated");
    return Collections.unmodifiableMap(details);
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    long inBlock = offset % header.cbBlock();
    long length = Math.min(limit, header.cbBlock() - inBlock);
    long data = map.dataOffset(offset / header.cbBlock());
    if (data == BlockMap.FREE && parent != null) {
      return parentAt(parent.opened(), offset, length);
    }
    return data < 0
        ? new Extent.Zero(offset, length, data == BlockMap.ZERO)
        : new Extent.Data(offset, length, source, data + inBlock);
  }

  /** A parent may be smaller; what lies past its end was never written. */
  private static Extent parentAt(VdiImage parent, long offset, long length) throws IOException {
    return offset < parent.size()
        ? parent.extentAt(offset, Math.min(length, parent.size() - offset))
        : new Extent.Zero(offset, length, false);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (source;
        VdiImage below = parent == null ? null : parent.opened()) {
      // both are closed even when one fails
    }
  }
}
