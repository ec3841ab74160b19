/** QEMU's enhanced disk format. */
@NullMarked
package io.diskwright.format.qed;

import org.jspecify.annotations.NullMarked;
