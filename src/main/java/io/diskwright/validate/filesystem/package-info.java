/** Rules about the filesystems on a disk. */
@NullMarked
package io.diskwright.validate.filesystem;

import org.jspecify.annotations.NullMarked;
