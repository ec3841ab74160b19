/**
 * Which operating system lies under a root directory, told by its files. Paths may be of any file
 * system; for a foreign guest it must be one that resolves links inside the guest, as {@link
 * io.diskwright.filesystem.TreeFileSystem} does.
 */
@NullMarked
package io.diskwright.guest.os;

import org.jspecify.annotations.NullMarked;
