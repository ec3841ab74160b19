/** VHDX, the format of Hyper-V since 2012, as MS-VHDX specifies it. */
@NullMarked
package io.diskwright.format.vhdx;

import org.jspecify.annotations.NullMarked;
