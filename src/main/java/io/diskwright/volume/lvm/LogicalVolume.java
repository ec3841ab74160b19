package io.diskwright.volume.lvm;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ImageException;
import io.diskwright.volume.VolumeContent;
import java.util.Optional;

/**
 * A logical volume.
 *
 * @param volumeGroup the name of its volume group
 * @param name without the volume group's
 * @param uuid as LVM prints it
 * @param size bytes, 0 when that is not known
 * @param disk its bytes; empty when they cannot be read. Closing it is not needed
 * @param content what lies in it, empty when nothing known does
 * @param refusal why it cannot be read; empty when it can
 */
public record LogicalVolume(
    String volumeGroup,
    String name,
    String uuid,
    long size,
    Optional<VirtualDisk> disk,
    Optional<VolumeContent> content,
    Optional<ImageException> refusal) {}
