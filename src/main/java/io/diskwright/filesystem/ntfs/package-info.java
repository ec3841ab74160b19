/**
 * NTFS 3.x, read after Microsoft's [MS-FSCC] and [MS-XCA] and the Linux-NTFS project's
 * documentation.
 */
@NullMarked
package io.diskwright.filesystem.ntfs;

import org.jspecify.annotations.NullMarked;
