package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import io.diskwright.source.Content;
import io.diskwright.source.Content.Wrapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An image that was taken out of wrappers, whose own bytes can be read at any offset. */
final class UnwrappedImage implements DiskImage {

  private final DiskImage image;
  private final ByteSource container;
  private final Wrapping wrapping;

  UnwrappedImage(DiskImage image, ByteSource container, Wrapping wrapping) {
    this.image = image;
    this.container = container;
    this.wrapping = wrapping;
  }

  @Override
  public ImageInfo info() {
    return image.info().in(wrapping.layers());
  }

  @Override
  public Optional<ByteSource> container() {
    return Optional.of(container);
  }

  @Override
  public boolean promises() {
    return wrapping.check() != Content.Check.NONE;
  }

  @Override
  public void verifyWrapping(BooleanSupplier cancelled) throws IOException {
    wrapping.check().run(cancelled);
  }

  @Override
  public long size() {
    return image.size();
  }

  @Override
  public String describe() {
    return image.describe();
  }

  @Override
  public Extent extentAt(long offset, long limit) throws IOException {
    return image.extentAt(offset, limit);
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    image.read(offset, target);
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
