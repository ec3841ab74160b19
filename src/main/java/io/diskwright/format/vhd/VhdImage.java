package io.diskwright.format.vhd;

import io.diskwright.disk.DiskImage;
import io.diskwright.vhd.VhdFooter;

/** A VHD of any type, which as a parent is known by its footer. */
sealed interface VhdImage extends DiskImage permits FixedVhd, DynamicVhd, DifferencingVhd {

  /** The footer that counts. */
  VhdFooter footer();
}
