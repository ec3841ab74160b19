/** Changing a disk on its way out: growing it with its partition table. */
@NullMarked
package io.diskwright.prepare;

import org.jspecify.annotations.NullMarked;
