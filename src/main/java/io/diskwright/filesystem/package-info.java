/**
 * Read-only {@code java.nio.file} file systems over the bytes of a volume; each filesystem has a
 * package of its own, which gives a {@link io.diskwright.filesystem.FileTree}.
 */
@NullMarked
package io.diskwright.filesystem;

import org.jspecify.annotations.NullMarked;
