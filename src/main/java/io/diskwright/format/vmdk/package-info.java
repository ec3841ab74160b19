/** VMware's VMDK: descriptors, hosted sparse and streamOptimized extents. */
@NullMarked
package io.diskwright.format.vmdk;

import org.jspecify.annotations.NullMarked;
