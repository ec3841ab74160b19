/** The on-disk structures of VHD that both the reader and the writer use. */
@NullMarked
package io.diskwright.vhd;

import org.jspecify.annotations.NullMarked;
