package io.diskwright.volume;

import java.util.Optional;

/**
 * A range of a disk that may hold a filesystem or something like it.
 *
 * @param partition the partition it is, empty for a whole disk without a table
 * @param start first guest byte
 * @param length bytes that lie on the disk, fewer than the partition claims when it leaves it; 0
 *     when it starts past the end
 * @param content what lies in it, empty when nothing known does
 */
public record Volume(
    Optional<Partition> partition, long start, long length, Optional<VolumeContent> content) {}
