package io.diskwright.io;

/**
 * A stretch of a file that is stored throughout, or a hole throughout.
 *
 * @param hole whether it reads as zeros because nothing is stored
 * @param length bytes, at least 1
 */
public record Run(boolean hole, long length) {}
