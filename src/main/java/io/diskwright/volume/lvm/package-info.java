/**
 * Logical volumes of Linux's LVM2, read from the text that its physical volumes keep, after {@code
 * lvm2}'s documentation of the on-disk format.
 */
@NullMarked
package io.diskwright.volume.lvm;

import org.jspecify.annotations.NullMarked;
