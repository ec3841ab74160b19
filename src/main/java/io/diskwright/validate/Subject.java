package io.diskwright.validate;

import io.diskwright.disk.DiskImage;
import java.nio.file.Path;

/**
 * What is validated.
 *
 * @param file the image as the user named it; read again where a rule is about the container
 * @param disk the image opened; the caller closes it
 * @param profile whose requirements
 * @param deep whether the structures of the filesystems are walked, which may take minutes
 */
public record Subject(Path file, DiskImage disk, Profile profile, boolean deep) {

  /** A quick look. */
  public Subject(Path file, DiskImage disk, Profile profile) {
    this(file, disk, profile, false);
  }
}
