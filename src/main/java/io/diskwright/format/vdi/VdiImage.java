package io.diskwright.format.vdi;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A VDI. Dynamic and static images differ in nothing that matters here: where each block lies is
 * the block map's word.
 */
final class VdiImage extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final VdiHeader header;
  private final BlockMap map;

  private VdiImage(ByteSource source, VdiHeader header, BlockMap map) {
    this.source = source;
    this.header = header;
    this.map = map;
  }

  static VdiImage open(ByteSource source, PageCache cache) throws IOException {
    VdiHeader header =
        VdiHeader.parse(source.view(VdiHeader.NAME, 0, VdiHeader.SIZE, ByteOrder.LITTLE_ENDIAN));
    return new VdiImage(source, header, BlockMap.open(source, header, cache));
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
    return new ImageInfo(
        "vdi",
        header.u32Type() == VdiHeader.FIXED ? "static" : "dynamic",
        size(),
        OptionalLong.of(header.cbBlock()),
        creator(),
        List.of(),
        List.of(),
        List.of(),
        details());
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
    return data < 0
        ? new Extent.Zero(offset, length, data == BlockMap.ZERO)
        : new Extent.Data(offset, length, source, data + inBlock);
  }

  @Override
  protected void closeFiles() throws IOException {
    source.close();
  }
}
