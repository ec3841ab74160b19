/**
 * ext2, ext3 and ext4, read after "The Second Extended File System" and the kernel's documentation
 * of ext4.
 */
@NullMarked
package io.diskwright.filesystem.ext;

import org.jspecify.annotations.NullMarked;
