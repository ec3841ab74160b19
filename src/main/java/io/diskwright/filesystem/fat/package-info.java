/** Reads FAT12, FAT16 and FAT32 with long names, as Microsoft's specification 1.03 has them. */
@NullMarked
package io.diskwright.filesystem.fat;

import org.jspecify.annotations.NullMarked;
