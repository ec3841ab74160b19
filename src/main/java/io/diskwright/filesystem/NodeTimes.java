package io.diskwright.filesystem;

import java.time.Instant;
import java.util.Optional;

/**
 * The times of a node.
 *
 * @param modified of its content
 * @param accessed of its content
 * @param changed of its inode; as modified where a filesystem does not keep it
 * @param created empty where a filesystem does not keep it
 */
public record NodeTimes(
    Instant modified, Instant accessed, Instant changed, Optional<Instant> created) {}
