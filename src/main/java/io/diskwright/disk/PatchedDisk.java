package io.diskwright.disk;

import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Another disk, seen larger and with some bytes replaced; nothing is written to it. What lies past
 * its end is zero. Closing this closes it.
 */
public final class PatchedDisk extends MappedDisk {

  private final VirtualDisk base;
  private final long size;
  private final TreeMap<Long, MemorySource> patches = new TreeMap<>();

  /**
   * @param size bytes, at least the base's
   * @param patches in any order; they lie on the disk and do not overlap
   * @throws IllegalArgumentException when they do, or the size is too small; the base stays open
   */
  public PatchedDisk(VirtualDisk base, long size, List<Patch> patches) {
    if (size < base.size()) {
      throw new IllegalArgumentException("size " + size + " below " + base.size());
    }
    this.base = base;
    this.size = size;
    for (Patch patch : patches) {
      byte[] bytes = patch.bytes();
      if (patch.offset() < 0 || patch.offset() > size || bytes.length > size - patch.offset()) {
        throw new IllegalArgumentException("patch at " + patch.offset() + " leaves the disk");
      }
      if (bytes.length > 0) {
        var source = new MemorySource(base.describe() + "[changed]", bytes);
        if (this.patches.put(patch.offset(), source) != null) {
          throw new IllegalArgumentException("two patches at " + patch.offset());
        }
      }
    }
    checkApart();
  }

  private void checkApart() {
    long end = 0;
    for (Map.Entry<Long, MemorySource> patch : patches.entrySet()) {
      if (patch.getKey() < end) {
        throw new IllegalArgumentException("patches overlap at " + patch.getKey());
      }
      end = patch.getKey() + patch.getValue().size();
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return base.describe();
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    Map.Entry<Long, MemorySource> patch = patches.floorEntry(offset);
    if (patch != null) {
      long skip = offset - patch.getKey();
      long left = patch.getValue().size() - skip;
      if (left > 0) {
        return new Extent.Data(offset, Math.min(left, limit), patch.getValue(), skip);
      }
    }
    Long next = patches.higherKey(offset);
    long length = next == null ? limit : Math.min(limit, next - offset);
    return offset < base.size()
        ? base.extentAt(offset, Math.min(length, base.size() - offset))
        : new Extent.Zero(offset, length, true);
  }

  @Override
  protected void closeFiles() throws IOException {
    base.close();
  }
}
