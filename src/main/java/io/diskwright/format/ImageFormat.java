package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.util.Optional;

/** Recognises one image format by content and opens its images. Stateless. */
public interface ImageFormat {

  /**
   * The name users write and read: {@code qcow2}, {@code vmdk}, {@code vdi}, {@code vhd}, {@code
   * vhdx}, {@code raw}.
   */
  String name();

  /** Whether these bytes are of this format, sound or broken. */
  boolean recognises(Probe probe) throws IOException;

  /**
   * Whether {@link #open} heeds {@link OpenContext#snapshot}. For other formats a wish to read a
   * snapshot is refused before they open anything.
   */
  default boolean readsSnapshots() {
    return false;
  }

  /**
   * Opens an image. The image owns {@code source} and every file it opens through {@code context}:
   * they are closed with it, or here when opening fails.
   *
   * @throws io.diskwright.io.ImageException when the image is refused
   */
  DiskImage open(ByteSource source, OpenContext context) throws IOException;

  /**
   * Opens an image whose bytes come once and in order. The disk owns {@code source}; when this
   * answers or throws, nothing else closes it.
   *
   * @return empty when images of this format, or this one, cannot be read so; {@code source} is
   *     then as it was, open and with nothing taken from it
   * @throws io.diskwright.io.ImageException when the image is refused
   */
  default Optional<ForwardDisk> openForward(ForwardSource source, OpenContext context)
      throws IOException {
    return Optional.empty();
  }
}
