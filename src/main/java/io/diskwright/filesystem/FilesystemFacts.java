package io.diskwright.filesystem;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a filesystem says of itself, and what a few reads tell of its integrity.
 *
 * @param type in blkid's words
 * @param label empty when it has none
 * @param uuid UUID or serial number as blkid prints it, empty when it has none
 * @param blockSize bytes of a block or cluster
 * @param size bytes the filesystem claims; more than the volume's is a problem
 * @param volumeSize bytes of the volume it lies in
 * @param freeBlocks blocks or clusters not in use
 * @param inodes how many there can be; empty where that is not fixed
 * @param freeInodes how many are free; empty where that is not known
 * @param clean whether it says that it was unmounted cleanly
 * @param errors whether it says that errors were found in it
 * @param orphans files without a name that a mount would remove, as far as that is written down
 * @param features in the words of the filesystem's own tools
 * @param details facts of this filesystem alone, by name, for people and rules: {@code log}, {@code
 *     hibernation}
 * @param problems what contradicts, cheaply told: checksums of the superblock and the groups
 */
public record FilesystemFacts(
    String type,
    String label,
    String uuid,
    int blockSize,
    long size,
    long volumeSize,
    long freeBlocks,
    OptionalLong inodes,
    OptionalLong freeInodes,
    boolean clean,
    boolean errors,
    Recovery recovery,
    long orphans,
    List<String> features,
    Map<String, String> details,
    List<Problem> problems) {}
