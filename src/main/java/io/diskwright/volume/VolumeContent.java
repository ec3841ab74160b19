package io.diskwright.volume;

/**
 * What lies in a volume, told by its content alone.
 *
 * @param type in blkid's words: {@code ext4}, {@code xfs}, {@code ntfs}, {@code vfat}, {@code
 *     swap}, {@code LVM2_member}, {@code crypto_LUKS}, {@code BitLocker}, {@code
 *     linux_raid_member}, …
 * @param label the volume's label, empty when it has none
 * @param uuid the volume's UUID or serial number as blkid prints it, empty when it has none
 */
public record VolumeContent(String type, String label, String uuid) {}
