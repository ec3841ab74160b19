/** Virtual PC's and Hyper-V's VHD, read. */
@NullMarked
package io.diskwright.format.vhd;

import org.jspecify.annotations.NullMarked;
