/** Partition tables and what lies in the partitions, told by content. */
@NullMarked
package io.diskwright.volume;

import org.jspecify.annotations.NullMarked;
