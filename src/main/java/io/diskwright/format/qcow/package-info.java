/** QEMU's first qcow, version 1. */
@NullMarked
package io.diskwright.format.qcow;

import org.jspecify.annotations.NullMarked;
