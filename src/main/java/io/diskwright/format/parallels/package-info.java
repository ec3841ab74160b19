/** The expanding images of Parallels and of Virtuozzo's ploop. */
@NullMarked
package io.diskwright.format.parallels;

import org.jspecify.annotations.NullMarked;
