/** The guest-visible disk and its extents: what every format maps to and every consumer reads. */
@NullMarked
package io.diskwright.disk;

import org.jspecify.annotations.NullMarked;
