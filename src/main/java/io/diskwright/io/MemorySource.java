package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes in memory: patched sectors, and images in tests. */
public final class MemorySource implements ByteSource {

  private final String name;
  private final byte[] bytes;

  /** Takes the array as it is; the caller does not change it afterwards. */
  public MemorySource(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    target.put(bytes, (int) offset, target.remaining());
  }

  @Override
  public String describe() {
    return name;
  }
}
