package io.diskwright.volume;

/**
 * What is wrong with a partition table.
 *
 * @param fatal whether it leaves the partitions in doubt; false when a sound copy was used or every
 *     operating system reads the table all the same
 * @param structure the structure or field at fault, in the specification's terms
 * @param offset guest bytes from the start of the disk
 * @param found what stands there
 * @param allowed what may stand there
 */
public record TableProblem(
    boolean fatal, String structure, long offset, String found, String allowed) {}
