package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.io.ByteSource;
import java.io.IOException;

/** Recognises one image format by content and opens its images. Stateless. */
public interface ImageFormat {

  /**
   * The name users write and read: {@code qcow2}, {@code vmdk}, {@code vdi}, {@code vhd}, {@code
   * raw}.
   */
  String name();

  /** Whether these bytes are of this format, sound or broken. */
  boolean recognises(Probe probe) throws IOException;

  /**
   * Opens an image. The image owns {@code source} and every file it opens through {@code context}:
   * they are closed with it, or here when opening fails.
   *
   * @throws io.diskwright.io.ImageException when the image is refused
   */
  DiskImage open(ByteSource source, OpenContext context) throws IOException;
}
